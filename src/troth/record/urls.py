from __future__ import annotations

from django.urls import path

from troth.record import verifying

app_name = "record"
urlpatterns = [
    path("verify", verifying.verify, name="verify"),
]

from __future__ import annotations

from django.urls import path

from troth.clocks import desk

app_name = "clocks"
urlpatterns = [
    path("", desk.targets, name="targets"),
]

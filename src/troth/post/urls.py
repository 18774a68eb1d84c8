from __future__ import annotations

from django.urls import path

from troth.post import desk

app_name = "post"
urlpatterns = [
    path("", desk.letters, name="letters"),
    path("<int:pk>/again/", desk.again, name="again"),
]

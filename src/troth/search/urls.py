from __future__ import annotations

from django.urls import path

from troth.search import desk

app_name = "search"
urlpatterns = [
    path("", desk.search_page, name="page"),
    path("like/<int:number>/", desk.like_page, name="like"),
]

from __future__ import annotations

from django.urls import path

from troth.promises import desk

app_name = "promises"
urlpatterns = [
    path("", desk.promises_list, name="list"),
    path("<int:pk>/", desk.promise_page, name="promise"),
    path("<int:pk>/keep/", desk.keep, name="keep"),
    path("<int:pk>/move/", desk.move, name="move"),
    path("<int:pk>/release/", desk.release, name="release"),
    path("<int:pk>/void/", desk.void, name="void"),
    path("<int:pk>/own/", desk.own, name="own"),
    path("<int:pk>/confirm/", desk.confirm, name="confirm"),
]

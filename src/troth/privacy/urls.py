from __future__ import annotations

from django.urls import path

from troth.privacy import desk

app_name = "privacy"
urlpatterns = [
    path("privacy/", desk.register, name="register"),
    path("privacy/erasures/<int:pk>/", desk.erasure, name="erasure"),
    path("privacy/requests/<int:pk>/refuse/", desk.refuse, name="refuse"),
    path("privacy/holds/<int:pk>/lift/", desk.lift, name="lift"),
    path("customers/<int:pk>/held/", desk.held, name="held"),
    path("customers/<int:pk>/held/export.zip", desk.handed_out, name="export"),
    path("customers/<int:pk>/held/erase/", desk.erase, name="erase"),
    path("customers/<int:pk>/held/asked/", desk.asked, name="asked"),
    path("customers/<int:pk>/held/hold/", desk.hold, name="hold"),
]

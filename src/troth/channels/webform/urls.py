from __future__ import annotations

from django.urls import path

from troth.channels.webform import portal

app_name = "webform"
urlpatterns = [
    path("", portal.form, name="form"),
    path("sent/", portal.sent, name="sent"),
]

from __future__ import annotations

from django.urls import path

from troth.hooks import desk

app_name = "hooks"
urlpatterns = [
    path("", desk.endpoints, name="list"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", desk.endpoint, name="endpoint"),
    path("<int:pk>/change/", desk.change, name="change"),
    path("<int:pk>/test/", desk.try_it, name="test"),
    path("<int:pk>/secret/", desk.exchange_secret, name="secret"),
    path("<int:pk>/off/", desk.switch_off, name="off"),
    path("<int:pk>/on/", desk.switch_on, name="on"),
    path("<int:pk>/since/", desk.send_since, name="since"),
    path("<int:pk>/remove/", desk.remove, name="remove"),
    path("sent/<int:pk>/again/", desk.send_again, name="again"),
]

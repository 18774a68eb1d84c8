from __future__ import annotations

from django.urls import path

from troth.people import desk, entering, keyring, opening, own, security

app_name = "people"
urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/sessions/end/", own.end_others, name="end_others"),
    path("me/sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("security/", security.security, name="security"),
    path("staff/", desk.staff, name="staff"),
    path("staff/invite/", desk.invite, name="invite"),
    path("staff/invites/<int:pk>/again/", desk.invite_again, name="invite_again"),
    path("staff/invites/<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
    path("staff/factors/", desk.require_factors, name="require_factors"),
    path("staff/receipts/", desk.enclose_receipts, name="enclose_receipts"),
    path("staff/<int:pk>/", desk.person, name="person"),
    path("staff/<int:pk>/change/", desk.change, name="change"),
    path("staff/<int:pk>/close/", desk.close, name="close"),
    path("staff/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("staff/<int:pk>/sign-out/", desk.end_sessions, name="end_sessions"),
    path("hours/", opening.hours, name="hours"),
    path("hours/<int:pk>/", opening.change, name="hours_change"),
    path("hours/<int:pk>/remove/", opening.remove, name="hours_remove"),
    path("keys/", keyring.keyring, name="keys"),
    path("keys/make/", keyring.make, name="make_key"),
    path("keys/<int:pk>/revoke/", keyring.revoke, name="revoke_key"),
    path("invite/<str:token>/", entering.invited, name="invited"),
    path("set-up/<str:token>/", entering.set_up, name="set_up"),
]

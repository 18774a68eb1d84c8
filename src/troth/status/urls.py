from __future__ import annotations

from django.urls import path

from troth.status import desk, portal, subscribing

app_name = "status"
urlpatterns = [
    path("status/", portal.front, name="front"),
    path("status/history/", portal.history, name="history"),
    path("status/history/<str:month>/", portal.month, name="month"),
    path("status/incidents/<uuid:public_id>/", portal.incident, name="incident"),
    path("status/feed.atom", portal.feed, name="feed"),
    path("status/planned.ics", portal.calendar, name="calendar"),
    path("status/status.json", portal.plain, name="plain"),
    path("status/subscribe/", subscribing.subscribe, name="subscribe"),
    path("status/subscribe/asked/", subscribing.asked, name="asked"),
    path("status/yours/<str:token>/", subscribing.yours, name="yours"),
    path("status/yours/<str:token>/end/", subscribing.one_click, name="one_click"),
    path("status-page/", desk.arrange, name="arrange"),
    path("status-page/<str:kind>/new/", desk.add, name="add"),
    path("status-page/<str:kind>/<int:pk>/", desk.change, name="change"),
    path("status-page/subscribers/end/", desk.take_out, name="take_out"),
    path("status-page/planned/", desk.plan, name="plan"),
    path("status-page/planned/<int:pk>/change/", desk.planned, name="planned"),
]

from __future__ import annotations

from django.urls import path

from troth.channels.chat import desk, visitor

app_name = "chat"
urlpatterns = [
    path("widget.js", visitor.widget, name="widget"),
    path("to/<str:key>/", visitor.frame, name="frame"),
    path("to/<str:key>/hello/", visitor.hello, name="hello"),
    path("to/<str:key>/begin/", visitor.begin, name="begin"),
    path("to/<str:key>/say/", visitor.say, name="say"),
    path("to/<str:key>/told/", visitor.told, name="told"),
    path("to/<str:key>/address/", visitor.address, name="address"),
    path("to/<str:key>/seen/", visitor.seen, name="seen"),
    path("to/<str:key>/writing/", visitor.writing, name="writing"),
    path("to/<str:key>/transcript/", visitor.transcript, name="transcript"),
    path("", desk.sites, name="sites"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", desk.site, name="site"),
    path("<int:pk>/try/", desk.try_it, name="try"),
]

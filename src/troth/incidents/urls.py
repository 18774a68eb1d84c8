from __future__ import annotations

from django.urls import path

from troth.incidents import desk

app_name = "incidents"
urlpatterns = [
    path("", desk.incidents_list, name="list"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", desk.incident_page, name="incident"),
    path("<int:pk>/write/", desk.write, name="write"),
    path("<int:pk>/drafts/<int:number>/", desk.read_draft, name="draft"),
    path("<int:pk>/drafts/<int:number>/answer/", desk.answer_draft, name="answer_draft"),
    path("<int:pk>/note/", desk.note, name="note"),
    path("<int:pk>/change/", desk.change, name="change"),
    path("<int:pk>/mine/", desk.take_over, name="mine"),
    path("<int:pk>/cases/<int:number>/out/", desk.take_out, name="take_out"),
    path("<int:pk>/lines/<int:entry>/", desk.change_words, name="words"),
]

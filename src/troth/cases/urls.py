from __future__ import annotations

from django.urls import path

from troth.cases import desk

app_name = "cases"
urlpatterns = [
    path("", desk.cases_list, name="list"),
    path("new/", desk.new, name="new"),
    path("<int:number>/", desk.case_page, name="case"),
    path("<int:number>/reply/", desk.reply, name="reply"),
    path("<int:number>/undo/", desk.undo, name="undo"),
    path("<int:number>/note/", desk.note, name="note"),
    path("<int:number>/draft/", desk.draft, name="draft"),
    path("<int:number>/read/", desk.read, name="read"),
    path("<int:number>/assign/", desk.assign, name="assign"),
    path("<int:number>/status/", desk.status, name="status"),
    path("<int:number>/kind/", desk.kind, name="kind"),
    path("<int:number>/verify/", desk.verify, name="verify"),
    path("<int:number>/promise/", desk.promise, name="promise"),
    path("messages/<int:pk>/", desk.message_page, name="message"),
    path("messages/<int:pk>/body/", desk.body, name="body"),
    path("attachments/<int:pk>/", desk.attachment, name="attachment"),
]

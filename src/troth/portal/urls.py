from __future__ import annotations

from django.urls import path

from troth.portal import held, pages, receipts, remedies

app_name = "portal"
urlpatterns = [
    path("p/<str:token>/", pages.open_page, name="open"),
    path("my/", pages.mine, name="mine"),
    path("my/verdict/", pages.verdict, name="verdict"),
    path("my/remedy/", remedies.answer, name="remedy"),
    path("my/held/", held.held, name="held"),
    path("my/held/export.zip", held.export, name="export"),
    path("my/held/forget/", held.forget, name="forget"),
    path("my/held/keep/", held.keep, name="keep"),
    path("my/leave/", pages.leave, name="leave"),
    path("my/promises/<uuid:public_id>.ics", pages.calendar, name="calendar"),
    path("my/receipts/<int:entry>.txt", receipts.receipt, name="receipt"),
    path("my/receipts.zip", receipts.every, name="receipts"),
    path("my/cases/<int:number>/", pages.case, name="case"),
    path("my/cases/<int:number>/reply/", pages.reply, name="reply"),
    path("my/attachments/<int:pk>/", pages.attachment, name="attachment"),
]

from __future__ import annotations

from django.urls import path

from troth.cases.desk import again, attached, bulk, doing, files, listing, page, reading, snoozing, talk, views

app_name = "cases"
urlpatterns = [
    path("", listing.cases_list, name="list"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/mine/", bulk.acts, name="bulk_acts"),
    path("bulk/<int:pk>/", bulk.act, name="bulk_act"),
    path("bulk/<int:pk>/undo/", bulk.undo, name="bulk_undo"),
    path("views/", views.views, name="views"),
    path("views/counts/", listing.view_counts, name="view_counts"),
    path("views/save/", views.save, name="save_view"),
    path("views/<int:pk>/", views.change, name="change_view"),
    path("new/", talk.new, name="new"),
    path("<int:number>/", page.case_page, name="case"),
    path("<int:number>/reply/", doing.reply, name="reply"),
    path("<int:number>/undo/", doing.undo, name="undo"),
    path("<int:number>/note/", doing.note, name="note"),
    path("<int:number>/draft/", doing.draft, name="draft"),
    path("<int:number>/files/", files.put_in, name="files"),
    path("files/<int:pk>/", files.see, name="file"),
    path("files/<int:pk>/change/", files.change, name="change_file"),
    path("<int:number>/read/", doing.read, name="read"),
    path("<int:number>/assign/", doing.assign, name="assign"),
    path("<int:number>/status/", doing.status, name="status"),
    path("<int:number>/kind/", doing.kind, name="kind"),
    path("<int:number>/cause/", doing.cause, name="cause"),
    path("<int:number>/again/", again.say, name="again"),
    path("<int:number>/snooze/", snoozing.snooze, name="snooze"),
    path("<int:number>/wake/", snoozing.wake, name="wake"),
    path("<int:number>/verify/", doing.verify, name="verify"),
    path("<int:number>/promise/", doing.promise, name="promise"),
    path("messages/<int:pk>/", page.message_page, name="message"),
    path("messages/<int:pk>/reading/", reading.reading, name="reading"),
    path("messages/<int:pk>/reading/correct/", reading.correct, name="correct"),
    path("messages/<int:pk>/reading/undo/", reading.undo, name="undo_correction"),
    path("messages/<int:pk>/body/", attached.body, name="body"),
    path("attachments/<int:pk>/", attached.attachment, name="attachment"),
    path("attachments/<int:pk>/shown/", attached.shown, name="shown"),
]

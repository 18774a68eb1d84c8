from __future__ import annotations

from django.urls import path

from troth.breaches import desk

app_name = "breaches"
urlpatterns = [
    path("", desk.register, name="list"),
    path("register.pdf", desk.register_paper, name="register_pdf"),
    path("register.json", desk.register_json, name="register_json"),
    path("new/", desk.new, name="new"),
    path("authorities/", desk.authorities, name="authorities"),
    path("<int:pk>/", desk.breach_page, name="breach"),
    path("<int:pk>/file.pdf", desk.file_paper, name="file_pdf"),
    path("<int:pk>/file.json", desk.file_json, name="file_json"),
    path("<int:pk>/decide/", desk.decide, name="decide"),
    path("<int:pk>/exempt/", desk.exempt, name="exempt"),
    path("<int:pk>/exempt/<int:number>/back/", desk.take_back, name="take_back"),
    path("<int:pk>/document/", desk.document, name="document"),
    path("<int:pk>/aware/", desk.correct_aware, name="aware"),
    path("<int:pk>/controller/", desk.controller, name="controller"),
    path("<int:pk>/close/", desk.close, name="close"),
    path("<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("<int:pk>/report/", desk.report, name="report"),
    path("<int:pk>/report/<int:number>.pdf", desk.report_paper, name="report_pdf"),
    path("<int:pk>/report/<int:number>/receipt/", desk.receipt, name="receipt"),
    path("<int:pk>/letter/", desk.letter, name="letter"),
]

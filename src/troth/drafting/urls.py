from __future__ import annotations

from django.urls import path

from troth.drafting import desk

app_name = "drafting"
urlpatterns = [
    path("<int:number>/draft-by-model/", desk.panel, name="panel"),
    path("<int:number>/draft-by-model/ask/", desk.ask, name="ask"),
    path("<int:number>/draft-by-model/cancel/", desk.cancel, name="cancel"),
    path("<int:number>/draft-by-model/take/", desk.take, name="take"),
]

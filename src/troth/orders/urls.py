from __future__ import annotations

from django.urls import path

from troth.orders import desk

app_name = "orders"
urlpatterns = [
    path("", desk.orders_list, name="list"),
    path("<int:pk>/", desk.order_page, name="order"),
    path("files/new/", desk.new_upload, name="new"),
    path("files/<int:pk>/", desk.upload_page, name="upload"),
    path("files/<int:pk>/columns/", desk.columns, name="columns"),
    path("files/<int:pk>/bring/", desk.bring, name="bring"),
    path("files/<int:pk>/throw-away/", desk.throw_away, name="throw_away"),
]

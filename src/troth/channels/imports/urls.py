from __future__ import annotations

from django.urls import path

from troth.channels.imports import desk, portal

app_name = "imports"
urlpatterns = [
    path("", desk.movings_page, name="list"),
    path("new/", desk.new, name="new"),
    path("<int:pk>/", desk.moving, name="moving"),
    path("<int:pk>/take/", desk.take, name="take"),
    path("<int:pk>/stop/", desk.stop, name="stop"),
    path("<int:pk>/undo/", desk.undo, name="undo"),
    path("hooks/new/", desk.new_hook, name="new_hook"),
    path("hooks/<int:pk>/", desk.hook, name="hook"),
    path("hooks/<int:pk>/switch/", desk.switch_hook, name="switch"),
    path("hooks/<str:source>/<int:pk>/", portal.called, name="called"),
]

from __future__ import annotations

from django.urls import path

from troth.record import desk, portal, resources, verifying

app_name = "record"
urlpatterns = [
    path("", portal.overview, name="overview"),
    path("entries/", portal.entries, name="entries"),
    path("entries/<int:position>/", portal.entry, name="entry"),
    path("entries/<int:position>/entry.json", portal.envelope, name="envelope"),
    path("entries/<int:position>/entry.tlog-proof", portal.proof, name="proof"),
    path("promises/<int:number>/", desk.promise, name="promise"),
    path("receipts/<int:entry>.txt", desk.receipt, name="receipt"),
    path("checkpoint", resources.checkpoint, name="checkpoint"),
    path("checkpoint/<str:size>", resources.checkpoint_of, name="checkpoint_of"),
    path("tile/entries/<path:place>", resources.entries, name="bundle"),
    path("tile/<str:level>/<path:place>", resources.tile, name="tile"),
    path("consistency/<str:old>/<str:new>", resources.consistency, name="consistency"),
    path("keys", resources.keys, name="keys"),
    path("verify", verifying.verify, name="verify"),
]

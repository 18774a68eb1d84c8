from __future__ import annotations

from django.urls import path

from troth.learning.desk import accuracy, checks, review

app_name = "learning"
urlpatterns = [
    path("", accuracy.accuracy, name="accuracy"),
    path("learn/", accuracy.learn, name="learn"),
    path("use/", accuracy.use, name="use"),
    path("corrections.jsonl", accuracy.export, name="export"),
    path("checks/", checks.checks, name="checks"),
    path("review/", review.review, name="review"),
    path("review/<int:pk>/", review.looked_at, name="looked_at"),
]

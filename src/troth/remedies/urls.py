from __future__ import annotations

from django.urls import path

from troth.remedies import desk

app_name = "remedies"
urlpatterns = [
    path("", desk.board, name="board"),
    path("policy/", desk.policy, name="policy"),
    path("given/", desk.proofs, name="proofs"),
    path("<int:pk>/", desk.remedy_page, name="remedy"),
    path("<int:pk>/authorise/", desk.authorise, name="authorise"),
    path("<int:pk>/refuse/", desk.refuse, name="refuse"),
    path("<int:pk>/accept/", desk.accept, name="accept"),
    path("<int:pk>/decline/", desk.decline, name="decline"),
    path("<int:pk>/give/", desk.give, name="give"),
    path("<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
]

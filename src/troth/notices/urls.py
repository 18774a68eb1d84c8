from __future__ import annotations

from django.urls import path

from troth.notices.desk import cohorts, telling, uploads

app_name = "notices"
COHORTS = [
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.new, name="new_cohort"),
    path("cohorts/count/", cohorts.count, name="count"),
    path("cohorts/<int:pk>/", cohorts.cohort, name="cohort"),
    path("cohorts/<int:pk>/change/", cohorts.change, name="change"),
    path("cohorts/<int:pk>/joins/", cohorts.keep_open, name="joins"),
    path("cohorts/<int:pk>/members.csv", cohorts.members_csv, name="members_csv"),
    path("members/<int:pk>/out/", cohorts.exclude, name="exclude"),
    path("members/<int:pk>/in/", cohorts.include, name="include"),
    path("lists/", uploads.lists, name="lists"),
    path("lists/<int:pk>/", uploads.one_list, name="list"),
    path("lists/<int:pk>/throw-away/", uploads.throw_away, name="throw_away"),
]
TELLING = [
    path("<int:pk>/", telling.notice_page, name="notice"),
    path("<int:pk>/act/", telling.act, name="act"),
    path("<int:pk>/by-hand.csv", telling.letters_csv, name="by_hand_csv"),
    path("<int:pk>/by-hand.pdf", telling.letters_paper, name="by_hand_pdf"),
    path("<int:pk>/recipients/<int:recipient>/", telling.told_by_hand, name="told_by_hand"),
]
urlpatterns = [*COHORTS, *TELLING]

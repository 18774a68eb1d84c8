from __future__ import annotations

from django.urls import path

from troth.desk import away, customers, going, lead, letters, teams, today
from troth.desk.rules.sheet import SHEETS

app_name = "desk"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("going/", going.going, name="going"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/merge/", customers.merge, name="merge"),
    path("customers/<int:pk>/links/", customers.revoke_links, name="revoke_links"),
    path("customers/<int:pk>/group/", customers.group, name="group"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<int:pk>/again/", letters.again, name="letter_again"),
    path("away/", away.away, name="away"),
    path("away/over/", away.hand_over, name="hand_over"),
    path("away/back/", away.hand_back, name="hand_back"),
    path("lead/", lead.lead, name="lead"),
    *(path(f"lead/{name}.csv", lead.sheet, {"name": name}, name=f"lead_{name}") for name in SHEETS),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/", teams.change, name="team"),
    path("customers/<int:pk>/unmerge/", customers.unmerge, name="unmerge"),
]

"""The pages of incidents: begun, filed, noted, put otherwise; what was typed is never lost."""

from __future__ import annotations

from typing import Any

from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import HOUR, NOW

from troth.incidents import actions
from troth.incidents.models import Entry, Incident
from troth.status.models import Component

FORM = {
    "title": "Parcels leave late",
    "sort": "late",
    "severity": "major",
    "cause": "late",
    "happened_at": "2026-11-11T08:00",
    "next_word_at": "2026-11-11T15:00",
}


def begun(shop: Shop, **values: Any) -> Incident:
    given: dict[str, Any] = {"title": "Parcels leave late", "sort": "late", "happened_at": NOW - HOUR, "by": shop.sam}
    return actions.begin(**given | {"next_word_at": NOW + 4 * HOUR, "now": NOW} | values)


def test_an_incident_is_begun_by_hand_with_the_cases_that_showed_it(shop: Shop) -> None:
    case, sam = shop.case(), signed_in(shop.sam)

    assert f"#{case.pk}" in page(sam, f"/incidents/new/?cases={case.pk}")
    answer = sam.post("/incidents/new/", {**FORM, "cases": str(case.pk)})

    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.pk}/"
    case.refresh_from_db()
    assert (case.incident, incident.owner, incident.cause) == (incident.ref, shop.sam, "late")
    shown = page(sam, f"/incidents/{incident.pk}/")
    assert "Parcels leave late" in shown
    assert "Nothing has been said yet" in shown
    assert "Parcels leave late" in page(sam, "/incidents/")


def test_the_form_names_what_the_public_page_has_parts_for(shop: Shop) -> None:
    lead = signed_in(shop.lea)
    assert "The public page has no parts yet" in page(lead, "/incidents/new/")

    Component.objects.create(name="Checkout", made_at=NOW)

    assert "With commas between, out of: Checkout" in page(lead, "/incidents/new/")


def test_what_cannot_be_hidden_or_put_otherwise_says_why(shop: Shop) -> None:
    incident, sam = begun(shop), signed_in(shop.sam)
    say = {"kind": "began", "words": "Late.", "happened_at": NOW, "next_word_at": NOW + 4 * HOUR}
    entry = actions.say(incident, in_public=True, by=shop.sam, now=NOW, **say)  # type: ignore[arg-type]

    hidden = sam.post(f"/incidents/{incident.pk}/change/", {**FORM, "title": "Hidden"})
    type(shop.team).objects.filter(pk=shop.team.pk).update(notices_want_second=True)
    changed = sam.post(f"/incidents/{incident.pk}/lines/{entry.pk}/", {"words": "On time."})

    assert (hidden.status_code, changed.status_code) == (422, 422)
    assert "it stays on the public page" in hidden.content.decode()
    assert "say it anew instead" in changed.content.decode()
    assert "On time." in changed.content.decode()


def test_what_was_typed_stays_where_something_is_missing(shop: Shop) -> None:
    answer = signed_in(shop.sam).post("/incidents/new/", {**FORM, "next_word_at": "2026-11-11T09:00"})

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The next word must lie ahead." in shown
    assert 'value="Parcels leave late"' in shown
    assert not Incident.objects.exists()


def test_words_put_otherwise_stay_struck_beside_the_new_ones(shop: Shop) -> None:
    incident, sam = begun(shop), signed_in(shop.sam)
    sam.post(f"/incidents/{incident.pk}/note/", {"words": "Ten parcels are late."})
    line = Entry.objects.get()

    answer = sam.post(f"/incidents/{incident.pk}/lines/{line.pk}/", {"words": "Twelve parcels are late."})

    assert "stays to be read" in said(answer)
    shown = page(sam, f"/incidents/{incident.pk}/")
    assert "<del>Ten</del><ins>Twelve</ins>" in shown
    refused = sam.post(f"/incidents/{incident.pk}/lines/{line.pk}/", {"words": "Eleven."})
    assert refused.status_code == 422
    assert "changed these words meanwhile" in refused.content.decode()


def test_it_is_filed_otherwise_and_taken_over(shop: Shop) -> None:
    incident, lea = begun(shop), signed_in(shop.lea)

    lea.post(f"/incidents/{incident.pk}/change/", {**FORM, "title": "Parcels leave two days late", "place": "Hull"})
    lea.post(f"/incidents/{incident.pk}/mine/")

    incident.refresh_from_db()
    assert (incident.title, incident.place, incident.owner) == ("Parcels leave two days late", "Hull", shop.lea)
    assert incident.next_word is not None
    assert incident.next_word.owner == shop.lea
    wrong = lea.post(f"/incidents/{incident.pk}/change/", {**FORM, "title": " ", "place": "Kept"})
    assert wrong.status_code == 422
    assert 'value="Kept"' in wrong.content.decode()

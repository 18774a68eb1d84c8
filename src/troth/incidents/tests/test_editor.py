"""The editor: what is typed is kept, read by a colleague where that is wanted, and said in one act, or not at all."""

from __future__ import annotations

from typing import Any

from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import HOUR, NOW, kinds

from troth.incidents import actions
from troth.incidents.models import Draft, Entry, Incident
from troth.notices.models import Cohort, Notice
from troth.people.models import Team
from troth.promises.models import Promise

FORM = {
    "texts": "1",
    "guided": "1",
    "kind": "began",
    "happened_at": "2026-11-11T09:00",
    "next_word_at": "2026-11-11T15:00",
    "text-0-language": "en",
    "text-0-subject": "Your parcel leaves late",
    "text-0-sorry": "We are sorry: we loaded the wrong lorry.",
    "text-0-happened": "Since Monday, parcels for Hull leave a day late.",
}


def begun(shop: Shop) -> tuple[Incident, Cohort]:
    incident = actions.begin(
        title="Parcels leave late",
        sort="late",
        happened_at=NOW - HOUR,
        next_word_at=NOW + 4 * HOUR,
        by=shop.sam,
        now=NOW,
    )
    conditions = {"at": "customer", "field": "group", "is": ["gold"]}
    cohort = Cohort.objects.create(about=incident.ref, conditions=conditions, made_at=NOW, frozen_at=NOW, digest="1")
    return incident, cohort


def form(cohort: Cohort | None = None, **values: Any) -> dict[str, Any]:
    return {**FORM, **({"cohorts": [str(cohort.pk)]} if cohort else {}), **values}


def test_what_is_typed_is_kept_and_looked_at_while_it_is_typed(shop: Shop) -> None:
    (incident, cohort), sam = begun(shop), signed_in(shop.sam)

    looked = sam.post(f"/incidents/{incident.pk}/write/", form(cohort), headers={"HX-Request": "true"}).content.decode()

    assert "You are sorry" in looked
    assert "Say what you are doing about it" in looked
    assert "Wednesday 11 November, 15:00 (GMT)" in looked
    again = page(sam, f"/incidents/{incident.pk}/write/")
    assert "we loaded the wrong lorry" in again
    assert Draft.objects.get().cohorts == [cohort.pk]
    assert "we loaded the wrong lorry" not in page(signed_in(shop.lea), f"/incidents/{incident.pk}/write/")


def test_it_is_said_in_one_act(shop: Shop) -> None:
    (incident, cohort), sam = begun(shop), signed_in(shop.sam)
    first, before = incident.next_word, len(kinds())

    answer = sam.post(f"/incidents/{incident.pk}/write/", form(cohort, do="send", in_public="1"))

    assert "Said." in said(answer)
    entry, notice = Entry.objects.get(), Notice.objects.get()
    assert (entry.notices, entry.in_public, entry.kind, notice.state) == ([notice.pk], True, "began", "sending")
    assert entry.words.endswith(
        "You hear from us next by Wednesday 11 November, 15:00 (GMT), even if nothing is new by then."
    )
    assert notice.texts.get().words == entry.words
    incident.refresh_from_db()
    assert first is not None
    assert (Promise.objects.get(pk=first.pk).state, incident.said_at) == ("kept", NOW)
    assert set(kinds()[before:]) == {"NoticeWritten", "NoticeSent", "PromiseKept", "PromiseMade", "IncidentSaid"}
    assert Draft.objects.get().entry == entry


def test_what_cannot_leave_stays_in_the_form_and_nothing_is_told(shop: Shop) -> None:
    (incident, cohort), sam = begun(shop), signed_in(shop.sam)
    before = len(kinds())

    for wrong, words in [
        ({"text-0-happened": "Since [[when]], late."}, "still to be filled in"),
        ({"next_word_at": ""}, "Say when the next word comes"),
        ({"cohorts": []}, "Say whom to tell, or why nobody is told"),
        ({"text-0-subject": " "}, "Write a subject"),
        ({"happened_at": "2026-11-12T09:00"}, "in the future"),
    ]:
        answer = sam.post(f"/incidents/{incident.pk}/write/", form(cohort, do="send", **wrong))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "we loaded the wrong lorry" in answer.content.decode()

    assert (Notice.objects.count(), Entry.objects.count(), kinds()[before:]) == (0, 0, [])


def test_a_colleague_reads_it_first_where_the_team_wants_that(shop: Shop) -> None:
    Team.objects.update(notices_want_second=True)
    (incident, cohort), sam, lea = begun(shop), signed_in(shop.sam), signed_in(shop.lea)
    url = f"/incidents/{incident.pk}/"

    alone = sam.post(f"{url}write/", form(cohort, do="send"))
    assert alone.status_code == 422
    assert "A colleague has to read it" in alone.content.decode()
    sam.post(f"{url}write/", form(cohort, do="propose"))
    draft = Draft.objects.get()
    read = f"{url}drafts/{draft.pk}/"
    assert "You wrote it: a colleague sends it." in page(sam, read)
    assert read in page(lea, url)
    lea.post(f"{read}answer/", {"do": "back", "words": "Say which lorry."})
    assert "Say which lorry." in page(sam, f"{url}write/")
    sam.post(f"{url}write/", form(cohort, do="propose"))
    lea.post(f"{read}answer/", {"do": "send"})

    notice = Notice.objects.get()
    assert (notice.written_by, notice.second_by, notice.state) == (shop.sam, shop.lea, "sending")
    assert Entry.objects.get().by == shop.sam
    assert lea.post(f"{read}answer/", {"do": "send"}).status_code == 404


def test_the_end_goes_to_all_who_were_told_that_it_began(shop: Shop) -> None:
    (incident, cohort), sam = begun(shop), signed_in(shop.sam)
    sam.post(f"/incidents/{incident.pk}/write/", form(cohort, do="send"))

    ending = form(None, kind="ended", do="send", untold="Nobody asked.")
    refused = sam.post(f"/incidents/{incident.pk}/write/", ending)
    assert "send the end to all of them" in refused.content.decode()
    answer = sam.post(f"/incidents/{incident.pk}/write/", form(cohort, kind="ended", do="send"))

    assert "Said." in said(answer)
    incident.refresh_from_db()
    assert incident.state == "ended"
    assert list(Notice.objects.order_by("pk").values_list("sort", flat=True)) == ["began", "ended"]
    assert "You hear from us next" not in Entry.objects.get(kind="ended").words

"""Whom it hits: on one page for staff, for customers only what concerns them; cases linked; too few people; other programs."""

from __future__ import annotations

from typing import Any

import pytest
from tests.faces import Shop, page, said, signed_in, statements, with_link
from tests.people_and_things import DAY, HOUR, NOW
from tests.people_and_things import handle as handle_of
from tests.programs import Program

from troth.cases.models import Case
from troth.incidents import actions
from troth.incidents.cohorts import draft_for
from troth.incidents.models import Draft, Entry, Incident
from troth.incidents.queries import concerning
from troth.incidents.things import THINGS
from troth.ledger.replay import of_all
from troth.notices.actions import cohorts, making, telling
from troth.notices.models import Cohort, Notice, Recipient
from troth.people.models import Customer

pytestmark = pytest.mark.django_db


def told(shop: Shop) -> Incident:
    """Ann wrote and is affected; Bob has nothing to do with it."""
    case = shop.case(shop.ann)
    shop.case(shop.bob)
    incident = actions.begin(
        title="Parcels leave late", sort="late", happened_at=NOW - HOUR, next_word_at=NOW + DAY, linked=[case],
        product="Table", by=shop.sam, now=NOW,
    )  # fmt: skip
    cohort = draft_for(incident, by=shop.sam, now=NOW)
    actions.tell(
        incident, kind="began", texts={"en": ("Late", "Your table leaves late.")}, cohorts=[cohort.pk], happened_at=NOW,
        next_word_at=NOW + DAY, in_public=False, untold="", written_by=shop.sam, now=NOW,
    )  # fmt: skip
    while making.make(now=NOW + HOUR):
        pass
    return incident


def test_staff_see_who_was_told_and_who_wrote_and_customers_what_concerns_them(shop: Shop) -> None:
    incident, sam = told(shop), signed_in(shop.sam)
    Recipient.objects.update(state="accepted", told_at=NOW)

    shown = page(sam, f"/incidents/{incident.pk}/affected/")
    assert "Ann Archer" in shown
    assert "Bob Baker" not in shown
    assert "told" in shown
    assert "Ann Archer" not in page(sam, f"/incidents/{incident.pk}/affected/?show=untold")

    hers = page(with_link(shop.link(shop.ann)), "/my/")
    assert "Your table leaves late." in hers
    assert "You hear from us next by" in hers
    assert "leaves late" not in page(with_link(shop.link(shop.bob)), "/my/")
    actions.say(incident, kind="note", words="Sack the depot.", happened_at=NOW, by=shop.sam, now=NOW)
    assert "Sack the depot" not in page(with_link(shop.link(shop.ann)), "/my/")


def test_the_timeline_never_says_told_of_what_was_taken_back(shop: Shop) -> None:
    case = shop.case(shop.ann)
    incident = actions.begin(
        title="Parcels leave late", sort="late", happened_at=NOW - HOUR, next_word_at=NOW + DAY, linked=[case], by=shop.sam, now=NOW
    )  # fmt: skip
    cohort, sam = draft_for(incident, by=shop.sam, now=NOW), signed_in(shop.sam)
    actions.tell(
        incident, kind="began", texts={"en": ("Late", "It leaves late.")}, cohorts=[cohort.pk], happened_at=NOW,
        next_word_at=NOW + DAY, in_public=False, untold="", written_by=shop.sam, now=NOW,
    )  # fmt: skip
    home = f"/incidents/{incident.pk}/"
    assert "being told to those affected" in page(sam, home)

    notice = telling.take_back(Notice.objects.get(), by=shop.sam, now=NOW)
    taken_back = page(sam, home)
    assert "taken back before it left" in taken_back
    assert "nobody has heard of it" in taken_back
    assert "told to those affected" not in taken_back

    telling.send(notice, by=shop.sam, now=NOW + HOUR)
    Notice.objects.update(state="done")
    sent_after_all = page(sam, home)
    assert "told to those affected" in sent_after_all
    assert "taken back" not in sent_after_all
    Notice.objects.update(state="stopped")
    assert "stopped on its way" in page(sam, home)


@pytest.mark.parametrize("path", ["/incidents/", "/incidents/{}/", "/incidents/{}/affected/"])
def test_twenty_take_as_many_statements_as_two(shop: Shop, path: str, django_assert_max_num_queries: Any) -> None:
    incident, sam = told(shop), signed_in(shop.sam)

    def more(count: int) -> None:
        for number in range(count):
            handle = handle_of(f"p{Case.objects.count()}@crowd.example", name=f"Person {number}")
            case = shop.case(handle)
            begun = actions.begin(
                title="Another", sort="late", happened_at=NOW - HOUR, next_word_at=NOW + DAY, linked=[], by=shop.sam, now=NOW
            )  # fmt: skip
            actions.link(incident, [case], by=shop.sam, now=NOW)
            actions.say(begun, kind="note", words="Looked at.", happened_at=NOW, by=shop.sam, now=NOW)
            actions.say(incident, kind="note", words=f"Rung {number}.", happened_at=NOW, by=shop.sam, now=NOW)
        cohorts.add(Cohort.objects.get(), customers=Customer.objects.values_list("pk", flat=True), by=shop.sam, now=NOW)
        while making.make(now=NOW + HOUR):
            pass

    more(2)
    two = statements(sam, path.format(incident.pk))
    more(18)
    with django_assert_max_num_queries(two):
        shown = page(sam, path.format(incident.pk))
    assert two <= 16
    assert shown.count({"/incidents/": "Another", "/incidents/{}/": "Rung "}.get(path, "Person ")) >= 20


def test_a_case_says_which_incident_it_is_part_of_and_is_linked_from_either_side(shop: Shop) -> None:
    incident, sam, case = told(shop), signed_in(shop.sam), shop.case(shop.bob)

    assert "Parcels leave late" in page(sam, f"/incidents/of-case/{case.pk}/")
    sam.post(f"/incidents/of-case/{case.pk}/link/", {"incident": str(incident.pk)})
    beside = page(sam, f"/incidents/of-case/{case.pk}/")
    assert 'data-begin="Your table leaves late."' in beside
    sam.post(f"/incidents/{incident.pk}/cases/{case.pk}/out/")
    case.refresh_from_db()
    assert case.incident == ""
    assert f"#{case.pk}" in page(sam, f"/incidents/{incident.pk}/cases/?search=%23{case.pk}")
    answer = sam.post(f"/incidents/{incident.pk}/cases/", {"case": [str(case.pk)]})
    assert "One case is part of it now." in said(answer)


def test_too_few_people_drafts_a_notice_to_whoever_waits(shop: Shop) -> None:
    case, sam = shop.case(shop.ann), signed_in(shop.sam)
    form = {"why": "two of us are ill", "longer": "answers take two days", "until": "2026-11-12T17:00", "waiting": "1"}

    answer = sam.post("/incidents/capacity/", form)

    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.pk}/write/"
    case.refresh_from_db()
    assert (incident.sort, case.incident) == ("capacity", incident.ref)
    shown = page(sam, answer["Location"])
    assert "two of us are ill" in shown
    assert "You are sorry" in shown
    draft = Draft.objects.get()
    assert draft.cohorts == [Cohort.objects.get().pk]
    entry = actions.send_draft(draft, by=shop.sam, now=NOW, zone="Europe/London")
    assert entry.kind == "began"
    assert sam.post("/incidents/capacity/", {**form, "until": "2026-11-10T17:00"}).status_code == 422


def test_other_programs_begin_tell_and_end(shop: Shop) -> None:
    program = Program(shop.sam)
    asked: dict[str, Any] = {"title": "No signal", "sort": "outage", "happened_at": "2026-11-11T09:00:00Z"}

    status, begun = program.post("/incidents", {**asked, "next_word_at": "2026-11-11T12:00:00Z"})
    assert status == 201
    number = begun["id"]
    word = {"words": "No signal in Hull.", "happened_at": "2026-11-11T09:00:00Z", "in_public": True}
    status, refused = program.post(f"/incidents/{number}/say", {**word, "kind": "began"})
    assert (status, refused["errors"][0]["at"]) == (422, "next_word_at")
    _status, spoken = program.post(
        f"/incidents/{number}/say", {**word, "kind": "began", "next_word_at": "2026-11-11T13:00:00Z"}
    )
    assert [line["words"] for line in spoken["lines"]] == ["No signal in Hull."]
    _status, ended = program.post(f"/incidents/{number}/end", {**word, "words": "It is back."})
    assert (ended["state"], ended["next_word_at"]) == ("ended", None)
    assert program.post(f"/incidents/{number}/end", word)[0] == 409
    assert [one["id"] for one in program.get("/incidents?state=ended")[1]["items"]] == [number]
    assert Entry.objects.count() == 2


def test_what_was_paused_before_it_reached_them_is_not_on_their_page(shop: Shop) -> None:
    told(shop)
    notice = Notice.objects.get()
    telling.pause(notice, by=shop.sam, now=NOW + HOUR)
    ann = [shop.ann.customer_id]

    assert concerning(ann) == []
    telling.resume(notice, by=shop.sam, now=NOW + HOUR)
    assert [one.incident.title for one in concerning(ann)] == ["Parcels leave late"]
    telling.stop(notice, by=shop.sam, now=NOW + HOUR)
    assert concerning(ann) == []


def test_an_end_taken_back_or_stopped_is_asked_for_until_it_is_told(shop: Shop) -> None:
    incident, sam = told(shop), signed_in(shop.sam)
    over: dict[str, Any] = {"kind": "ended", "texts": {"en": ("Over", "Your table has left.")}, "happened_at": NOW}
    over |= {"cohorts": [Cohort.objects.get().pk], "next_word_at": None, "in_public": False, "untold": ""}
    actions.tell(incident, written_by=shop.sam, now=NOW, **over)
    asked = "It is over, and not everybody who was told"
    at = f"/incidents/{incident.pk}/"
    assert [asked in page(sam, where) for where in ("/today/", at)] == [False, False]

    telling.take_back(Notice.objects.get(sort="ended"), by=shop.sam, now=NOW)
    assert [asked in page(sam, where) for where in ("/today/", at)] == [True, True]
    sam.post(f"{at}end/")
    assert asked not in page(sam, "/today/")
    first = Notice.objects.get(sort="ended")
    telling.stop(first, by=shop.sam, now=NOW + HOUR)
    assert asked in page(sam, "/today/")
    type(shop.team).objects.filter(pk=shop.team.pk).update(notices_want_second=True)
    sam.post(f"{at}end/")
    sam.post(f"{at}end/")

    again = Notice.objects.get(sort="ended", state="proposed")  # once, and it waits for a colleague
    assert asked in page(sam, at)
    telling.second(again, by=shop.lea, now=NOW + HOUR)
    sam.post(f"{at}end/")
    assert [asked in page(sam, where) for where in ("/today/", at)] == [False, False]
    while making.make(now=NOW + DAY * 400):
        pass
    assert [(text.subject, text.words) for text in again.texts.all()] == [("Over", "Your table has left.")]
    assert [line.now.notices for line in concerning([shop.ann.customer_id])[0].lines][-1] == [again.pk]
    assert list(of_all(THINGS[0])) == []


def test_a_program_says_nothing_in_public_that_a_colleague_has_to_read(shop: Shop) -> None:
    type(shop.team).objects.filter(pk=shop.team.pk).update(notices_want_second=True)
    incident, program = (
        actions.begin(title="No signal", sort="outage", happened_at=NOW, next_word_at=NOW + DAY, by=shop.sam, now=NOW),
        Program(shop.sam),
    )
    word = {"words": "No signal.", "happened_at": "2026-11-11T09:00:00Z", "next_word_at": "2026-11-11T13:00:00Z"}

    status, refused = program.post(f"/incidents/{incident.pk}/say", {**word, "in_public": True})

    assert (status, refused["errors"][0]["at"]) == (422, "in_public")
    assert not Entry.objects.exists()
    assert program.post(f"/incidents/{incident.pk}/say", {**word, "untold": "Too early."})[0] == 200

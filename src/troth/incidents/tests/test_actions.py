"""Incidents begin, are told and end: every row, every fact, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.people_and_things import HOUR, NOW, company, handle, kinds, new_facts, staff

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.incidents import actions, queries, things
from troth.incidents.models import Entry, Incident
from troth.ledger.replay import of_all
from troth.notices.actions import telling
from troth.notices.models import Cohort, Notice
from troth.people.models import Staff, Team
from troth.promises import actions as promises
from troth.promises import watcher
from troth.promises.models import Promise
from troth.site import verify

pytestmark = pytest.mark.django_db
LATER = NOW + 4 * HOUR


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def sam() -> Staff:
    return staff()


def begun(sam: Staff, **values: Any) -> Incident:
    given: dict[str, Any] = {"title": "Parcels leave late", "sort": "late", "happened_at": NOW - HOUR, "now": NOW}
    return actions.begin(**given | {"next_word_at": LATER, "by": sam} | values)


def sent(incident: Incident, *, sort: str = "began") -> Notice:
    cohort = Cohort.objects.create(about=incident.ref, conditions={}, made_at=NOW, frozen_at=NOW, digest="1")
    return again(incident, cohort, sort=sort)


def again(incident: Incident, cohort: Cohort, *, sort: str) -> Notice:
    times = {"happened_at": NOW, "written_at": NOW, "sent_at": NOW}
    return Notice.objects.create(about=incident.ref, cohort=cohort, sort=sort, state="sending", **times)


def agree() -> None:
    """Rows, facts and checks say the same."""
    for thing in things.THINGS:
        assert list(of_all(thing)) == []
    about = [one.wrong for one in verify.report(now=NOW + 2 * HOUR).findings if "incident" in str(one.refs)]
    assert about == []


def complaint(text: str = "Where is my parcel?", *, at: Any = NOW, name: str = "ann@example.org") -> Case:
    case = cases.open_or_join(handle=handle(name), text=text, subject="Parcel", at=at, now=max(at, NOW)).case
    Case.objects.filter(pk=case.pk).update(kind="complaint")
    case.kind = "complaint"
    return case


def test_an_incident_begins_with_the_promise_of_its_next_word(sam: Staff) -> None:
    before = len(kinds())

    incident = begun(sam)

    word = Promise.objects.get()
    assert incident.next_word == word
    assert (word.customer, word.sort, word.about, word.due) == (None, "next_word", incident.ref, LATER)
    assert kinds()[before:] == ["PromiseMade", "IncidentBegan"]
    agree()


def test_no_open_incident_is_without_its_promise(sam: Staff) -> None:
    incident = begun(sam)

    with pytest.raises(IntegrityError, match="an_open_incident_promises_the_next_word"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(next_word=None)


def test_what_is_told_keeps_the_promise_and_makes_the_next(sam: Staff) -> None:
    incident = begun(sam)
    first = incident.next_word
    before = len(kinds())

    entry = actions.say(
        incident, kind="began", words="Parcels leave a day late.", happened_at=NOW, in_public=True,
        next_word_at=LATER + HOUR, by=sam, now=NOW + HOUR,
    )  # fmt: skip

    assert first is not None
    assert Promise.objects.get(pk=first.pk).state == "kept"
    assert incident.next_word is not None
    assert (incident.next_word.due, incident.said_at, incident.is_public) == (LATER + HOUR, NOW + HOUR, True)
    assert (entry.happened_at, entry.said_at, entry.by) == (NOW, NOW + HOUR, sam)
    assert kinds()[before:] == ["PromiseKept", "PromiseMade", "IncidentSaid"]
    agree()


def test_a_note_is_for_staff_and_keeps_no_promise(sam: Staff) -> None:
    incident = begun(sam)

    entry = actions.say(
        incident, kind="note", words="Rang the depot.", happened_at=NOW, in_public=True, by=sam, now=NOW
    )

    assert not entry.is_told
    assert incident.said_at is None
    assert Promise.objects.get().state == "open"
    agree()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"words": " "}, actions.EmptyWords),
        ({"happened_at": NOW + HOUR}, actions.NotYetSo),
        ({"in_public": False}, actions.ToldToNobody),
        ({"next_word_at": None}, actions.NoNextWord),
        ({"next_word_at": NOW - HOUR}, promises.DateAlreadyPassed),
    ],
)
def test_what_cannot_be_said_leaves_nothing_behind(sam: Staff, values: dict[str, Any], error: type[Exception]) -> None:
    incident = begun(sam)
    before = len(kinds())
    given = {"kind": "update", "words": "Still late.", "happened_at": NOW, "in_public": True, "next_word_at": LATER}

    with pytest.raises(error), transaction.atomic():
        actions.say(incident, **given | values, by=sam, now=NOW)

    assert kinds()[before:] == []
    assert Entry.objects.count() == 0
    assert Promise.objects.get().state == "open"


def test_once_somebody_heard_of_it_a_line_told_to_nobody_is_not_the_word(sam: Staff) -> None:
    incident = begun(sam)
    actions.say(
        incident, kind="began", words="Late.", happened_at=NOW, in_public=True, next_word_at=LATER, by=sam, now=NOW
    )
    word = incident.next_word

    actions.say(incident, kind="update", words="The van is here.", happened_at=NOW, untold="Checking.", by=sam, now=NOW)

    assert incident.next_word == word
    agree()


def test_a_missed_next_word_is_a_broken_promise_and_the_owner_hears_before(sam: Staff) -> None:
    incident = begun(sam)
    now, seen = NOW, []

    while Promise.objects.get().look_again_at:
        now = Promise.objects.get().look_again_at or now
        watcher.look_ahead(now=now)
        seen.append((now < LATER, Promise.objects.get().warned_at is not None))

    assert seen[0] == (True, True)
    assert Promise.objects.get().state == "broken"
    actions.say(
        incident, kind="began", words="Late.", happened_at=NOW, in_public=True, next_word_at=now + HOUR, by=sam, now=now
    )
    assert [word.state for word in Promise.objects.order_by("pk")] == ["broken", "open"]
    agree()


def test_changed_words_stand_beside_the_old_ones(sam: Staff) -> None:
    incident = begun(sam)
    say = {"kind": "began", "happened_at": NOW, "in_public": True, "next_word_at": LATER, "by": sam}
    entry = actions.say(incident, words="Ten parcels are late.", now=NOW, **say)
    before = len(kinds())

    new = actions.change_words(entry, words="Twelve parcels are late.", by=sam, now=NOW + HOUR)

    assert new is not None
    line = queries.timeline(incident)[0]
    assert ([old.words for old in line.before], line.now.words) == (
        ["Ten parcels are late."],
        "Twelve parcels are late.",
    )
    assert (line.said_at, line.now.said_at) == (NOW, NOW + HOUR)
    assert kinds()[before:] == ["IncidentWordsChanged"]
    assert actions.change_words(new, words="Twelve parcels are late. ", by=sam, now=NOW + HOUR) is None
    with pytest.raises(actions.SomeoneWasQuicker):
        actions.change_words(entry, words="Eleven.", by=sam, now=NOW + HOUR)
    agree()


@pytest.mark.parametrize(
    "statement", ["UPDATE incidents_entry SET words = 'Nothing happened.'", "DELETE FROM incidents_entry"]
)
def test_the_database_keeps_what_was_said(sam: Staff, statement: str) -> None:
    actions.say(begun(sam), kind="note", words="Rang the depot.", happened_at=NOW, by=sam, now=NOW)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_end_is_told_to_all_who_were_told_that_it_began(sam: Staff) -> None:
    incident = begun(sam)
    began, other = sent(incident), sent(incident)
    pks = [began.pk, other.pk]
    say = {"kind": "began", "words": "Late.", "happened_at": NOW, "next_word_at": LATER, "by": sam, "now": NOW}
    actions.say(incident, notices=pks, in_public=True, **say)
    over = {"words": "Parcels leave on the day again.", "happened_at": NOW + HOUR, "by": sam, "now": NOW + 2 * HOUR}
    ends = [again(incident, notice.cohort, sort="ended").pk for notice in (began, other)]

    for short in ({"in_public": True}, {"in_public": True, "notices": ends[:1]}, {"notices": ends}, {"untold": "Why?"}):
        with pytest.raises(actions.EndNotTold), transaction.atomic():
            actions.end(incident, **over, **short)  # type: ignore[arg-type]
    actions.end(incident, notices=ends, in_public=True, **over)

    assert (incident.state, incident.ended_at, incident.end_said_at) == ("ended", NOW + HOUR, NOW + 2 * HOUR)
    assert [word.state for word in Promise.objects.all()] == ["kept", "kept"]
    with pytest.raises(actions.NotOpen):
        actions.end(incident, notices=ends, in_public=True, **over)
    agree()


def test_no_beginning_is_sent_after_the_end(sam: Staff) -> None:
    """Who was to hear that it began, and did not hear it in time, would never hear that it is over."""
    incident = begun(sam)
    cohort = Cohort.objects.create(about=incident.ref, conditions={}, made_at=NOW)
    given = {
        "about": incident.ref,
        "cohort": cohort,
        "texts": {"en": ("Late", "They leave late.")},
        "by": sam,
        "now": NOW,
    }
    began, kept = (telling.write(sort=sort, happened_at=NOW, **given) for sort in ("began", "remedy"))  # type: ignore[arg-type]

    actions.end(incident, words="A mistake.", happened_at=NOW, untold="Nobody was hit.", by=None, now=NOW)

    with pytest.raises(telling.NotNow):
        telling.send(began, by=sam, now=NOW)
    assert [Notice.objects.get(pk=one.pk).state for one in (began, kept)] == ["stopped", "draft"]
    agree()


def test_what_was_said_in_public_stays_and_ends_there(sam: Staff) -> None:
    incident = begun(sam, is_public=True)
    assert actions.change(incident, is_public=False, by=sam, now=NOW) == ["is_public"]
    say = {"kind": "began", "words": "Late.", "happened_at": NOW, "next_word_at": LATER, "by": sam, "now": NOW}
    actions.say(incident, in_public=True, **say)

    with pytest.raises(actions.SaidInPublic):
        actions.change(incident, is_public=False, by=sam, now=NOW)
    Incident.objects.update(is_public=False)  # as one that was hidden before this was refused
    over: dict[str, Any] = {"words": "All have left.", "happened_at": NOW, "by": sam, "now": NOW}
    with pytest.raises(actions.EndNotTold):
        actions.end(incident, untold="Hidden.", **over)
    actions.end(incident, in_public=True, **over)
    assert incident.is_public


def test_what_people_were_told_is_put_otherwise_by_nobody_alone_where_two_read(sam: Staff) -> None:
    incident = begun(sam)
    say = {"happened_at": NOW, "by": sam, "now": NOW}
    told = actions.say(incident, kind="began", words="Late.", in_public=True, next_word_at=LATER, **say)
    note = actions.say(incident, kind="note", words="Rang the depot.", **say)
    sam.team = Team.objects.create(name="Care", notices_want_second=True)

    with pytest.raises(actions.NeedsSecond):
        actions.change_words(told, words="On time.", by=sam, now=NOW)
    assert actions.change_words(note, words="Rang them twice.", by=sam, now=NOW)


def test_one_never_told_ends_untold_with_its_reason(sam: Staff) -> None:
    incident = begun(sam)

    with pytest.raises(actions.ToldToNobody):
        actions.end(incident, words="A mistake of ours.", happened_at=NOW, by=sam, now=NOW)
    entry = actions.end(incident, words="A mistake.", happened_at=NOW, untold="Nobody was hit.", by=sam, now=NOW)

    assert (incident.state, incident.said_at, entry.untold) == ("ended", None, "Nobody was hit.")
    agree()


def test_the_first_complaint_among_its_cases_is_its_first_signal(sam: Staff) -> None:
    later, earlier = complaint(at=NOW - HOUR), complaint(at=NOW - 3 * HOUR, name="bob@example.org")
    incident = begun(sam, linked=[later])
    assert incident.first_signal_at == NOW - HOUR

    assert actions.link(incident, [earlier, later], by=sam, now=NOW) == 1
    assert incident.first_signal_at == NOW - 3 * HOUR
    agree()

    other = begun(sam, title="Another thing")
    actions.link(other, [earlier], by=sam, now=NOW)
    incident.refresh_from_db()
    assert (incident.first_signal_at, other.first_signal_at) == (NOW - HOUR, NOW - 3 * HOUR)
    assert actions.unlink(other, earlier, by=sam, now=NOW)
    assert (other.first_signal, other.first_signal_at) == ("", None)
    assert not actions.unlink(other, earlier, by=sam, now=NOW)
    agree()


def test_how_it_is_filed_changes_and_what_was_said_does_not(sam: Staff) -> None:
    incident = begun(sam)

    changed = actions.change(incident, title=" Parcels leave  two days late", severity="critical", by=sam, now=NOW)

    assert sorted(changed) == ["severity", "words"]
    assert incident.title == "Parcels leave two days late"
    assert [said["field"] for _kind, said in new_facts(incident.ref, since=1)] == ["words", "severity"]
    assert actions.change(incident, severity="critical", by=sam, now=NOW) == []
    with pytest.raises(actions.NotYetSo):
        actions.change(incident, happened_at=NOW + timedelta(days=1), by=sam, now=NOW)
    agree()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_incident SET severity = 'minor'",
        "UPDATE incidents_incident SET title = 'Nothing much'",
        "UPDATE incidents_incident SET first_signal_at = first_signal_at + interval '3 hours'",
        "ALTER TABLE incidents_entry DISABLE TRIGGER entries_never_change; UPDATE incidents_entry SET words = 'All is well.'",
        "ALTER TABLE incidents_incident DISABLE TRIGGER first_word_stays;"
        " UPDATE incidents_incident SET said_at = said_at - interval '1 minute'",
    ],
)
def test_what_is_tampered_with_is_found(sam: Staff, statement: str) -> None:
    incident = begun(sam, happened_at=NOW - HOUR, linked=[complaint(at=NOW - HOUR)])
    actions.say(
        incident, kind="began", words="Late.", happened_at=NOW, in_public=True, next_word_at=LATER, by=sam, now=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)

    assert [found.reference for found in of_all(things.THINGS[0])] == [incident.ref]

"""Causes, measures, watches and recurrences: every row, every fact, every promise, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.people_and_things import DAY, HOUR, NOW, company, handle, kinds, new_facts, staff

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.incidents import actions, things, watching
from troth.incidents.models import Entry, Incident, Measure, Recurrence, RootCause, State, Watch
from troth.incidents.rules import causes
from troth.ledger import actions as ledger
from troth.ledger.replay import of_all
from troth.orders.models import Order
from troth.people.models import Staff
from troth.promises import actions as promises
from troth.promises import watcher
from troth.promises.models import Promise
from troth.site import verify
from troth.words.refs import ref

pytestmark = pytest.mark.django_db
UNTIL = NOW + 30 * DAY
ANGRY = "My oak bench is late again, I am really angry. Where is it?"


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def sam() -> Staff:
    return staff()


def ended(sam: Staff, **values: Any) -> Incident:
    given: dict[str, Any] = {"title": "Oak benches leave late", "sort": "late", "cause": "late", "product": "Oak bench"}
    times = {"happened_at": NOW - DAY, "next_word_at": NOW + 4 * HOUR, "now": NOW - HOUR}
    incident = actions.begin(**given | times | {"by": sam} | values)
    actions.end(incident, words="All are on their way.", happened_at=NOW - HOUR, untold="Nobody knew.", by=sam, now=NOW)
    return incident


def begun(incident: Incident, sam: Staff, **values: Any) -> Watch:
    given = {"until": UNTIL, "cause": "late", "product": "Oak bench", "by": sam, "now": NOW}
    return actions.begin_watch(incident, **given | values)


def complaint(text: str = ANGRY, *, at: Any = NOW + HOUR, name: str = "cyd@example.org") -> Case:
    return cases.open_or_join(handle=handle(name, name="Cyd"), text=text, subject="My order", at=at, now=at).case


def looked(at: Any) -> int:
    ledger.seal(now=at)
    return watching.look(now=at)


def agree(now: Any) -> None:
    """Rows, facts and checks say the same."""
    for thing in things.THINGS:
        assert list(of_all(thing)) == []
    words = ("incident", "watch", "recurrence", "promise", "measure")
    assert [one.wrong for one in verify.report(now=now).findings if any(word in str(one.refs) for word in words)] == []


def test_a_root_cause_has_versions_and_none_is_ever_changed(sam: Staff) -> None:
    incident = ended(sam)
    whys = causes.whys(["The van broke down.", "It was not serviced."])

    first = actions.find_cause(
        incident, way="five_whys", plain=whys, words="Nobody looks  after vans.", by=sam, now=NOW
    )
    again = actions.find_cause(incident, way="five_whys", plain=whys, words="Nobody looks after vans.", by=sam, now=NOW)
    bone = causes.fishbone({"tool": "No list of services."})
    second = actions.find_cause(incident, way="fishbone", plain=bone, words="No list.", by=sam, now=NOW)

    assert again is None
    assert list(RootCause.objects.values_list("words", flat=True)) == ["Nobody looks after vans.", "No list."]
    assert [kind for one in (first, second) for kind, _ in new_facts(ref("rootcause", one.pk))] == [
        "RootCauseFound"
    ] * 2
    with pytest.raises(actions.Lacking) as lacking:
        actions.find_cause(incident, way="five_whys", plain=causes.whys([]), words="", by=sam, now=NOW)
    assert lacking.value.lacks == [causes.Lack.FIRST_WHY, causes.Lack.NO_WORDS]
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        RootCause.objects.filter(pk=first.pk).update(words="It was Bob.")
    agree(NOW)


def test_a_measure_is_a_promise_that_is_warned_of_and_missed_like_any(sam: Staff) -> None:
    incident = ended(sam)
    given = {"sort": "preventive", "audience": "hurt", "owner": None, "by": sam, "now": NOW}

    measure = actions.take_measure(incident, what="Vans are serviced monthly", due=NOW + 7 * DAY, **given)

    promise = measure.promise
    assert (promise.customer, promise.sort, promise.about, promise.owner) == (None, "deed", incident.ref, sam)
    assert [kind for kind, _ in new_facts(ref("measure", measure.pk))] == ["MeasureTaken"]
    for moment in (promise.warn_at, promise.escalate_at, promise.heads_up_at, promise.due, promise.broken_at):
        watcher.look_ahead(now=moment)
    promise.refresh_from_db()
    assert promise.state == "broken"
    assert Promise.objects.filter(because=promise).count() == 0, "nobody by name is told words about words"
    with pytest.raises(actions.NothingSaid):
        actions.take_measure(incident, what=" ", due=NOW + DAY, **given)
    with pytest.raises(promises.DateAlreadyPassed):
        actions.take_measure(incident, what="Yesterday", due=NOW - DAY, **given)
    assert Measure.objects.count() == 1


def test_a_watch_is_a_promise_nobody_is_warned_of_and_holds_at_its_day(sam: Staff) -> None:
    incident = ended(sam)

    watch = begun(incident, sam)

    promise = watch.promise
    assert (promise.sort, promise.due, promise.look_again_at, promise.state) == ("not_again", UNTIL, None, "open")
    assert incident.state == State.WATCHING
    watcher.look_ahead(now=UNTIL + DAY)
    assert not promises.keep(promise, by=sam, now=NOW + DAY), "before its day nobody knows"
    with pytest.raises(promises.NothingOwed):
        promises.move(promise, to=UNTIL + DAY, words="Later.", reason="", by=sam, now=NOW)
    agree(NOW + DAY)
    looked(UNTIL - HOUR)
    assert looked(UNTIL + timedelta(minutes=1)) == 0, "who wrote on the last day is read first"
    looked(UNTIL + HOUR)
    promise.refresh_from_db()
    watch.refresh_from_db()
    incident.refresh_from_db()
    assert (promise.state, promise.done_at, watch.state, incident.state) == ("kept", UNTIL, "held", State.ENDED)
    assert [kind for kind, _ in new_facts(ref("watch", watch.pk))] == ["WatchBegun", "WatchHeld"]
    agree(UNTIL + 2 * HOUR)


def test_what_goes_on_is_not_watched_nor_what_is_watched_twice_nor_what_nothing_is_known_of(sam: Staff) -> None:
    times = {"happened_at": NOW - HOUR, "next_word_at": NOW + HOUR, "now": NOW}
    with pytest.raises(actions.StillGoingOn):
        begun(actions.begin(title="Late", sort="late", by=sam, **times), sam)
    incident = ended(sam)
    with pytest.raises(actions.NothingToKnowItBy):
        begun(incident, sam, cause="other")
    with pytest.raises(promises.DateAlreadyPassed):
        begun(incident, sam, until=NOW)
    begun(incident, sam)
    with pytest.raises(actions.AlreadyWatched):
        begun(incident, sam)


def test_a_watch_for_longer_is_a_further_promise_and_the_first_is_judged_by_its_own_day(sam: Staff) -> None:
    watch = begun(ended(sam), sam)
    first = watch.promise

    actions.extend(watch, until=UNTIL + 10 * DAY, by=sam, now=NOW + DAY)

    with pytest.raises(promises.DateAlreadyPassed):
        actions.extend(watch, until=UNTIL, by=sam, now=NOW + DAY)
    looked(UNTIL + HOUR)
    first.refresh_from_db()
    watch.refresh_from_db()
    assert (first.state, watch.promise.state, watch.state) == ("kept", "open", "watching")
    agree(UNTIL + HOUR)
    looked(UNTIL + 11 * DAY)
    watch.refresh_from_db()
    watch.promise.refresh_from_db()
    assert (watch.state, watch.promise.state) == ("held", "kept")
    agree(UNTIL + 11 * DAY)


def test_a_watch_called_off_breaks_its_promise_unless_it_was_a_mistake_nobody_heard_of(sam: Staff) -> None:
    incident = ended(sam)
    mistaken = begun(incident, sam)
    with pytest.raises(actions.NothingSaid):
        actions.call_off(mistaken, reason=" ", was_mistake=True, by=sam, now=NOW)
    actions.call_off(mistaken, reason="Another incident was meant.", was_mistake=True, by=sam, now=NOW)
    watch = begun(incident, sam)
    actions.say(incident, kind="prevented", words="We watch it.", happened_at=NOW, in_public=True, by=sam, now=NOW)
    with pytest.raises(actions.AlreadyTold):
        actions.call_off(watch, reason="A mistake.", was_mistake=True, by=sam, now=NOW)

    actions.call_off(watch, reason="The bench is sold no more.", was_mistake=False, by=sam, now=NOW)

    assert list(Promise.objects.filter(sort="not_again").order_by("pk").values_list("state", flat=True)) == [
        "void",
        "broken",
    ]
    incident.refresh_from_db()
    assert incident.state == State.ENDED
    with pytest.raises(actions.NotWatched):
        actions.extend(watch, until=UNTIL + DAY, by=sam, now=NOW)
    agree(NOW)


def test_the_same_again_is_found_and_once_confirmed_breaks_the_promise_and_opens_the_incident(sam: Staff) -> None:
    incident = ended(sam)
    watch = begun(incident, sam)
    fee = complaint("You charged me a hidden fee for my oak bench!", name="dee@example.org")
    case = complaint()

    looked(NOW + 2 * HOUR)

    found = Recurrence.objects.get()
    assert (found.case, found.why, found.is_strong, found.state) == (
        ref("case", case.pk),
        "cause product",
        True,
        "found",
    )
    assert fee.pk != case.pk
    looked(NOW + 2 * HOUR)
    assert Recurrence.objects.get() == found, "what is looked at twice is found once"
    looked(UNTIL + HOUR)
    watch.refresh_from_db()
    assert watch.state == "watching", "while a person must say what it is, nobody says that it held"
    before = len(kinds())
    actions.confirm(found, miss_reason="supplier", by=sam, now=NOW + 3 * HOUR)
    with pytest.raises(actions.AlreadyDecided):
        actions.confirm(found, miss_reason="", by=sam, now=NOW + 3 * HOUR)
    assert actions.take_back(found, by=sam, now=NOW + 3 * HOUR)
    actions.confirm(found, miss_reason="supplier", by=sam, now=NOW + 3 * HOUR)
    looked(NOW + 3 * HOUR)
    assert kinds()[before:] == [], "for ten seconds it can be taken back"

    looked(NOW + 3 * HOUR + timedelta(seconds=10))

    assert not actions.take_back(found, by=sam, now=NOW + 4 * HOUR)
    assert kinds()[before:] == [
        "RecurrenceConfirmed", "PromiseBroken", "MissExplained", "WatchBroken", "PromiseMade", "IncidentReopened",
        "CaseChanged", "IncidentSaid",
    ]  # fmt: skip
    for row in (watch, incident, case, found):
        row.refresh_from_db()
    assert (watch.state, found.state, case.incident) == ("broken", "confirmed", incident.ref)
    assert (watch.promise.state, watch.promise.miss_reason) == ("broken", "supplier")
    assert (incident.state, incident.ended_at, incident.next_word.sort) == (State.OPEN, None, "next_word")
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True)) == ["ended", "note"]
    agree(NOW + 3 * HOUR + timedelta(minutes=2))


def test_what_somebody_dismissed_is_not_asked_again_but_may_be_said_by_hand(sam: Staff) -> None:
    watch = begun(ended(sam), sam)
    case = complaint()
    looked(NOW + 2 * HOUR)
    found = Recurrence.objects.get()

    assert actions.dismiss(found, by=sam, now=NOW + 2 * HOUR)
    assert not actions.dismiss(found, by=sam, now=NOW + 2 * HOUR)
    cases.open_or_join(
        handle=handle("cyd@example.org"), text=ANGRY, subject="My order", at=NOW + 3 * HOUR, now=NOW + 3 * HOUR
    )
    looked(NOW + 4 * HOUR)
    found.refresh_from_db()
    assert found.state == "dismissed"
    agree(NOW + 4 * HOUR)

    actions.name_case(watch, case, by=sam, now=NOW + 5 * HOUR)
    looked(NOW + 6 * HOUR)
    found.refresh_from_db()
    watch.refresh_from_db()
    assert (found.state, watch.state) == ("confirmed", "broken")
    with pytest.raises(actions.NotWatched):
        actions.name_case(watch, case, by=sam, now=NOW + 6 * HOUR)
    agree(NOW + 6 * HOUR)


def test_only_what_is_new_of_others_and_not_known_to_be_something_else_is_found(sam: Staff) -> None:
    incident = ended(sam)
    before = complaint(at=NOW - 2 * HOUR, name="before@example.org")
    part = complaint(at=NOW - 2 * HOUR, name="part@example.org")
    actions.link(incident, [part], by=sam, now=NOW)
    other = handle("vase@example.org", name="Vera")
    Order.objects.create(
        reference="V1", customer=other.customer, product="Vase", ordered_at=NOW - DAY, noted_at=NOW, changed_at=NOW
    )
    begun(incident, sam)
    complaint("It is late again, I am really angry. Where is my order?", name="vase@example.org")
    complaint("Thank you, the oak bench is lovely!", name="glad@example.org")
    cases.open_or_join(
        handle=handle("part@example.org"), case_id=part.pk, text=ANGRY, at=NOW + 2 * HOUR, now=NOW + 2 * HOUR
    )

    looked(NOW + 3 * HOUR)

    assert before.pk
    assert [(row.case, row.why) for row in Recurrence.objects.all()] == []


def test_tampered_watches_are_seen(sam: Staff) -> None:
    watch = begun(ended(sam), sam)
    complaint()
    looked(NOW + 2 * HOUR)
    found = Recurrence.objects.get()
    Recurrence.objects.filter(pk=found.pk).update(state="confirmed", decided_at=NOW)
    Promise.objects.filter(pk=watch.promise_id).update(state="released", settled_at=NOW)
    Watch.objects.filter(pk=watch.pk).update(product="Vase")

    differing = [
        (one.reference, [each.column for each in one.differences]) for thing in things.THINGS for one in of_all(thing)
    ]

    assert differing == [(ref("watch", watch.pk), ["words_digest"]), (ref("recurrence", found.pk), ["is_decided"])]
    wrong = {refs for one in verify.report(now=NOW + 3 * HOUR).findings for refs in one.refs}
    assert ref("watch", watch.pk) in wrong
    with pytest.raises(IntegrityError, match="watched for longer"), transaction.atomic():
        Watch.objects.filter(pk=watch.pk).update(until=NOW + DAY)

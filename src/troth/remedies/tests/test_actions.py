"""Remedies in the tables: offered within authority, owed, given with proof, raised by standards, offered to many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW, company, handle, kinds, letters, new_facts, promise, staff

from troth.ledger.actions import seal
from troth.ledger.replay import of_all
from troth.orders import actions as orders
from troth.orders.rules.given import Given
from troth.people.actions import merge
from troth.people.models import Customer, Staff
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.promises.watcher import look_ahead as watch
from troth.remedies import actions, checks, erasing, queries, things
from troth.remedies.models import Mark, Remedy
from troth.remedies.rules.money import Money, money
from troth.remedies.rules.policy import Policy, Standard
from troth.remedies.rules.profiles import Profile, ready
from troth.site import verify
from troth.words.promises import State as Word
from troth.words.remedies import Occasion, State
from troth.words.remedies import Remedy as Sort

pytestmark = pytest.mark.django_db

FIVE = money("5", "GBP")
#: The end of the tenth working day after NOW.
TENTH = datetime(2026, 11, 25, 17, tzinfo=NOW.tzinfo)


@pytest.fixture(autouse=True)
def _company() -> None:
    company()
    queries.versions.drop()


@pytest.fixture
def ann() -> Customer:
    return handle().customer


@pytest.fixture
def sam() -> Staff:
    return staff()


@pytest.fixture
def lea() -> Staff:
    return staff("lea@parcel.example", role="lead")


def offered(ann: Customer, by: Staff, money: Money | None = FIVE, at: datetime = NOW, **values: Any) -> Remedy:
    said: dict[str, Any] = {"about": "case:12", "customer": ann, "team_id": None, "sort": Sort.REFUND, **values}
    return again(actions.offer(money=money, by=by, now=at, **said))


def again(remedy: Remedy) -> Remedy:
    return Remedy.objects.select_related("promise", "customer").get(pk=remedy.pk)


def policy(*standards: Standard, by: Staff | None = None, at: datetime = NOW - 9 * DAY) -> None:
    actions.set_policy(Policy(limits=ready(Profile.GOODWILL).limits, standards=standards), by=by, now=at)


def standard(on: Occasion, **values: Any) -> Standard:
    said: dict[str, Any] = {"name": on.value, "on": on, "sort": Sort.COMPENSATION, "pays": money("40", "GBP")}
    return Standard(**{**said, **values})


def all_is_well(*, now: datetime) -> None:
    """Rows are what their facts say, and what must be so is so."""
    assert [list(of_all(thing)) for thing in things.THINGS] == [[], [], []]
    assert [found for check in checks.checks() for found in verify.answer(check, now=now)] == []


def looked(*, now: datetime) -> None:
    watch(now=now)
    seal(now=now)
    while actions.look_ahead(now=now):
        seal(now=now)


def test_an_offer_is_a_promise_once_its_customer_says_yes(ann: Customer, sam: Staff) -> None:
    policy()
    remedy = offered(ann, sam)

    assert remedy.promise
    assert (remedy.state, remedy.promise.state, remedy.promise.due) == (State.OFFERED, Word.ARMED, None)
    assert remedy.what == "Refund of £5.00"
    assert letters() == [("ann@example.net", "What we offer you: Refund of £5.00")]

    assert actions.accept(remedy, by=None, now=NOW + HOUR)
    assert not actions.accept(remedy, by=None, now=NOW + HOUR)
    remedy = again(remedy)
    assert remedy.promise
    assert (remedy.state, remedy.due, remedy.promise.state, remedy.promise.due) == ("accepted", TENTH, "open", TENTH)

    assert not actions.withdraw(remedy, reason="Changed my mind.", by=sam, now=NOW + HOUR)
    assert actions.give(remedy, given_at=NOW + DAY, reference="BACS 77", by=sam, now=NOW + 2 * DAY)
    assert not actions.give(remedy, given_at=NOW + DAY, reference="BACS 77", by=sam, now=NOW + 2 * DAY)
    remedy = again(remedy)
    assert remedy.promise
    assert (remedy.state, remedy.promise.state, remedy.promise.done_at) == (State.GIVEN, Word.KEPT, NOW + DAY)
    told = [(kind, values.get("in_time")) for kind, values in new_facts(f"remedy:{remedy.pk}")]
    assert told == [("RemedyOffered", None), ("RemedyAccepted", None), ("RemedyGiven", True)]
    assert letters()[-1] == ("ann@example.net", "Given: Refund of £5.00")
    all_is_well(now=NOW + 2 * DAY)


def test_beyond_authority_it_waits_and_nobody_hears_of_it(ann: Customer, sam: Staff, lea: Staff) -> None:
    policy()
    remedy = offered(ann, sam, money("200", "GBP"), asks=False)

    assert (remedy.state, remedy.promise, letters()) == (State.WAITING, None, [])
    with pytest.raises(actions.NotAllowed):
        actions.authorise(remedy, by=sam, now=NOW)
    assert actions.authorise(remedy, by=lea, now=NOW + HOUR)
    assert not actions.authorise(remedy, by=lea, now=NOW + HOUR)
    remedy = again(remedy)
    assert remedy.promise
    assert (remedy.state, remedy.due, remedy.promise.due, remedy.authorised_by) == ("due", TENTH, TENTH, lea)
    assert letters() == [("ann@example.net", "What you get from us: Refund of £200.00")]
    with pytest.raises(actions.NotAllowed):
        actions.authorise(offered(ann, sam, money("501", "GBP")), by=lea, now=NOW)
    all_is_well(now=NOW + HOUR)


def test_what_was_sought_is_offered_or_sought_again(ann: Customer, sam: Staff, lea: Staff) -> None:
    policy()
    asked: dict[str, Any] = {"about": "case:12", "customer": ann, "team_id": None, "sort": Sort.REFUND, "by": sam}
    sought = actions.seek(**asked, what="All of it back", now=NOW)

    assert actions.seek(**asked, now=NOW) == sought
    waiting = offered(ann, sam, money("90", "GBP"), sought=sought)
    assert (waiting.pk, waiting.state) == (sought.pk, State.WAITING)
    assert actions.refuse(waiting, reason="Too much", by=lea, now=NOW)
    assert again(sought).state == State.SOUGHT
    assert offered(ann, sam, sought=sought).state == State.OFFERED
    assert actions.decline(sought, reason="Not enough", by=sam, now=NOW)
    found = again(sought)
    assert found.promise
    assert (found.state, found.promise.state) == (State.DECLINED, Word.RELEASED)
    all_is_well(now=NOW)


def test_an_offer_is_taken_back_with_a_reason_only(ann: Customer, sam: Staff) -> None:
    remedy = offered(ann, sam, None, sort=Sort.APOLOGY)

    with pytest.raises(actions.NotNow):
        actions.withdraw(remedy, reason=" ", by=sam, now=NOW)
    assert actions.withdraw(remedy, reason="Sent to the wrong person.", by=sam, now=NOW)
    assert not actions.accept(remedy, by=None, now=NOW)
    assert again(remedy).promise.state == Word.VOID  # type: ignore[union-attr]
    all_is_well(now=NOW)


def test_what_a_reply_promised_stands_for_the_remedy(ann: Customer, lea: Staff) -> None:
    made = promise(customer=ann, what="Refund five pounds", about="case:12")
    remedy = offered(ann, lea, promise=made)

    assert (remedy.state, remedy.promise, remedy.due) == (State.DUE, made, FRIDAY)
    assert Promise.objects.count() == 1
    assert letters() == []
    with pytest.raises(actions.NotTheirs):
        offered(ann, lea, promise=made)
    all_is_well(now=NOW)


@pytest.mark.parametrize(
    ("given_at", "reference"), [(NOW + 3 * HOUR, "BACS 1"), (NOW - DAY, "BACS 1"), (NOW, ""), (NOW, "  ")]
)
def test_what_cannot_have_been_given_is_not(given_at: datetime, reference: str, ann: Customer, lea: Staff) -> None:
    remedy = offered(ann, lea, asks=False)

    with pytest.raises(actions.NotGiven):
        actions.give(remedy, given_at=given_at, reference=reference, by=lea, now=NOW + HOUR)
    assert again(remedy).state == State.DUE


@pytest.mark.parametrize("wrong", ["amount = 1", "state = 'due'", "given_at = now()", "due = due + interval '1 day'"])
def test_the_database_keeps_what_was_given(wrong: str, ann: Customer, lea: Staff) -> None:
    from django.db import connection

    remedy = offered(ann, lea, asks=False)
    actions.give(remedy, given_at=NOW, reference="BACS 1", by=lea, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE remedies_remedy SET {wrong} WHERE id = %s", [remedy.pk])  # noqa: S608 -- the test's own


def test_an_appointment_that_nobody_kept_is_paid_for_and_once_more_if_late(ann: Customer, lea: Staff) -> None:
    policy(standard(Occasion.MISSED_APPOINTMENT, second=money("20", "GBP")))
    starts_at = NOW + 2 * HOUR
    made = promise(customer=ann, what="Mend the boiler", window_start=starts_at, due=NOW + 4 * HOUR, about="case:12")
    looked(now=NOW + 5 * HOUR)
    looked(now=NOW + 6 * HOUR)

    first = Remedy.objects.select_related("promise").get()
    assert first.promise
    assert (first.state, first.occasion, first.about, first.due) == ("due", f"promise:{made.pk}", "case:12", TENTH)
    assert (str(first.amount), first.promise.due, first.customer) == ("40.00", TENTH, ann)
    assert "We missed your appointment: Compensation of £40.00" in [subject for _to, subject in letters()]
    assert b"You did not have to ask for it." in bytes(Letter.objects.get(because=f"remedy:{first.pk}").raw)

    actions.set_policy(Policy(), by=lea, now=NOW + DAY)  # the second is owed by what was promised with the first
    looked(now=TENTH + HOUR)
    looked(now=TENTH + 2 * HOUR)
    second = Remedy.objects.get(second_of=first)
    assert (again(first).state, again(first).promise.state) == ("missed", "late")  # type: ignore[union-attr]
    assert (second.state, str(second.amount), second.occasion) == ("due", "20.00", f"remedy:{first.pk}")
    looked(now=TENTH + 40 * DAY)
    assert (again(second).state, Remedy.objects.count()) == (State.MISSED, 2)
    assert actions.give(first, given_at=TENTH + 40 * DAY, reference="late", by=lea, now=TENTH + 40 * DAY)
    all_is_well(now=TENTH + 40 * DAY)


def test_an_appointment_moved_at_the_last_moment_counts_as_missed(ann: Customer, lea: Staff) -> None:
    policy(standard(Occasion.MISSED_APPOINTMENT))
    soon, later = (
        promise(customer=ann, what=what, window_start=at - 2 * HOUR, due=at, about="case:12")
        for what, at in (("Come tomorrow", NOW + DAY), ("Come next week", NOW + 7 * DAY))
    )
    for one in (soon, later):
        promises.move(one, to=NOW + 20 * DAY, words="Ill", reason="", by=lea, now=NOW + 5 * HOUR)
    looked(now=NOW + 5 * HOUR)

    assert list(Remedy.objects.values_list("occasion", flat=True)) == [f"promise:{soon.pk}"]


@pytest.mark.parametrize("delivered", [None, NOW + 2 * DAY])
def test_a_late_order_is_paid_for_once(delivered: datetime | None, ann: Customer) -> None:
    policy(standard(Occasion.LATE_DELIVERY))
    told: dict[str, Any] = {"reference": "1001", "address": "ann@example.net", "ordered_at": NOW - DAY}

    def note(at: datetime, **values: Any) -> None:
        orders.note(Given(**told, **values), by=None, now=at)
        looked(now=at)

    note(NOW, promised_for=NOW + DAY)
    looked(now=NOW + DAY + HOUR)
    note(NOW + 3 * DAY, promised_for=NOW + DAY, delivered_at=delivered)
    # Of another the shop tells only when it is too late to promise anything.
    told["reference"] = "1002"
    note(NOW + 3 * DAY, promised_for=NOW + DAY, delivered_at=delivered)
    note(NOW + 4 * DAY, promised_for=NOW + 2 * DAY - HOUR, delivered_at=delivered)
    # And what was late before anybody set a policy raises nothing.
    told["reference"] = "999"
    note(NOW + 4 * DAY, promised_for=NOW - 30 * DAY, delivered_at=NOW - DAY)

    assert [(row.occasion, row.about) for row in Remedy.objects.order_by("pk")] == [
        (row.occasion, row.occasion) for row in Remedy.objects.order_by("pk")
    ]
    assert Remedy.objects.filter(state="due").count() == 2
    all_is_well(now=NOW + 4 * DAY)


def test_without_a_policy_nothing_is_looked_at(ann: Customer) -> None:
    promise(customer=ann, window_start=NOW, due=NOW + HOUR)
    looked(now=NOW + DAY)

    assert (Remedy.objects.count(), Mark.objects.count()) == (0, 0)


def test_a_promise_let_go_of_lets_go_of_its_remedy(ann: Customer, lea: Staff) -> None:
    remedy = offered(ann, lea, asks=False)
    promises.release(remedy.promise, reason="They said never mind.", by=lea, now=NOW)  # type: ignore[arg-type]
    looked(now=NOW)

    assert (again(remedy).state, again(remedy).reason) == (State.DECLINED, "They said never mind.")
    all_is_well(now=NOW)


def test_many_are_offered_the_same_once_it_can_no_longer_be_taken_back(lea: Staff, sam: Staff) -> None:
    policy()
    many = [handle(f"c{n}@example.net", name=f"C{n}").customer.pk for n in range(5)]
    said: dict[str, Any] = {"about": "incident:3", "customer_ids": many, "sort": Sort.REFUND, "money": FIVE, "now": NOW}
    with pytest.raises(actions.NotAllowed):
        actions.offer_all(**{**said, "money": money("26", "GBP")}, by=sam)
    gone, stays = actions.offer_all(**said, by=lea), actions.offer_all(**said, by=lea)
    assert actions.take_back(gone, by=lea, now=NOW + timedelta(minutes=1))
    looked(now=NOW + timedelta(minutes=1))
    assert Remedy.objects.count() == 0

    later = NOW + timedelta(minutes=3)
    assert [actions.give_out(now=later, most=2) for _ in range(4)] == [2, 2, 1, 0]

    assert not actions.take_back(stays, by=lea, now=later)
    rows = Remedy.objects.select_related("promise").order_by("customer")
    assert [(row.customer_id, row.state, row.promise.state) for row in rows if row.promise] == [
        (pk, State.DUE, Word.OPEN) for pk in many
    ]
    assert letters() == []  # the notice tells them
    assert kinds().count("RemedyDue") == kinds().count("PromiseMade") == 5
    all_is_well(now=later)


def test_who_turned_out_to_be_one_person_gets_it_once(lea: Staff) -> None:
    ann, bob, anna = (handle(f"{name}@example.net").customer for name in ("ann", "bob", "anna"))
    actions.offer_all(
        about="incident:3", customer_ids=[ann.pk, bob.pk, anna.pk], sort=Sort.REFUND, money=FIVE, by=lea, now=NOW
    )
    merge(front=anna, merged=ann, by=lea, now=NOW)

    later = NOW + timedelta(minutes=3)
    assert [actions.give_out(now=later, most=2) for _ in range(3)] == [2, 1, 0]

    assert list(Remedy.objects.order_by("pk").values_list("customer", flat=True)) == [ann.pk, bob.pk]
    all_is_well(now=later)


def test_whoever_is_forgotten_leaves_sums_and_no_words(ann: Customer, lea: Staff) -> None:
    given, sought = offered(ann, lea, asks=False), actions.seek(
        about="case:12", customer=ann, team_id=None, sort=Sort.APOLOGY, what="Say sorry to my wife", by=lea, now=NOW
    )  # fmt: skip
    actions.give(given, given_at=NOW, reference="BACS of Ann", note="to Ann", by=lea, now=NOW)
    Customer.objects.filter(pk=ann.pk).update(erased_at=timezone.now())
    assert erasing.left() == {ann.pk}

    erasing.erase([ann.pk], now=NOW + HOUR)

    assert erasing.left() == set()
    assert again(sought).state == State.WITHDRAWN
    assert (again(given).proof_reference, str(again(given).amount)) == ("Erased", "5.00")

"""Who is affected: frozen with one statement, never changed then, joined late, left out with a reason."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.people_and_things import DAY, HOUR, NOW, company, handle, new_facts, staff

from troth.cases import actions as cases
from troth.ledger.replay import of_all
from troth.notices import cohort_things, erasing
from troth.notices.actions import cohorts
from troth.notices.members import frozen_digest
from troth.notices.models import Cohort, Line, Member, Standing, Upload
from troth.notices.rules.conditions import Every, Listed, OfCases, OfCustomers, OfOrders, Some
from troth.notices.rules.frozen import digest_of, line, mark_of
from troth.notices.selecting import preview
from troth.orders.models import Order
from troth.people import actions as people
from troth.people.models import Customer, Staff

pytestmark = pytest.mark.django_db

LATE_TO_LEEDS = OfOrders(places=("Leeds",), stands=("late",))


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def sam() -> Staff:
    return staff()


def person(name: str) -> int:
    return handle(f"{name}@example.net", name=name.title()).customer_id


def order(customer: int, **values: Any) -> Order:
    told = {"place": "Leeds", "ordered_at": NOW - 5 * DAY, "promised_for": NOW - DAY, **values}
    number = Order.objects.count() + 1
    return Order.objects.create(reference=f"A-{number}", customer_id=customer, noted_at=NOW, changed_at=NOW, **told)


def frozen(conditions: Any, by: Staff | None = None, **values: Any) -> Cohort:
    return cohorts.freeze(
        cohorts.draft(about="incident:3", conditions=conditions, by=by, now=NOW), by=by, now=NOW, **values
    )


def members(cohort: Cohort) -> list[tuple[int | None, str, str]]:
    rows = Member.objects.filter(cohort=cohort).order_by("pk")
    return list(rows.values_list("customer_id", "why", "standing"))


def uploaded(*addresses: str) -> Upload:
    upload = Upload.objects.create(name="List", at=NOW, digest="00")
    for number, address in enumerate(addresses, start=1):
        Line.objects.create(upload=upload, number=number, address=address)
    return upload


def test_whoever_meets_the_conditions_is_frozen_with_why(sam: Staff) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    first, second = order(ann), order(ann)
    order(bob, delivered_at=NOW - 2 * DAY)
    other = order(cid, delivered_at=NOW - HOUR)

    cohort = frozen(LATE_TO_LEEDS, sam)

    assert members(cohort) == [(ann, f"order:{first.pk} order:{second.pk}", "in"), (cid, f"order:{other.pk}", "in")]
    lines = [f"customer:{ann}\torder:{first.pk} order:{second.pk}\n", f"customer:{cid}\torder:{other.pk}\n"]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert (cohort.count, cohort.digest, cohort.frozen_at) == (2, digest, NOW)
    assert new_facts(f"cohort:{cohort.pk}") == [
        ("CohortFrozen", {"concerns": "incident:3", "count": 2, "digest": digest, "by": sam.reference})
    ]
    with pytest.raises(cohorts.AlreadyFrozen):
        cohorts.freeze(cohort, by=sam, now=NOW)
    with pytest.raises(cohorts.AlreadyFrozen):
        cohorts.change(cohort, conditions=Every())


def test_nobody_is_frozen_by_mistake(sam: Staff) -> None:
    person("ann")

    for conditions in (Every(), Some(), OfOrders()):
        with pytest.raises(cohorts.NobodyIsAffected):
            frozen(conditions, sam)
    assert frozen(OfOrders(), sam, joins_until=NOW + DAY).count == 0


def test_one_person_is_a_member_once_under_whichever_number(sam: Staff) -> None:
    ann, anna = person("ann"), person("anna")
    orders = [order(anna), order(ann)]
    people.merge(front=Customer.objects.get(pk=ann), merged=Customer.objects.get(pk=anna), by=sam, now=NOW)

    cohort = frozen(LATE_TO_LEEDS, sam)
    assert members(cohort) == [(ann, " ".join(f"order:{one.pk}" for one in orders), "in")]
    assert cohorts.add(cohort, customers=[anna], by=sam, now=NOW + HOUR) == 0


def test_who_was_forgotten_is_never_a_member(sam: Staff) -> None:
    ann, bob = person("ann"), person("bob")
    order(ann), order(bob)
    Customer.objects.filter(pk=ann).update(erased_at=NOW)

    assert [one.customer for one in preview(LATE_TO_LEEDS, now=NOW).sample] == [bob]
    cohort = frozen(OfCustomers(), sam)
    assert [customer for customer, *_ in members(cohort)] == [bob]
    assert cohorts.add(cohort, customers=[ann], by=sam, now=NOW) == 0


def test_late_joiners_are_added_and_marked(sam: Staff) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    order(ann)
    cohort = frozen(LATE_TO_LEEDS, sam, joins_until=NOW + DAY)
    order(ann)
    late = order(bob)

    assert cohorts.join_late(now=NOW + timedelta(seconds=30)) == 0  # looked at a moment ago
    assert cohorts.join_late(now=NOW + HOUR) == 1
    assert cohorts.join_late(now=NOW + 2 * HOUR) == 0

    assert members(cohort)[1:] == [(bob, f"order:{late.pk}", "late")]
    ((kind, said),) = new_facts(f"cohort:{cohort.pk}", since=1)
    assert (kind, said["count"], said["by"]) == ("MembersJoined", 1, "")
    assert said["digest"] == digest_of([line(customer=bob, mark="", why=f"order:{late.pk}")])

    # Once more when its day has passed, and never again.
    order(cid)
    assert [cohorts.join_late(now=NOW + DAY + hours * HOUR) for hours in (1, 2)] == [1, 0]
    order(person("dan"))
    assert cohorts.join_late(now=NOW + 3 * DAY) == 0


def test_who_is_left_out_is_so_for_a_reason_and_comes_back(sam: Staff) -> None:
    ann, bob = person("ann"), person("bob")
    order(ann)
    cohort = frozen(LATE_TO_LEEDS, sam, joins_until=NOW + DAY)
    order(bob)
    cohorts.join_late(now=NOW + HOUR)

    for member in Member.objects.filter(cohort=cohort):
        with pytest.raises(cohorts.NoReason):
            cohorts.exclude(member, reason=" ", by=sam, now=NOW)
        assert cohorts.exclude(member, reason="Rang them", by=sam, now=NOW)
        assert not cohorts.exclude(member, reason="Again", by=sam, now=NOW)
    assert {standing for *_, standing in members(cohort)} == {"excluded"}
    for member in Member.objects.filter(cohort=cohort):
        assert cohorts.take_back_exclusion(member, by=sam, now=NOW)
        assert not cohorts.take_back_exclusion(member, by=sam, now=NOW)

    assert [standing for *_, standing in members(cohort)] == ["in", "late"]
    member = Member.objects.get(cohort=cohort, customer=ann)
    said = {"cohort": f"cohort:{cohort.pk}", "by": sam.reference}
    assert new_facts(f"member:{member.pk}") == [("MemberExcluded", said), ("MemberIncludedAgain", said)]


TAMPERING = [
    "DELETE FROM notices_member",
    "DELETE FROM notices_cohort",
    "UPDATE notices_cohort SET conditions = '{}'",
    "UPDATE notices_cohort SET count = 7",
    "UPDATE notices_cohort SET frozen_at = NULL, digest = ''",
    "UPDATE notices_member SET why = 'order:99'",
    "UPDATE notices_member SET customer_id = OTHER",
    "UPDATE notices_member SET address = 'other@example.net' WHERE customer_id IS NULL",
    "UPDATE notices_member SET standing = 'late'",
    "INSERT INTO notices_member (cohort_id, customer_id, standing, added_at, address, name, why, reason)"
    " SELECT id, OTHER, 'in', frozen_at, '', '', '', '' FROM notices_cohort",
]


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_is_frozen_the_database_keeps(sam: Staff, statement: str) -> None:
    ann, bob = person("ann"), person("bob")
    upload = uploaded("new@example.net")
    order(ann)
    frozen(Some((LATE_TO_LEEDS, Listed(upload.pk))), sam)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.replace("OTHER", str(bob)))


def test_an_address_of_a_list_is_a_member_until_it_is_forgotten(sam: Staff) -> None:
    ann = person("ann")
    upload = uploaded("ann@example.net", "new@example.net", "new@example.net")
    cohort = frozen(Listed(upload.pk), sam, joins_until=NOW + DAY)

    first, second = Member.objects.filter(cohort=cohort).order_by("pk")
    numbers = list(Line.objects.order_by("pk").values_list("pk", flat=True))
    assert (first.customer_id, first.why) == (ann, f"line:{numbers[0]}")
    assert (second.customer_id, second.address) == (None, "new@example.net")
    assert second.mark == mark_of(salt=bytes(second.salt), address="new@example.net")
    assert second.why == f"line:{numbers[1]} line:{numbers[2]}"

    # They write to us and are a customer now: the same person, and a member already.
    new = person("new")
    assert cohorts.join_late(now=NOW + HOUR) == 0

    erasing.erase([new], ["new@example.net"])
    second.refresh_from_db()
    assert (second.address, bytes(second.salt), second.why != "") == ("", b"", True)
    assert frozen_digest(cohort) == cohort.digest
    assert not Line.objects.exclude(address__in=["", "ann@example.net"]).exists()


def test_a_case_is_found_by_what_was_said_in_it(sam: Staff) -> None:
    ann, bob = handle(), handle("bob@example.net", name="Bob")
    case = cases.open_or_join(handle=ann, text="The 100% Kettle leaks.", subject="Hello", at=NOW, now=NOW).case
    cases.open_or_join(handle=bob, text="The 1000 kettles leak not.", subject="Hello", at=NOW, now=NOW)

    found = preview(OfCases(words=("100% kettle",)), now=NOW)

    assert [(one.customer, one.why) for one in found.sample] == [(ann.customer_id, f"case:{case.pk}")]
    assert Standing.IN == "in"


def agree() -> list[str]:
    """What of cohorts and members is not what their facts say."""
    return [one.reference for thing in cohort_things.THINGS for one in of_all(thing)]


PAST_THE_TRIGGERS = [
    ("UPDATE notices_member SET why = 'order:99' WHERE id = FIRST", "cohort"),
    ("UPDATE notices_member SET customer_id = NULL, mark = 'ab' WHERE id = FIRST", "cohort"),
    ("DELETE FROM notices_member WHERE id = FIRST", "cohort"),
    ("UPDATE notices_cohort SET count = count - 1 WHERE frozen_at IS NOT NULL", "cohort"),
    ("UPDATE notices_cohort SET digest = 'ab' WHERE frozen_at IS NOT NULL", "cohort"),
    ("UPDATE notices_cohort SET about = 'incident:4'", "cohort"),
    (
        "UPDATE notices_member SET standing = 'excluded', reason = 'x', excluded_at = now() WHERE id = FIRST",
        "member",
    ),
    ("DELETE FROM notices_member WHERE standing = 'late'", "cohort"),
]


def test_what_was_changed_past_the_triggers_is_found(sam: Staff) -> None:
    order(person("ann")), order(person("bob"))
    cohort = frozen(LATE_TO_LEEDS, sam, joins_until=NOW + DAY)
    cohorts.draft(about="incident:3", conditions=LATE_TO_LEEDS, by=sam, now=NOW)
    order(person("cid"))
    cohorts.join_late(now=NOW + HOUR)
    first = Member.objects.filter(cohort=cohort).earliest("pk")
    cohorts.exclude(Member.objects.filter(cohort=cohort).latest("pk"), reason="Rang them", by=sam, now=NOW)
    cohorts.take_back_exclusion(Member.objects.filter(cohort=cohort).latest("pk"), by=sam, now=NOW)
    assert agree() == []

    for statement, found in PAST_THE_TRIGGERS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE notices_cohort DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE notices_member DISABLE TRIGGER USER")
            cursor.execute(statement.replace("FIRST", str(first.pk)))
            assert [one.partition(":")[0] for one in agree()] == [found], statement
            transaction.set_rollback(True)
    assert agree() == []

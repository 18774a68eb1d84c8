from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import RequestFactory
from tests.people_and_things import DAY, NOW, company, handle, kinds, new_facts, staff

from troth.ledger import replay
from troth.ledger.rules.canonical import moment
from troth.people import actions as people
from troth.people import queries, things
from troth.people.doors import staff_door
from troth.people.models import Calendar, Customer, Handle, Link, Merge, SecurityEvent, Team
from troth.people.rules.addresses import NotAnAddress
from troth.people.rules.roles import May, Role
from troth.words.hours import office

pytestmark = pytest.mark.django_db


def roots() -> dict[str, str]:
    """Whom each customer stands under, by name."""
    return {row.name: row.root.name for row in Customer.objects.select_related("root")}  # type: ignore[union-attr]


def customers(*names: str) -> list[Customer]:
    return [handle(f"{name}@example.net", name=name).customer for name in names]


def test_customer_is_met_once_however_they_spell_their_address() -> None:
    first = people.find_or_make_customer(address="Ann@Example.net ", name=" Ann\n", now=NOW)

    again = people.find_or_make_customer(address="ann@example.NET", name="Somebody else", now=NOW + DAY)

    assert again == first
    customer = Customer.objects.get()
    assert (customer.name, customer.met_at, customer.root_id) == ("Ann", NOW, customer.pk)
    assert (first.address, first.kind) == ("ann@example.net", "email")
    assert new_facts(f"customer:{customer.pk}") == [("CustomerMet", {"channel": "email"})]


@pytest.mark.parametrize("address", ["ann@localhost", "Ann <ann@example.net>", "a@b.net\nBcc: c@d.net"])
def test_nobody_is_met_at_what_is_no_address(address: str) -> None:
    with pytest.raises(NotAnAddress):
        people.find_or_make_customer(address=address, name="Ann", now=NOW)

    assert Customer.objects.count() == 0
    assert kinds() == []


def test_merge_points_and_unmerge_points_back() -> None:
    ann, bob = customers("ann", "bob")
    sam = staff()

    record = people.merge(front=ann, merged=bob, by=sam, now=NOW)

    assert roots() == {"ann": "ann", "bob": "ann"}
    assert sorted(queries.family(bob.pk)) == sorted([ann.pk, bob.pk]) == sorted(queries.family(ann.pk))
    assert queries.merges_of(ann.pk) == [record]
    assert people.unmerge(record, by=sam, now=NOW + DAY)
    assert not people.unmerge(record, by=sam, now=NOW + DAY)
    assert roots() == {"ann": "ann", "bob": "bob"}
    assert queries.merges_of(ann.pk) == []
    assert new_facts(f"customer:{ann.pk}", since=1) == [
        ("CustomersMerged", {"merged": f"customer:{bob.pk}", "by": f"staff:{sam.pk}"}),
        ("CustomersUnmerged", {"merged": f"customer:{bob.pk}", "by": f"staff:{sam.pk}"}),
    ]


@pytest.mark.parametrize("pair", [("ann", "ann"), ("ann", "bob"), ("bob", "ann")])
def test_who_is_one_already_is_not_merged(pair: tuple[str, str]) -> None:
    people_by_name = dict(zip(["ann", "bob"], customers("ann", "bob"), strict=True))
    people.merge(front=people_by_name["ann"], merged=people_by_name["bob"], by=None, now=NOW)

    with pytest.raises(people.CannotMerge):
        people.merge(front=people_by_name[pair[0]], merged=people_by_name[pair[1]], by=None, now=NOW)

    assert Merge.objects.count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_chain_of_merges_comes_apart_exactly_in_any_order(order: tuple[int, ...]) -> None:
    ann, bob, cid = customers("ann", "bob", "cid")
    merges = [
        people.merge(front=bob, merged=cid, by=None, now=NOW),
        people.merge(front=ann, merged=bob, by=None, now=NOW + DAY),
    ]
    assert roots() == {"ann": "ann", "bob": "ann", "cid": "ann"}

    expected = {
        0: {"ann": "ann", "bob": "ann", "cid": "cid"},  # bob and cid apart: ann and bob stay one
        1: {"ann": "ann", "bob": "bob", "cid": "bob"},
    }
    people.unmerge(merges[order[0]], by=None, now=NOW + 2 * DAY)
    assert roots() == expected[order[0]]

    people.unmerge(merges[order[1]], by=None, now=NOW + 3 * DAY)
    assert roots() == {"ann": "ann", "bob": "bob", "cid": "cid"}


def test_merging_a_merged_one_merges_the_families() -> None:
    ann, bob, cid, dan = customers("ann", "bob", "cid", "dan")
    people.merge(front=ann, merged=bob, by=None, now=NOW)
    people.merge(front=cid, merged=dan, by=None, now=NOW)

    record = people.merge(front=bob, merged=dan, by=None, now=NOW)

    assert (record.front_id, record.merged_id) == (ann.pk, cid.pk)
    assert set(roots().values()) == {"ann"}
    people.unmerge(record, by=None, now=NOW)
    assert roots() == {"ann": "ann", "bob": "ann", "cid": "cid", "dan": "cid"}


def test_merged_customer_is_written_to_at_the_best_address_of_all() -> None:
    ann, bob = customers("ann", "bob")
    people.merge(front=ann, merged=bob, by=None, now=NOW)
    Handle.objects.filter(customer=ann).update(bounced_at=NOW)

    best = queries.address_of(ann.pk)

    assert best is not None
    assert best.address == "bob@example.net"
    assert {pk: found.address for pk, found in queries.addresses_of([ann.pk, bob.pk]).items()} == {
        ann.pk: "bob@example.net",
        bob.pk: "bob@example.net",
    }
    Handle.objects.update(bounced_at=None)
    Handle.objects.filter(customer=bob).update(verified_at=NOW)
    assert queries.address_of(ann.pk) == Handle.objects.get(customer=bob)


def test_address_is_shown_to_be_theirs_once() -> None:
    ann = handle()

    told = [people.confirm_handle(ann, how="answered", now=NOW + DAY * number) for number in (1, 2)]

    assert (told, ann.verified_at) == ([True, False], NOW + DAY)
    assert new_facts(f"handle:{ann.pk}") == [("HandleConfirmed", {"how": "answered"})]


def test_a_group_set_behind_the_ledgers_back_is_found() -> None:
    ann, sam = handle("ann@example.net").customer, staff()
    for group in ("vip", "press", "press"):
        people.set_group(ann, group=group, by=sam, now=NOW)
    assert new_facts(f"customer:{ann.pk}", since=1) == [
        ("CustomerGrouped", {"before": "", "after": "vip", "by": sam.reference}),
        ("CustomerGrouped", {"before": "vip", "after": "press", "by": sam.reference}),
    ]
    assert list(replay.of(things.THINGS[0], [ann.pk])) == []

    Customer.objects.filter(pk=ann.pk).update(group="staff")

    [found] = replay.of(things.THINGS[0], [ann.pk])
    assert [one.column for one in found.differences] == ["group"]


def test_address_that_bounced_is_written_to_last_until_somebody_writes_from_it() -> None:
    first, second = handle(), handle("ann@example.com")
    people.merge(front=first.customer, merged=second.customer, by=None, now=NOW)
    bounce = {"address": "Ann@example.net", "letter": "letter:9"}

    told = [people.handle_bounced(**bounce, now=NOW), people.handle_bounced(**bounce, now=NOW + DAY)]

    assert told == [True, False]
    assert queries.address_of(first.customer_id) == second
    assert people.handle_bounced(address="nobody@example.net", letter="letter:9", now=NOW) is False
    assert people.confirm_handle(first, how="vouched", now=NOW + DAY) is True
    assert queries.address_of(first.customer_id) == first
    assert new_facts(f"handle:{first.pk}") == [
        ("HandleBounced", {"letter": "letter:9"}),
        ("HandleConfirmed", {"how": "vouched"}),
    ]


def test_address_belongs_to_one_customer_in_the_database_too() -> None:
    ann, bob = customers("ann", "bob")

    with pytest.raises(DatabaseError), transaction.atomic():
        Handle.objects.create(customer=bob, kind="email", address="ann@example.net")

    assert Handle.objects.filter(customer=ann).count() == 1


# Links


def test_link_opens_its_customers_page_and_reading_changes_nothing() -> None:
    ann = handle().customer
    link = people.issue_link(customer_id=ann.pk, now=NOW)

    token = queries.link_token(link)

    assert queries.open_link(token, now=NOW) == link
    assert queries.open_link(token, now=NOW).opened_at is None
    people.link_opened(link, now=NOW)
    people.link_opened(link, now=NOW + DAY)
    assert Link.objects.get().opened_at == NOW
    assert queries.link_url(link).endswith(f"/p/{token}/")
    assert new_facts(f"link:{link.pk}") == [("LinkIssued", {"expires_at": moment(NOW + people.LINK_LIFE)})]


def test_fresh_link_is_given_again_and_an_ageing_one_is_not() -> None:
    ann = handle().customer
    link = people.issue_link(customer_id=ann.pk, now=NOW)

    assert people.issue_link(customer_id=ann.pk, now=NOW + people.LINK_LIFE / 2 - DAY) == link
    assert people.issue_link(customer_id=ann.pk, now=NOW + people.LINK_LIFE / 2) != link
    assert people.issue_link(customer_id=ann.pk, about="case:1", now=NOW) != link
    assert kinds().count("LinkIssued") == 3


def test_links_of_many_are_issued_together() -> None:
    ann, bob = customers("ann", "bob")
    standing = people.issue_link(customer_id=ann.pk, now=NOW)

    links = people.issue_links(customer_ids=[ann.pk, bob.pk, bob.pk], now=NOW)

    assert links == {ann.pk: standing, bob.pk: Link.objects.get(customer=bob)}
    assert kinds().count("LinkIssued") == 2


def test_expired_or_revoked_link_opens_nothing() -> None:
    ann, sam = handle().customer, staff()
    link = people.issue_link(customer_id=ann.pk, now=NOW, life=DAY)
    token = queries.link_token(link)

    with pytest.raises(queries.NoSuchLink):
        queries.open_link(token, now=NOW + DAY)
    assert queries.standing_link(link.pk, now=NOW + DAY) is None
    assert queries.standing_link(link.pk, now=NOW) == link
    assert people.revoke_links(customer_ids=[ann.pk], by=sam, origin="203.0.113.77", now=NOW) == 1
    assert people.revoke_links(customer_ids=[ann.pk], by=sam, now=NOW) == 0
    with pytest.raises(queries.NoSuchLink):
        queries.open_link(token, now=NOW)
    assert queries.standing_link(link.pk, now=NOW) is None
    assert new_facts(f"link:{link.pk}", since=1) == [("LinkRevoked", {"by": f"staff:{sam.pk}"})]
    assert list(SecurityEvent.objects.values_list("kind", "staff", "about", "how", "origin")) == [
        ("links_revoked", sam.pk, f"customer:{ann.pk}", "1", "203.0.113.0/24")
    ]


def test_guessed_or_forged_token_opens_nothing(settings: Any) -> None:
    ann, bob = customers("ann", "bob")
    link, other = (people.issue_link(customer_id=one.pk, now=NOW) for one in (ann, bob))
    token = queries.link_token(link)
    value, signature = token.split("~")
    settings.SECRET_KEY = "another installation's key, also of fifty characters."
    foreign = queries.link_token(link)
    settings.SECRET_KEY = "tests-sign-nothing-of-worth-and-need-fifty-characters"

    for forged in [
        "",
        "~",
        "1",
        str(link.pk),
        f"{link.pk}.{link.nonce}",
        f"{other.pk}.{link.nonce}~{signature}",
        f"{link.pk}.{other.nonce}~{signature}",
        f"{value}~{signature[:-1]}",
        f"{value}~",
        f"{token}~",
        token.upper(),
        token + "\0",
        "9" * 5000,
        foreign,
    ]:
        with pytest.raises(queries.NoSuchLink):
            queries.open_link(forged, now=NOW)


def test_signed_number_beyond_every_row_opens_nothing() -> None:
    people.issue_link(customer_id=handle().customer.pk, now=NOW)
    never = Link(pk=10**30, nonce="x")

    with pytest.raises(queries.NoSuchLink):
        queries.open_link(queries.link_token(never), now=NOW)


# Doors


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("may", May)
def test_door_lets_in_exactly_who_may(role: Role, may: May, rf: RequestFactory) -> None:
    request = rf.get("/somewhere/")
    request.user = staff(role=role)
    view = staff_door(may)(lambda request: HttpResponse("in"))

    if request.user.may(may):
        assert view(request).content == b"in"
    else:
        with pytest.raises(PermissionDenied):
            view(request)


def test_door_sends_strangers_to_sign_in_and_lets_in_nobody_who_left(rf: RequestFactory, settings: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    view = staff_door(May.READ)(lambda request: HttpResponse("in"))
    request = rf.get("/somewhere/")
    request.user = AnonymousUser()

    assert view(request)["Location"] == f"{resolve_url(settings.LOGIN_URL)}?next=/somewhere/"
    request.user = staff(role="admin", is_active=False)
    with pytest.raises(PermissionDenied):
        view(request)
    assert view.door is May.READ  # type: ignore[attr-defined]


# Hours and leads


def test_team_works_its_own_hours_else_the_companys() -> None:
    company()
    calendar = Calendar.objects.create(name="Night", plain=office("Asia/Tokyo").to_plain())
    night, day = Team.objects.create(name="Night", calendar=calendar), Team.objects.create(name="Day")

    assert queries.hours_of(night.pk).zone == "Asia/Tokyo"
    assert queries.hours_of(day.pk).zone == queries.hours_of().zone == "Europe/London"
    assert queries.zone_of(handle(zone="Asia/Kolkata").customer) == "Asia/Kolkata"


def test_there_is_one_company() -> None:
    company()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_company (id, name, is_sample, calendar_id) SELECT 2, '', false, id FROM people_calendar"
        )


def test_a_company_that_was_just_set_up_counts_at_once(db: None) -> None:
    assert queries.hours_of().zone == "UTC"

    people.set_up_company(name="Fernhill", zone="Asia/Tokyo")

    assert (queries.company_name(), queries.hours_of().zone) == ("Fernhill", "Asia/Tokyo")

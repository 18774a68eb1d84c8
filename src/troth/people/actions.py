"""Changing people: meet a customer, merge and un-merge, issue and revoke links."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Coalesce

from troth.ledger.actions import append, append_all, append_past
from troth.people.models import Calendar, Company, Customer, Handle, Link, Merge, SecurityEvent, Staff
from troth.people.planned import Given, Question
from troth.people.queries import forget_firm
from troth.people.rules.addresses import email_address, shown_name
from troth.people.rules.families import roots_after
from troth.people.rules.roles import Role
from troth.people.rules.security import SecurityKind, coarse_origin
from troth.words.facts import (
    CustomerGrouped,
    CustomerMet,
    CustomersMerged,
    CustomersUnmerged,
    HandleBounced,
    HandleConfirmed,
    LinkIssued,
    LinkRevoked,
)
from troth.words.hours import office
from troth.words.refs import ref

LINK_LIFE = timedelta(days=90)
#: Long enough to look back over a year; the trigger `security_event_never_changes` keeps to the same.
SECURITY_KEPT = timedelta(days=400)


class CompanyThereAlready(ValueError):
    """One installation serves one company, and this one serves somebody."""


class StaffThereAlready(ValueError):
    """Somebody signs in with this address already."""


@transaction.atomic
def set_up_company(*, name: str, zone: str, country: str = "") -> Company:
    """The company this installation serves, with an office's hours; raises CompanyThereAlready, NotACalendar."""
    there = Company.objects.first()
    if there:
        raise CompanyThereAlready(f"This installation serves {there.name} already.")
    hours = office(zone, country.upper())
    calendar, _made = Calendar.objects.update_or_create(name="Office", defaults={"plain": hours.to_plain()})
    made = Company.objects.create(pk=1, name=shown_name(name), calendar=calendar)
    forget_firm()
    return made


@transaction.atomic
def add_staff(*, email: str, name: str, role: Role, password: str, zone: str) -> Staff:
    """Somebody who may sign in from now on; raises NotAnAddress, StaffThereAlready."""
    address = email_address(email)
    if Staff.objects.filter(email=address).exists():
        raise StaffThereAlready(f"Somebody signs in with {address} already.")
    return Staff.objects.create_user(address, password, name=shown_name(name), role=role, zone=zone)


class CannotMerge(ValueError):
    """The two are one already, or one of them is itself."""


class Forgotten(CannotMerge):
    """They were forgotten, and with them who they were: there is nothing to put together or to take apart."""


def find_or_make_customer(
    *,
    address: str,
    name: str,
    now: datetime,
    channel: str = "email",
    kind: str = Handle.Kind.EMAIL,
    happened_at: datetime | None = None,
    sample: bool = False,
) -> Handle:
    """The handle of *address*, with a new customer behind it if nobody has it; raises NotAnAddress. Safe to repeat."""
    address = email_address(address) if kind == Handle.Kind.EMAIL else " ".join(address.split())
    if found := next(iter(_known_by().ask(kind=str(kind), address=address)), None):
        return found
    try:
        with transaction.atomic():
            customer = Customer.objects.create(name=shown_name(name), met_at=happened_at or now, is_sample=sample)
            handle = Handle.objects.create(kind=kind, address=address, customer=customer)
            about = ref("customer", customer.pk)
            append(CustomerMet(about=about, customer=about, channel=channel), now=now, happened_at=happened_at)
            return handle
    except IntegrityError:  # somebody else met them in the same moment
        return Handle.objects.select_related("customer").get(kind=kind, address=address)


@cache
def _known_by() -> Question[Handle, Handle]:
    kind, address = Given("kind", CharField()), Given("address", CharField())
    return Question(Handle.objects.select_related("customer").filter(kind=kind, address=address))


class SomebodyElses(ValueError):
    """Another customer is known by this address."""

    def __init__(self, handle: Handle) -> None:
        super().__init__("Another customer is known by this address.")
        self.handle = handle


@transaction.atomic
def reach_by(customer: Customer, *, address: str) -> Handle:
    """A further e-mail address of theirs, which nobody has proved yet; raises NotAnAddress, SomebodyElses. Safe to repeat."""
    address = email_address(address)
    handle, _made = Handle.objects.select_related("customer").get_or_create(
        kind=Handle.Kind.EMAIL, address=address, defaults={"customer": customer}
    )
    if handle.customer_id != customer.pk:
        raise SomebodyElses(handle)
    return handle


@dataclass(frozen=True)
class Stranger:
    """Somebody who may be a customer already; without an address nobody can tell, and they are met anew."""

    kind: str
    address: str
    name: str
    met_at: datetime


@transaction.atomic
def meet_all(
    strangers: Iterable[Stranger], *, channel: str, now: datetime, sample: bool = False
) -> dict[Stranger, tuple[Customer, Handle | None]]:
    """The customer and handle of each of many, in a handful of statements; who is new is met at the time given.

    Raises NotAnAddress, and IntegrityError where somebody else met one of them in the same moment: then do it again.
    """
    spelled = {
        stranger: email_address(stranger.address)
        if stranger.kind == Handle.Kind.EMAIL
        else " ".join(stranger.address.split())
        for stranger in strangers
    }
    wanted = {(stranger.kind, address) for stranger, address in spelled.items() if address}
    known = {
        (handle.kind, handle.address): handle
        for handle in Handle.objects.select_related("customer").filter(address__in={address for _, address in wanted})
    }
    first: dict[tuple[str, str], Stranger] = {}
    nameless = [stranger for stranger, address in spelled.items() if not address]
    for stranger, address in sorted(spelled.items(), key=lambda item: item[0].met_at):
        if address and (stranger.kind, address) not in known:
            first.setdefault((stranger.kind, address), stranger)
    people = [*first.values(), *nameless]
    made = Customer.objects.bulk_create(
        Customer(name=shown_name(one.name), met_at=one.met_at, is_sample=sample) for one in people
    )
    handles = Handle.objects.bulk_create(
        Handle(kind=kind, address=address, customer=customer)
        for (kind, address), customer in zip(first, made, strict=False)
    )
    known |= {(handle.kind, handle.address): handle for handle in handles}
    abouts = [ref("customer", customer.pk) for customer in made]
    append_past(
        (
            (one.met_at, CustomerMet(about=about, customer=about, channel=channel))
            for one, about in zip(people, abouts, strict=True)
        ),
        now=now,
    )
    met: dict[Stranger, tuple[Customer, Handle | None]] = {}
    for stranger, address in spelled.items():
        if address:
            handle = known[stranger.kind, address]
            met[stranger] = (handle.customer, handle)
    met |= {stranger: (customer, None) for stranger, customer in zip(nameless, made[len(first) :], strict=True)}
    return met


@transaction.atomic
def set_group(customer: Customer, *, group: str, by: Staff | None, now: datetime) -> bool:
    """Which sort of customer they are, under every record of theirs; empty for none. False if it was so already.

    Which targets their cases have may depend on it, from the next clock on.
    """
    after, who = shown_name(group), by.reference if by else ""
    theirs = Customer.objects.select_for_update(of=("self",)).filter(root_id=customer.root_pk, erased_at=None)
    others = list(theirs.exclude(group=after).order_by("pk").values_list("pk", "group"))
    Customer.objects.filter(pk__in=[pk for pk, _before in others]).update(group=after)
    append_all(
        [
            CustomerGrouped(about=one, customer=one, before=before, after=after, by=who)
            for one, before in ((ref("customer", pk), before) for pk, before in others)
        ],
        now=now,
    )
    return bool(others)


@transaction.atomic
def also_reached_at(ways: Iterable[tuple[int, str, str]]) -> int:
    """Further addresses of customers who are here: customer, kind, address as `meet_all` spells it; how many are new.

    One that is somebody's already stays theirs: that two are one person is for a person to say.
    """
    wanted = {(kind, address): customer for customer, kind, address in ways}
    known = Handle.objects.filter(address__in={address for _kind, address in wanted}).values_list("kind", "address")
    new = wanted.keys() - set(known)
    Handle.objects.bulk_create(
        (Handle(customer_id=wanted[way], kind=way[0], address=way[1]) for way in sorted(new)), ignore_conflicts=True
    )
    return len(new)


@transaction.atomic(savepoint=False)
def confirm_handle(handle: Handle, *, how: str, now: datetime) -> bool:
    """Whoever wrote from it has shown that it is theirs, and that it works; False if both was known. *how* as in the fact.

    *handle* is as it was just read.
    """
    if handle.verified_at is not None and handle.bounced_at is None:
        return False
    news = Handle.objects.filter(Q(verified_at=None) | Q(bounced_at__isnull=False), pk=handle.pk)
    if news.update(verified_at=Coalesce("verified_at", Value(now)), bounced_at=None) != 1:
        return False
    handle.refresh_from_db(fields=["verified_at", "bounced_at"])
    customer = ref("customer", handle.customer_id)
    append(HandleConfirmed(about=ref("handle", handle.pk), customer=customer, how=how), now=now)
    return True


@transaction.atomic
def handle_bounced(*, address: str, letter: str, now: datetime) -> bool:
    """A letter to *address* came back for good: we write to another where there is one. False if that was known."""
    handle = Handle.objects.filter(kind=Handle.Kind.EMAIL, address=address.lower(), bounced_at=None).first()
    if handle is None or Handle.objects.filter(pk=handle.pk, bounced_at=None).update(bounced_at=now) != 1:
        return False
    customer = ref("customer", handle.customer_id)
    append(HandleBounced(about=ref("handle", handle.pk), customer=customer, letter=letter), now=now)
    return True


@transaction.atomic
def merge(*, front: Customer, merged: Customer, by: Staff | None, now: datetime) -> Merge:
    """From now on the two are one person, shown under *front*; no other row changes. Raises CannotMerge."""
    root_id, other_id = sorted_roots(front, merged)
    locked = list(Customer.objects.select_for_update().filter(pk__in=[root_id, other_id]).order_by("pk"))
    if root_id == other_id or len(locked) != 2:
        raise CannotMerge("These two are one customer already.")
    if any(one.erased_at for one in locked):
        raise Forgotten("One of the two was erased: there is nobody left to merge.")
    moving = Customer.objects.filter(root_id=other_id) | Customer.objects.filter(pk=other_id)
    moved = [[pk, root] for pk, root in moving.values_list("pk", "root_id")]
    Customer.objects.filter(pk__in=[pk for pk, _ in moved]).update(root_id=root_id)
    Customer.objects.filter(pk=root_id).update(root_id=root_id)
    record = Merge.objects.create(front_id=root_id, merged_id=other_id, moved=moved, by=by, at=now)
    append(
        CustomersMerged(
            about=ref("customer", root_id),
            customer=ref("customer", root_id),
            merged=ref("customer", other_id),
            by=by.reference if by else "",
        ),
        now=now,
    )
    return record


def sorted_roots(front: Customer, merged: Customer) -> tuple[int, int]:
    """The roots of both as the database has them now."""
    roots = dict(Customer.objects.filter(pk__in=[front.pk, merged.pk]).values_list("pk", "root_id"))
    return roots.get(front.pk) or front.pk, roots.get(merged.pk) or merged.pk


@transaction.atomic
def unmerge(record: Merge, *, by: Staff | None, now: datetime) -> bool:
    """Take a merge back, as if it had never been, whatever was merged before or since; False if someone was quicker.

    Raises Forgotten where they were erased together.
    """
    root_id = Customer.objects.values_list("root_id", flat=True).get(pk=record.front_id)
    members = list(Customer.objects.select_for_update().filter(root_id=root_id).order_by("pk"))
    if any(member.erased_at for member in members):
        raise Forgotten("They were erased together: there is nobody left to take apart.")
    if Merge.objects.filter(pk=record.pk, undone_at=None).update(undone_at=now) != 1:
        return False
    standing = Merge.objects.filter(front__in=members, undone_at=None).order_by("pk")
    roots = roots_after([member.pk for member in members], merges=list(standing.values_list("front_id", "merged_id")))
    for member in members:
        if member.root_id != roots[member.pk]:
            Customer.objects.filter(pk=member.pk).update(root_id=roots[member.pk])
    append(
        CustomersUnmerged(
            about=ref("customer", record.front_id),
            customer=ref("customer", record.front_id),
            merged=ref("customer", record.merged_id),
            by=by.reference if by else "",
        ),
        now=now,
    )
    return True


def issue_link(*, customer_id: int, about: str = "", now: datetime, life: timedelta = LINK_LIFE) -> Link:
    """A link to the customer's page; one still fresh for half its life is given again instead of a new one."""
    return issue_links(customer_ids=[customer_id], about=about, now=now, life=life)[customer_id]


@transaction.atomic(savepoint=False)
def issue_links(
    *, customer_ids: Iterable[int], about: str = "", now: datetime, life: timedelta = LINK_LIFE
) -> dict[int, Link]:
    """A link for each customer, as `issue_link` gives it, in three statements."""
    wanted = list(dict.fromkeys(customer_ids))
    standing = Link.objects.filter(
        customer_id__in=wanted, about=about, revoked_at=None, expires_at__gt=now + life / 2, issued_at__lte=now
    ).order_by("pk")
    links = {link.customer_id: link for link in standing}
    fresh = Link.objects.bulk_create(
        Link(customer_id=pk, about=about, nonce=secrets.token_urlsafe(16), issued_at=now, expires_at=now + life)
        for pk in wanted
        if pk not in links
    )
    append_all(
        [
            LinkIssued(
                about=ref("link", link.pk), customer=ref("customer", link.customer_id), expires_at=link.expires_at
            )
            for link in fresh
        ],
        now=now,
    )
    return links | {link.customer_id: link for link in fresh}


@transaction.atomic
def revoke_links(*, customer_ids: list[int], by: Staff | None, origin: str = "", now: datetime) -> int:
    """Take back every standing link of these customers; how many."""
    standing = list(
        Link.objects.select_for_update().filter(customer_id__in=customer_ids, revoked_at=None, expires_at__gt=now)
    )
    for link in standing:
        Link.objects.filter(pk=link.pk).update(revoked_at=now)
        append(
            LinkRevoked(
                about=ref("link", link.pk),
                customer=ref("customer", link.customer_id),
                by=by.reference if by else "",
            ),
            now=now,
        )
    if standing:
        note_security(
            kind=SecurityKind.LINKS_REVOKED,
            staff=by,
            about=ref("customer", standing[0].customer_id),
            how=str(len(standing)),
            origin=origin,
            now=now,
        )
    return len(standing)


def link_opened(link: Link, *, now: datetime) -> None:
    """The customer confirmed the link."""
    Link.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)


def note_security(
    *, kind: SecurityKind, staff: Staff | None = None, about: str = "", how: str = "", origin: str = "", now: datetime
) -> None:
    """Put on record what touches the safety of the installation, in the transaction of whatever it tells of.

    *staff* is who did it (of a failed sign-in: whose account it was, if anybody's), *about* a reference to what it was
    done to, *how* a few words of ours, *origin* a whole network address, of which only the neighbourhood is kept.
    Nothing that somebody typed belongs in it: people type passwords where addresses go.
    """
    SecurityEvent.objects.create(
        at=now, kind=SecurityKind(kind), staff=staff, about=about, how=how, origin=coarse_origin(origin)
    )


def forget_security(*, now: datetime) -> int:
    """Let events go that nobody needs any more; how many. The database lets no younger ones go."""
    oldest = SecurityEvent.objects.order_by("pk").values_list("at", flat=True).first()
    if oldest is None or oldest >= now - SECURITY_KEPT:
        return 0  # so that asking often costs nothing
    return SecurityEvent.objects.filter(at__lt=now - SECURITY_KEPT).delete()[0]

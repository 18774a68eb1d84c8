"""Who is affected: put together, frozen as evidence, joined by who comes later, and left out with a reason.

Everything that adds members holds the cohort's row, so that members' numbers grow with the moments they are committed in: who has
read up to a number has missed nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from troth.ledger.actions import append
from troth.notices.members import lines
from troth.notices.models import Cohort, Member, Notice, Recipient, Standing, Told
from troth.notices.rules.conditions import Conditions, chooses_nobody, from_plain, to_plain
from troth.notices.rules.frozen import digest_of
from troth.notices.selecting import ORDER, select
from troth.people.models import Customer, Staff
from troth.words import facts
from troth.words.refs import ref

#: How often it is looked for who joins late.
LOOKS_EVERY = timedelta(minutes=1)
REASON_MOST = 2000


class AlreadyFrozen(ValueError):
    """It is evidence now; who comes later joins it, and nobody else is put in or taken out."""


class NotFrozen(ValueError):
    """Only who was frozen can be left out."""


class NobodyIsAffected(ValueError):
    """Nobody meets the conditions, and nobody was added by hand."""


class NoReason(ValueError):
    """Whoever is left out is so for a reason that a person gave."""


class AlreadyTold(ValueError):
    """A notice is on its way to them, or reached them."""


def draft(*, about: str, conditions: Conditions, by: Staff | None, now: datetime, name: str = "") -> Cohort:
    """A cohort that can still be changed; nobody is told of it."""
    return Cohort.objects.create(
        about=about, name=name.strip(), conditions=to_plain(conditions), made_by=by, made_at=now
    )


@transaction.atomic
def change(cohort: Cohort, *, conditions: Conditions | None = None, name: str | None = None) -> None:
    """Other conditions, or another name; raises AlreadyFrozen. A name may change for ever: it is no evidence."""
    locked = _locked(cohort)
    if conditions is not None:
        _refuse_frozen(locked)
        locked.conditions = cohort.conditions = to_plain(conditions)
    if name is not None:
        locked.name = cohort.name = name.strip()
    locked.save(update_fields=["conditions", "name"])


@transaction.atomic
def freeze(cohort: Cohort, *, by: Staff | None, now: datetime, joins_until: datetime | None = None) -> Cohort:
    """Whoever meets the conditions now is a member for good; raises AlreadyFrozen, NobodyIsAffected.

    One statement, however many they are; the digest is made of a stream.
    """
    locked = _locked(cohort)
    _refuse_frozen(locked)
    _take_in(locked, standing=Standing.IN, now=now)
    locked.frozen_to = Member.objects.filter(cohort=locked).aggregate(last=Max("pk"))["last"] or 0
    locked.count = Member.objects.filter(cohort=locked).count()
    if not locked.count and joins_until is None:
        raise NobodyIsAffected("Nobody meets these conditions: change them, or say until when people may join.")
    locked.digest = digest_of(lines(locked.pk, after=0, to=locked.frozen_to))
    locked.frozen_at = locked.looked_at = now
    locked.joins_until = joins_until
    locked.save()
    append(
        facts.CohortFrozen(
            about=ref("cohort", locked.pk),
            concerns=locked.about,
            count=locked.count,
            digest=locked.digest,
            by=by.reference if by else "",
        ),
        now=now,
    )
    for name in ("frozen_to", "count", "digest", "frozen_at", "looked_at", "joins_until"):
        setattr(cohort, name, getattr(locked, name))
    return cohort


def keep_open(cohort: Cohort, *, until: datetime | None) -> None:
    """Whoever meets the conditions by then joins, or nobody does any more."""
    Cohort.objects.filter(pk=cohort.pk).update(joins_until=until)
    cohort.joins_until = until


@transaction.atomic
def add(cohort: Cohort, *, customers: Iterable[int], why: str = "hand", by: Staff | None, now: datetime) -> int:
    """These belong to it, too, by hand; how many did not yet. *why*: references, or a word of ours.

    Everybody is a member once under whichever of their numbers, and nobody who was forgotten. To what is frozen they come late.
    """
    locked = _locked(cohort)
    before = _last(locked)
    roots = Customer.objects.filter(pk__in=list(customers), root__erased_at=None).values_list("root_id", flat=True)
    found = _SOME.format(table="unnest(%(roots)s::bigint[]) AS root(id)")
    values = {"roots": sorted({root for root in roots if root}), "why": why}
    standing = Standing.LATE if locked.frozen_at else Standing.IN
    count = _insert(locked, found, values, standing=standing, now=now)
    if locked.frozen_at and count:
        _say_joined(locked, after=before, count=count, by=by, now=now)
    return count


_SOME = "SELECT root.id AS customer, '' AS address, '' AS name, %(why)s AS why FROM {table}"


def join_late(*, now: datetime) -> int:
    """Whoever meets the conditions of a frozen cohort by now, and did not when it was frozen, joins it; how many.

    Each cohort is looked at once a minute until its day has passed, and once after that; by one worker at a time.
    """
    due = Cohort.objects.filter(
        Q(looked_at=None) | Q(looked_at__lt=F("joins_until"), looked_at__lte=now - LOOKS_EVERY)
        | Q(looked_at__lt=F("joins_until"), joins_until__lte=now),
        frozen_at__isnull=False,
        joins_until__isnull=False,
    )  # fmt: skip
    return sum(_join_late(pk, now=now) for pk in due.order_by("looked_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def _join_late(number: int, *, now: datetime) -> int:
    cohort = Cohort.objects.select_for_update(skip_locked=True).filter(pk=number).first()
    if cohort is None or cohort.joins_until is None:
        return 0
    before = _last(cohort)
    count = _take_in(cohort, standing=Standing.LATE, now=min(now, cohort.joins_until))
    Cohort.objects.filter(pk=number).update(looked_at=now)
    if count:
        _say_joined(cohort, after=before, count=count, by=None, now=now)
    return count


@transaction.atomic
def exclude(member: Member, *, reason: str, by: Staff, now: datetime) -> bool:
    """They are not told, for a reason; False where they were left out already. Raises NoReason, NotFrozen, AlreadyTold."""
    said = reason.strip()[:REASON_MOST]
    if not said:
        raise NoReason("Say why they are left out.")
    cohort = _locked(member.cohort)
    if cohort.frozen_at is None:
        raise NotFrozen("Freeze the cohort first: until then change its conditions.")
    told = Recipient.objects.filter(Q(member=member) | _in_waves(member))
    # Whose turn has not come is taken out of the row; a worker that is just about to write to them is waited for, also where it
    # writes to their second address.
    list(told.select_for_update(of=("self",)).values_list("pk"))
    told.filter(state=Told.WAITING, tries=0).delete()
    if told.exclude(state=Told.UNREACHABLE).exclude(state=Told.WAITING, member=member).exists():
        raise AlreadyTold("A notice is on its way to them, or reached them.")
    rows = Member.objects.filter(pk=member.pk).exclude(standing=Standing.EXCLUDED)
    if rows.update(standing=Standing.EXCLUDED, reason=said, excluded_by=by, excluded_at=now) != 1:
        return False
    append(facts.MemberExcluded(**_whose(member), by=by.reference), now=now)
    member.refresh_from_db()
    return True


@transaction.atomic
def take_back_exclusion(member: Member, *, by: Staff, now: datetime) -> bool:
    """They are told after all; False where they were not left out. Notices that passed them by come back to them."""
    cohort = _locked(member.cohort)
    standing = Standing.IN if member.pk <= cohort.frozen_to else Standing.LATE
    rows = Member.objects.filter(pk=member.pk, standing=Standing.EXCLUDED)
    if rows.update(standing=standing, reason="", excluded_by=None, excluded_at=None) != 1:
        return False
    for one in [member, *_twins(member)]:
        Notice.objects.filter(cohort=one.cohort_id, made_up_to__gte=one.pk).update(made_up_to=one.pk - 1)
    append(facts.MemberIncludedAgain(**_whose(member), by=by.reference), now=now)
    member.refresh_from_db()
    return True


def _twins(member: Member) -> QuerySet[Member]:
    """The same person in other cohorts of the same thing."""
    if member.customer_id:
        same = Q(customer__root__in=Customer.objects.filter(pk=member.customer_id).values("root"))
    else:
        same = Q(customer=None, address=member.address) & ~Q(address="")
    return Member.objects.filter(same, cohort__about=member.cohort.about).exclude(cohort=member.cohort_id)


def _in_waves(member: Member) -> Q:
    """What the same person is told through another cohort by a notice that was written in one act with one to this cohort."""
    acts = Notice.objects.filter(
        cohort=member.cohort_id, about=OuterRef("about"), sort=OuterRef("sort"), written_at=OuterRef("written_at")
    )
    return Q(member__in=_twins(member), notice__in=Notice.objects.filter(Exists(acts)))


def _whose(member: Member) -> dict[str, Any]:
    customer = ref("customer", member.customer_id) if member.customer_id else ""
    return {"about": ref("member", member.pk), "customer": customer, "cohort": ref("cohort", member.cohort_id)}


# Members


def _take_in(cohort: Cohort, *, standing: Standing, now: datetime) -> int:
    """Whoever meets the conditions and is no member yet becomes one; how many."""
    conditions = from_plain(cohort.conditions)
    if chooses_nobody(conditions):
        return 0
    found = select(conditions, now=now)
    return _insert(cohort, found.sql, found.values, standing=standing, now=now)


def _insert(cohort: Cohort, found: str, values: dict[str, Any], *, standing: Standing, now: datetime) -> int:
    own: dict[str, Any] = {"cohort": cohort.pk, "standing": standing.value, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(found=found, order=ORDER), {**values, **own})
        return int(cursor.rowcount)


#: Nobody is a member twice: not under another of their numbers, nor as an address that has become a customer's since.
_INSERT = """
INSERT INTO notices_member (cohort_id, customer_id, address, salt, mark, name, why, standing, reason, added_at)
SELECT %(cohort)s, customer, address, salt,
    CASE WHEN customer IS NULL THEN encode(sha256(salt || convert_to(address, 'UTF8')), 'hex') ELSE '' END,
    name, why, %(standing)s, '', %(now)s
FROM (
    SELECT met.*,
        CASE WHEN customer IS NULL THEN uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) ELSE ''::bytea END AS salt
    FROM ({found}) AS met
    WHERE NOT EXISTS (
        SELECT FROM notices_member AS m JOIN people_customer AS p ON p.id = m.customer_id
        WHERE m.cohort_id = %(cohort)s AND p.root_id = met.customer
    ) AND NOT EXISTS (
        SELECT FROM notices_member AS m JOIN people_handle AS h ON h.kind = 'email' AND h.address = m.address
        JOIN people_customer AS p ON p.id = h.customer_id
        WHERE m.cohort_id = %(cohort)s AND m.customer_id IS NULL AND m.address <> '' AND p.root_id = met.customer
    ) AND NOT EXISTS (
        SELECT FROM notices_member AS m
        WHERE m.cohort_id = %(cohort)s AND m.customer_id IS NULL AND m.address <> '' AND met.customer IS NULL
        AND m.address = met.address
    )
) AS one {order}
"""


def _last(cohort: Cohort) -> int:
    return Member.objects.filter(cohort=cohort).aggregate(last=Max("pk"))["last"] or 0


def _say_joined(cohort: Cohort, *, after: int, count: int, by: Staff | None, now: datetime) -> None:
    last = _last(cohort)
    append(
        facts.MembersJoined(
            about=ref("cohort", cohort.pk),
            first=after + 1,
            last=last,
            count=count,
            digest=digest_of(lines(cohort.pk, after=after, to=last)),
            by=by.reference if by else "",
        ),
        now=now,
    )


def _locked(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update().get(pk=cohort.pk)


def _refuse_frozen(cohort: Cohort) -> None:
    if cohort.frozen_at is not None:
        raise AlreadyFrozen("The cohort is frozen: it is evidence, and its conditions stay.")

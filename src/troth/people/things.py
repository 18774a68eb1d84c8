"""What the ledger tells of in this room: customers and their merges, handles, links, and the keys of programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.people.models import Customer, Handle, Key, Link, Merge
from troth.people.rules import replay
from troth.people.rules.families import roots_after
from troth.people.rules.replay import Merged, listed, times
from troth.words.refs import ref


def customers(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these customers, and who was merged into them, as their facts would put them."""
    merged: dict[int, list[Merged]] = defaultdict(list)
    merges = Merge.objects.filter(front__in=numbers).order_by("pk")
    for front, other, at, undone_at in merges.values_list("front_id", "merged_id", "at", "undone_at"):
        merged[front].append(Merged(ref("customer", other), at, undone_at))
    rows = Customer.objects.filter(pk__in=numbers).values_list("pk", "met_at", "group")
    return {
        pk: {
            "CustomerMet": 1,
            "met_at": met_at,
            "group": group,
            "merges": listed(merged[pk]),
            "merge_times": times(merged[pk]),
        }
        for pk, met_at, group in rows
    }


def wrong_roots(numbers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Who of these stands under another root than the merges that hold put them: the root of the row, and of the merges."""
    merges = _merges_around(numbers)
    told = roots_after({one for pair in merges for one in pair}, merges=merges)
    rows = Customer.objects.filter(pk__in=list(numbers)).values_list("pk", "root_id")
    return {pk: (root or pk, told.get(pk, pk)) for pk, root in rows if (root or pk) != told.get(pk, pk)}


def _merges_around(numbers: Collection[int]) -> list[tuple[int, int]]:
    """Every merge that holds and joins somebody to these, however far away, in the order they were made."""
    known, new = set[int](), set(numbers)
    found: dict[int, tuple[int, int]] = {}
    while new:
        known |= new
        rows = Merge.objects.filter(Q(front__in=new) | Q(merged__in=new), undone_at=None)
        found |= {pk: (front, merged) for pk, front, merged in rows.values_list("pk", "front_id", "merged_id")}
        new = {one for pair in found.values() for one in pair} - known
    return [found[pk] for pk in sorted(found)]


def handles(numbers: Sequence[int]) -> dict[int, Columns]:
    rows = Handle.objects.filter(pk__in=numbers).values_list("pk", "customer_id", "verified_at", "bounced_at")
    return {
        pk: {"customer": ref("customer", customer), "verified_at": verified_at, "bounced_at": bounced_at}
        for pk, customer, verified_at, bounced_at in rows
    }


def links(numbers: Sequence[int]) -> dict[int, Columns]:
    rows = Link.objects.filter(pk__in=numbers).values_list("pk", "customer_id", "expires_at", "revoked_at")
    return {
        pk: {
            "LinkIssued": 1,
            "customer": ref("customer", customer),
            "expires_at": expires_at,
            "revoked_at": revoked_at,
        }
        for pk, customer, expires_at, revoked_at in rows
    }


def keys(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        key.pk: {
            "KeyMade": 1,
            "staff": ref("staff", key.staff_id),
            "scopes": " ".join(key.scopes),
            "expires_at": key.expires_at,
            "revoked_at": key.revoked_at,
        }
        for key in Key.objects.filter(pk__in=numbers)
    }


THINGS = (
    Thing(word="customer", model=Customer, rows=customers, told=replay.customer_told, of_one=False),
    Thing(word="handle", model=Handle, rows=handles, told=replay.handle_told),
    Thing(word="link", model=Link, rows=links, told=replay.link_told),
    Thing(word="key", model=Key, rows=keys, told=replay.key_told),
)

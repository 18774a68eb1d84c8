"""Reading who is affected: a cohort's members page by page, and what of them somebody may see.

A cohort covers all who meet its conditions, also where a closed team looks after them: they are affected all the same.
Whoever does not see into that team is shown how many they are, and no case of theirs; who is there for such cases alone has no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from troth.cases.models import Case
from troth.notices.models import Cohort, Line, Member, Standing, Upload
from troth.notices.rules.frozen import digest_of
from troth.notices.selecting import Chosen
from troth.people.models import Customer, Staff
from troth.people.queries import sees_everything, within_sight
from troth.words.refs import ref

#: So many rows of a file are made at a time.
AT_ONCE = 2_000


@dataclass(frozen=True)
class Seen:
    """A member as somebody may see them: *name* is empty where they may not."""

    name: str
    customer: int | None
    #: References that lead somewhere, as far as they may be seen.
    why: tuple[str, ...]
    #: For more than that.
    more: bool
    hidden: bool


def counts(cohort: Cohort) -> dict[str, int]:
    """How many belong to it in which way."""
    rows = Member.objects.filter(cohort=cohort).values_list("standing").annotate(many=Count("pk")).order_by()
    found = dict(rows)
    return {standing.value: found.get(standing.value, 0) for standing in Standing}


def members(cohort: Cohort, *, standing: str = "", search: str = "", after: int = 0) -> QuerySet[Member]:
    """Those of one standing, or whose name or address holds the words; in their order, after one of them."""
    rows = Member.objects.filter(cohort=cohort, pk__gt=after).select_related("customer", "excluded_by").order_by("pk")
    if standing in Standing.values:
        rows = rows.filter(standing=standing)
    if words := search.strip():
        named = Customer.objects.filter(Q(name__icontains=words) | Q(handles__address__icontains=words))
        found = Q(name__icontains=words) | Q(address__icontains=words)
        found |= Q(customer__in=named.values("pk")) | Q(customer__in=named.values("root_id"))
        rows = rows.filter(found)
    return rows


def seen(rows: Sequence[Member | Chosen], *, staff: Staff) -> list[Seen]:
    """These as *staff* may see them; two statements at most, however many."""
    closed = _closed_cases((row.why for row in rows), staff=staff)
    numbers = {row.customer for row in rows if isinstance(row, Chosen) and row.customer}
    names = {one.pk: str(one) for one in Customer.objects.filter(pk__in=numbers)} if numbers else {}
    return [_seen(row, closed=closed, names=names) for row in rows]


def _seen(row: Member | Chosen, *, closed: set[str], names: dict[int, str]) -> Seen:
    why = [one for one in row.why.split() if one not in closed]
    hidden = bool(row.why) and not why
    if isinstance(row, Chosen):
        customer, name = row.customer, names.get(row.customer or 0, "") or row.name or row.address
    else:
        customer = row.customer_id
        name = (str(row.customer) if row.customer else "") or row.name or row.address
    return Seen(
        name="" if hidden else name,
        customer=None if hidden else customer,
        why=tuple(why),
        more=len(why) < len(row.why.split()),
        hidden=hidden,
    )


def _closed_cases(whys: Iterable[str], *, staff: Staff) -> set[str]:
    if sees_everything(staff):
        return set()
    named = {one for why in whys for one in why.split() if one.startswith("case:")}
    numbers = [int(one.removeprefix("case:")) for one in named]
    open_ = Case.objects.filter(within_sight(staff), pk__in=numbers).values_list("pk", flat=True)
    return named - {ref("case", pk) for pk in open_}


def in_pieces(rows: QuerySet[Member], *, staff: Staff) -> Iterator[tuple[Member, Seen]]:
    """Every one of *rows* with what is seen of them, so many at a time."""
    after = 0
    while found := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        yield from zip(found, seen(found, staff=staff), strict=True)
        after = found[-1].pk


def frozen_digest(cohort: Cohort) -> str:
    """The digest of who was frozen, made again from the rows."""
    return digest_of(lines(cohort.pk, after=0, to=cohort.frozen_to))


def lines(cohort: int, *, after: int, to: int) -> Iterator[bytes | memoryview]:
    """Members from behind one number to another, as `rules.frozen` writes them: what COPY sends is that, byte by byte."""
    with connection.cursor() as cursor, cursor.copy(_LINES, [cohort, after, to]) as copy:
        yield from copy


_LINES = """
COPY (SELECT coalesce('customer:' || customer_id, mark), why FROM notices_member
      WHERE cohort_id = %s AND id > %s AND id <= %s ORDER BY id) TO STDOUT
"""


def uploads(most: int = 50) -> list[Upload]:
    """The lists that were handed in, the newest first."""
    return list(Upload.objects.select_related("by").order_by("-pk")[:most])


def wrong_lines(upload: Upload, most: int = 200) -> list[Line]:
    return list(Line.objects.filter(upload=upload).exclude(problem="").order_by("number")[:most])


def stranger_lines(upload: Upload, most: int = 50) -> list[Line]:
    return list(Line.objects.filter(upload=upload, customer=None, problem="").order_by("number")[:most])

"""The cases that a choice of filters finds: for the list, for counting, for changing all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Concat, Substr

from troth.cases.models import Case
from troth.cases.queries import awake, snoozed
from troth.cases.rules.filters import LISTS, ME, NOBODY, Filters, Linked, Order, Promised
from troth.people.models import Customer, Staff
from troth.people.queries import within_sight
from troth.promises.models import Promise
from troth.promises.queries import OWED

#: A view is counted no further: a longer number would say no more, and costs more.
COUNT_MOST = 1000
SOON = timedelta(days=7)
ORDERS: dict[Order, tuple[str | OrderBy, str]] = {
    Order.LATEST: ("-last_message_at", "-pk"),
    Order.DUE: (F("answer_by").asc(nulls_last=True), "pk"),
    Order.OLDEST: ("opened_at", "pk"),
}
COLUMNS = {Order.LATEST: "last_message_at", Order.DUE: "answer_by", Order.OLDEST: "opened_at"}


class Mark(NamedTuple):
    """The last row shown; its moment is empty where the row has none, as cases that wait for nothing have no due."""

    at: datetime | None
    pk: int


def chosen(filters: Filters, *, staff: Staff, now: datetime, after: Mark | None = None, most: int) -> QuerySet[Case]:
    """The first *most* that *staff* may see of it, in its order; *after*: of what comes behind the last row shown."""
    wanted = within_sight(staff) & only(filters, staff=staff, now=now) & _behind(after, filters.order)
    rows = Case.objects.filter(wanted).order_by(*ORDERS[filters.order])
    if filters.search:
        rows = Case.objects.filter(_searched(rows, filters.search, most=most)).order_by(*ORDERS[filters.order])
    return rows


def only(filters: Filters, *, staff: Staff, now: datetime) -> Q:
    """What a case has to be; words are looked for by `chosen`."""
    found = Q(**{f"{name}__in": values for name in LISTS if (values := getattr(filters, name))})
    if filters.owner:
        found &= _who("assignee_id", filters.owner, me=staff.pk)
    if filters.team:
        found &= _who("team_id", filters.team, me=staff.team_id)
    if filters.unanswered:
        found &= Q(unanswered_since__isnull=False, imported=False)
    if filters.promised:
        found &= _promised(Promised(filters.promised), order=filters.order, now=now)
    if filters.snoozed:
        found &= snoozed(now) if filters.snoozed == "yes" else awake(now)
    if filters.linked:
        found &= _linked(filters.linked)
    if filters.public:
        found &= Q(is_public=filters.public == "yes")
    if filters.group:
        found &= Q(customer__in=Customer.objects.filter(group=filters.group))
    zone = ZoneInfo(staff.zone)
    for column, first, last in (
        ("opened_at", filters.opened_from, filters.opened_to),
        ("last_message_at", filters.last_from, filters.last_to),
    ):
        if first:
            found &= Q(**{f"{column}__gte": _midnight(first, zone)})
        if last:
            found &= Q(**{f"{column}__lt": _midnight(last + timedelta(days=1), zone)})
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _who(column: str, who: str, *, me: int | None) -> Q:
    if who == NOBODY:
        return Q(**{f"{column}__isnull": True})
    # Of somebody in no team nothing is their team's: no number is 0.
    return Q(**{column: (me or 0) if who == ME else int(who)})


def _promised(promised: Promised, *, order: Order, now: datetime) -> Q:
    """What is due soon or late is looked for among the promises, for few are; something may be owed in every case.

    There PostgreSQL goes either way: from case to case, or by the index `case_named` from few promises to theirs. Not from the
    oldest on, though: what is owed is owed in new ones, and it would pass all others first.
    """
    rows = Promise.objects.filter(OWED)
    if promised is Promised.OWED and order is not Order.OLDEST:
        return Q(Exists(rows.filter(about=Concat(Value("case:"), Cast(OuterRef("pk"), TextField())))))
    if promised is Promised.SOON:
        rows = rows.filter(due__gte=now, due__lt=now + SOON)
    elif promised is Promised.LATE:
        rows = rows.filter(due__lt=now)
    cases = rows.filter(about__startswith="case:").order_by().values(case=Cast(Substr("about", 6), BigIntegerField()))
    return Q(pk__in=cases)


def _linked(linked: str) -> Q:
    children = Case.objects.filter(parent=OuterRef("pk"))
    if linked == Linked.NONE:
        return Q(~Exists(children), parent=None)
    if linked == Linked.TO_ANOTHER:
        return Q(parent__isnull=False)
    if linked == Linked.HAS_OTHERS:
        return Q(pk__in=Case.objects.filter(parent__isnull=False).values("parent"))
    return Q(parent=int(linked))


def _behind(mark: Mark | None, order: Order) -> Q:
    """Keyset paging. What has no moment stands last, as PostgreSQL puts it."""
    if mark is None:
        return Q()
    column = COLUMNS[order]
    if mark.at is None:
        return Q(**{f"{column}__isnull": True, "pk__gt": mark.pk})
    if order is Order.LATEST:
        return Q(**{f"{column}__lte": mark.at}) & (Q(**{f"{column}__lt": mark.at}) | Q(pk__lt=mark.pk))
    later = Q(**{f"{column}__gte": mark.at}) & (Q(**{f"{column}__gt": mark.at}) | Q(pk__gt=mark.pk))
    return later | Q(**{f"{column}__isnull": True}) if order is Order.DUE else later


def _searched(rows: QuerySet[Case], search: str, *, most: int) -> Q:
    """Of *rows* the first *most* in which *search* is found, or the one case with that number.

    Every place to look in gives its own first ones, by whichever index is the shorter way there; together they hold the first.
    """
    number = search.removeprefix("#")
    if number.isdecimal() and len(number) < 19:
        return Q(pk__in=rows.filter(pk=int(number)).order_by().values("pk"))
    places = [Q(subject__icontains=search), Q(customer__name__icontains=search)]
    if "@" in search:
        places.append(Q(customer__handles__address__icontains=search))
    first, *rest = (rows.filter(place).values("pk")[:most] for place in places)
    return Q(pk__in=first.union(*rest))


def counts(views: Sequence[Filters], *, staff: Staff, now: datetime) -> list[int]:
    """How many cases each of them finds, up to COUNT_MOST and one more; one statement."""
    if not views:
        return []
    parts: list[str] = []
    values: list[Any] = []
    for filters in views:
        rows = chosen(filters, staff=staff, now=now, most=COUNT_MOST + 1).order_by()
        sql, given = rows.values(one=Value(1))[: COUNT_MOST + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608 - what Django wrote, its values apart
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        [found] = cursor.fetchall()
    return list(found)

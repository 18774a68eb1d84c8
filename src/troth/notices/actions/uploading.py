"""A list of people is taken in: every line is kept with whom it names, or with why it names nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from troth.notices.models import Line, Upload
from troth.notices.rules.listed import LINES_MOST, Names, Problem, Said, said_in
from troth.orders.models import Order
from troth.orders.rules.table import rows_of, text_of
from troth.people.models import Customer, Handle, Staff
from troth.people.rules.addresses import NOBODY, shown_name

#: So many lines are looked up together.
AT_ONCE = 5_000


class NothingInIt(ValueError):
    """The file holds no line that could name anybody."""


class InUse(ValueError):
    """A list that tells why somebody is affected stays."""


class TooLong(ValueError):
    """A file with more lines than are read."""


@dataclass(frozen=True)
class Named:
    """A line, and whom it names: a customer, an address that is nobody's yet, or nobody."""

    said: Said
    customer: int | None = None
    address: str = ""
    problem: Problem | None = None


@dataclass
class Counts:
    """What a file holds; `doubled` lines name somebody an earlier one named."""

    known: int = 0
    unknown: int = 0
    doubled: int = 0
    wrong: int = 0


@transaction.atomic
def upload(*, name: str, raw: bytes, by: Staff | None, now: datetime) -> Upload:
    """Keep the list, line by line; raises NothingInIt, TooLong, table.NotATable, and keeps nothing then."""
    made = Upload.objects.create(name=shown_name(name) or "-", by=by, at=now, digest=hashlib.sha256(raw).hexdigest())
    counts, met = Counts(), set[int | str]()
    for batch in _batches(raw):
        _count(counts, batch, met)
        _keep(made, batch)
    if not counts.known + counts.unknown + counts.doubled + counts.wrong:
        raise NothingInIt("There is no line in it.")
    for column in ("known", "unknown", "doubled", "wrong"):
        setattr(made, column, getattr(counts, column))
    made.save()
    return made


@transaction.atomic
def throw_away(made: Upload) -> None:
    """It is not kept any more; raises InUse where a cohort was put together with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM notices_cohort WHERE conditions @? format('$.**.listed.list ? (@ == %%s)', %s)::jsonpath)",
            [made.pk],
        )
        if cursor.fetchone()[0]:
            raise InUse("A cohort was put together with it.")
    Line.objects.filter(upload=made)._raw_delete(using="default")
    made.delete()


def _batches(raw: bytes) -> Iterable[list[Named]]:
    rows = said_in(rows_of(text_of(raw)))
    lines = 0
    while batch := list(islice(rows, AT_ONCE)):
        lines += len(batch)
        if lines > LINES_MOST:
            raise TooLong(f"At most {LINES_MOST:,} lines are read: hand it in as several lists.")
        yield _named(batch)


def _count(counts: Counts, batch: Sequence[Named], met: set[int | str]) -> None:
    for one in batch:
        who: int | str | None = one.customer or one.address or None
        if who is None:
            counts.wrong += 1
        elif who in met:
            counts.doubled += 1
        elif one.customer:
            counts.known += 1
        else:
            counts.unknown += 1
        if who is not None:
            met.add(who)


def _named(batch: Sequence[Said]) -> list[Named]:
    """Whom these lines name, in at most four statements."""
    wanted = {by: [one.value for one in batch if one.by is by and one.problem is None] for by in Names}
    numbers = [int(value) for value in wanted[Names.CUSTOMER]]
    customers = set(Customer.objects.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    reached: dict[str, int] = {}
    if wanted[Names.MAIL]:
        mail = Handle.objects.filter(kind=Handle.Kind.EMAIL, address__in=wanted[Names.MAIL])
        reached = dict(mail.values_list("address", "customer_id"))
    if wanted[Names.HANDLE]:
        others = Handle.objects.filter(address__in=wanted[Names.HANDLE]).exclude(kind=Handle.Kind.EMAIL)
        reached |= dict(others.values_list("address", "customer_id"))
    of_orders: dict[str, int] = {}
    if wanted[Names.ORDER]:
        orders = Order.objects.filter(reference__in=wanted[Names.ORDER])
        of_orders = dict(orders.values_list("reference", "customer_id"))
    found = [_one(said, customers=customers, reached=reached, of_orders=of_orders) for said in batch]
    roots = dict(
        Customer.objects.filter(pk__in={one.customer for one in found if one.customer}).values_list("pk", "root_id")
    )
    gone = set(
        Customer.objects.filter(pk__in=set(roots.values()), erased_at__isnull=False).values_list("pk", flat=True)
    )
    return [_of_person(one, roots, gone) for one in found]


def _one(said: Said, *, customers: set[int], reached: dict[str, int], of_orders: dict[str, int]) -> Named:
    if said.by is None or said.problem is not None:
        return Named(said, problem=said.problem or Problem.EMPTY)
    match said.by:
        case Names.CUSTOMER:
            number = int(said.value)
            known, problem = (number if number in customers else None), Problem.NO_SUCH_CUSTOMER
        case Names.MAIL:
            if said.value == NOBODY:
                return Named(said, problem=Problem.NOBODY)
            if said.value not in reached:
                return Named(said, address=said.value)
            known, problem = reached[said.value], Problem.NOT_AN_ADDRESS
        case Names.HANDLE:
            known, problem = reached.get(said.value), Problem.NO_SUCH_HANDLE
        case Names.ORDER:
            known, problem = of_orders.get(said.value), Problem.NO_SUCH_ORDER
    return Named(said, customer=known) if known else Named(said, problem=problem)


def _of_person(one: Named, roots: dict[int, int], gone: set[int]) -> Named:
    if one.customer is None:
        return one
    root = roots[one.customer]
    return Named(one.said, problem=Problem.FORGOTTEN) if root in gone else Named(one.said, customer=root)


def _keep(made: Upload, batch: Sequence[Named]) -> None:
    names = ("upload_id", "number", "customer_id", "address", "name", "said", "problem")
    lines = f"COPY {Line._meta.db_table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(lines) as copy:
        for one in batch:
            # Of whom a line names the number is enough; of a line that names nobody what stood there.
            is_wrong = one.problem is not None and one.problem is not Problem.FORGOTTEN
            copy.write_row(
                (
                    made.pk,
                    one.said.line,
                    one.customer,
                    one.address,
                    one.said.name if one.address else "",
                    one.said.text if is_wrong else "",
                    one.problem or "",
                )
            )

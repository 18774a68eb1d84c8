"""Reading: what is held of a person and how far it reaches, what stands in the way, what was asked and what was done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from troth.cases import erasing as cases
from troth.cases.models import Case, Message
from troth.inbox import erasing as inbox
from troth.inbox.actions import NOBODY
from troth.notices import erasing as notices
from troth.orders import erasing as orders
from troth.people import erasing as people
from troth.people.models import Customer, Handle
from troth.people.queries import family
from troth.post import erasing as post
from troth.post.models import Letter
from troth.privacy.models import Erasure, Hold, Request
from troth.promises import erasing as promises
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.remedies import erasing as remedies
from troth.status import erasing as status
from troth.words.refs import number_of, ref


@dataclass(frozen=True)
class Reach:
    """Everything that is one person's: which customers, cases, letters and arrivals."""

    customers: tuple[int, ...]
    #: Theirs, and those in which mail was set aside that could not be read and names an address of theirs.
    cases: tuple[int, ...]
    set_aside: tuple[int, ...]
    letters: QuerySet[Letter]
    arrivals: tuple[int, ...]


def reach(customers: Sequence[int]) -> Reach:
    """How far a person reaches through the tables, as they are now."""
    own = cases.cases_of(customers)
    quarantined = inbox.quarantined(mail_addresses(customers))
    shown_in = Message.objects.filter(pk__in=inbox.quarantined_messages(quarantined))
    set_aside = [pk for pk in shown_in.values_list("case_id", flat=True) if pk not in set(own)]
    every = [*own, *dict.fromkeys(set_aside)]
    promised = list(promises.theirs(customers, every).values_list("pk", flat=True))
    about = [ref("promise", pk) for pk in promised] + [ref("case", pk) for pk in every]
    to = mail_addresses(customers)
    letters = post.theirs(customers, about=about, warned_at=promises.warned_at(promised), to=to)
    sent = [ref("letter", pk) for pk in letters.values_list("pk", flat=True)]
    # Under their address something may have been said in somebody else's case.
    said = Message.objects.filter(handle__customer_id__in=customers, source__startswith="arrival:")
    named = {number_of(source, "arrival") for source in said.values_list("source", flat=True)}
    arrivals = {*inbox.of_messages(every, letters=sent), *quarantined, *named}
    return Reach(tuple(customers), tuple(every), tuple(set_aside), letters, tuple(sorted(arrivals)))


def mail_addresses(customers: Sequence[int]) -> list[str]:
    """What may be looked for in mail that nobody could read; a number of a telephone would be found everywhere."""
    return [address for address in people.addresses(customers) if "@" in address]


def counts(found: Reach) -> dict[str, int]:
    """How many of what."""
    return {
        "customers": len(found.customers),
        **people.holds(found.customers),
        **cases.holds(found.cases),
        **promises.holds(found.customers, found.cases),
        **orders.holds(found.customers),
        **notices.holds(found.customers, mail_addresses(found.customers)),
        **remedies.holds(found.customers),
        **post.holds(found.letters),
        **inbox.holds(found.arrivals),
        **status.holds(mail_addresses(found.customers)),
        "set_aside": len(found.set_aside),
    }


def shown_counts(customers: Sequence[int]) -> dict[str, int]:
    """The same as far as the person is shown it, without looking for what nobody could tell whose it is."""
    own = cases.cases_of(customers)
    return {
        **people.holds(customers),
        **cases.holds(own),
        **promises.holds(customers, own),
        **orders.holds(customers),
        **notices.holds(customers, mail_addresses(customers)),
        **remedies.holds(customers),
        "letters": Letter.objects.filter(customer_id__in=customers).count(),
        **status.holds(mail_addresses(customers)),
    }


def is_small(customers: Sequence[int], *, most: int) -> bool:
    """Whether so little is held that somebody may wait for its end."""
    theirs = Message.objects.filter(case__customer_id__in=customers)
    letters = Letter.objects.filter(customer_id__in=customers)
    owed = Promise.objects.filter(OWED, customer_id__in=customers)  # each is settled by itself
    return sum(rows.order_by()[: most + 1].count() for rows in (theirs, letters, owed)) <= most


def seem_to_be(found: Reach) -> list[Case]:
    """Cases of others, from senders nobody vouched for, that seem to belong to one of theirs."""
    return list(cases.seem_to_be(found.cases, but=found.customers))


def is_nobody(customers: Collection[int]) -> bool:
    """Whether this is no person but the place where mail stands whose sender could not be told."""
    return Handle.objects.filter(customer_id__in=customers, address=NOBODY).exists()


def is_erased(customers: Collection[int]) -> bool:
    return Customer.objects.filter(pk__in=customers, erased_at__isnull=False).exists()


def holds(customers: Collection[int], *, now: datetime) -> list[Hold]:
    """Those that stand, the longest last."""
    standing = Hold.objects.filter(customer_id__in=customers, lifted_at=None, until__gt=now)
    return list(standing.select_related("by").order_by("until", "pk"))


def open_request(customers: Collection[int]) -> Request | None:
    return Request.objects.filter(customer_id__in=customers, answered_at=None).order_by("pk").first()


def last_request(customers: Collection[int]) -> Request | None:
    """The newest, answered or not."""
    return Request.objects.filter(customer_id__in=customers).order_by("-pk").first()


def open_requests() -> list[Request]:
    """All that wait for an answer, the nearest date first."""
    return list(Request.objects.filter(answered_at=None).select_related("customer").order_by("answer_by", "pk"))


def erasures(*, most: int) -> list[Erasure]:
    """The newest first."""
    return list(Erasure.objects.select_related("by").order_by("-pk")[:most])


def erasure_of(customers: Collection[int]) -> Erasure | None:
    """The newest of any of these."""
    return Erasure.objects.filter(customers__overlap=list(customers)).order_by("-pk").first()


def under_way() -> list[int]:
    """Erasures that are not at their end."""
    return list(Erasure.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True))


def whole(customers: Iterable[int]) -> list[int]:
    """All numbers of these persons."""
    found: set[int] = set()
    for customer in customers:
        found |= set(family(customer))
    return sorted(found)


#: How a connection that erases calls itself, so that others see how far it is before it commits.
PROGRESS = "troth erasure {number}: {step}/{steps}"


def progress(erasure: Erasure) -> tuple[int, int] | None:
    """Which step of how many is being done, where somebody is at it right now."""
    begins = PROGRESS.partition("{step}")[0].format(number=erasure.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE %s LIMIT 1",
            [begins + "%"],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    step, _slash, steps = row[0].removeprefix(begins).partition("/")
    return int(step), int(steps)


def left() -> set[int]:
    """Who was forgotten and has words here again: written in the moment in which the rest went."""
    own = orders.left() | remedies.left() | notices.left()
    return people.left() | cases.left() | promises.left() | post.left() | inbox.left() | own

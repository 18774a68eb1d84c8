"""Watching that it has not come back: what was read since the last look is held against every watch, in batches.

The ledger's order says what is new: readings, and what staff said of them. Nothing that is committed late is passed over there, and
what is looked at twice is found once. Cases that are part of the incident are not looked at: whoever was hurt goes on writing about
it, and their anger is no second time; that it is one a person may say on the case's page.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch

from troth.cases.models import Case, Correction, Message
from troth.cases.readings import as_corrected
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field
from troth.incidents.actions.held import join_hurt, tell_held
from troth.incidents.actions.recurring import HELD_FOR, READ_WITHIN, carry_out, found_fact, hold
from troth.incidents.models import Recurrence, Watch
from troth.incidents.queries_prevention import held_untold
from troth.incidents.rules.recurring import Found, Heard, Watched, found, most_alike
from troth.ledger import queries as ledger
from troth.ledger.actions import append_all
from troth.ledger.models import Unsealed
from troth.ledger.queries import Place
from troth.orders.models import Order
from troth.promises import letters
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.reading import CONFIDENT
from troth.words.messages import Kind
from troth.words.promises import Sort as PromiseSort
from troth.words.refs import NotAReference, number_of, ref

log = logging.getLogger(__name__)

#: Facts after which a message may be read otherwise than before.
NEWS = frozenset({"MessageRead", "ReadingCorrected", "ReadingConfirmed", "CorrectionUndone"})
#: So many places in the order are looked at together.
BATCH = 2_000
#: So many of an incident's latest complaints are compared with, and so far back orders tell what somebody may complain of.
COMPARED = 50
ORDERED_WITHIN = timedelta(days=365)
TROUBLED = frozenset({Kind.COMPLAINT, Kind.ENQUIRY})


def look(*, now: datetime) -> int:
    """All that watching wants by *now*: what is new looked at, what was confirmed carried out, what held kept; how much."""
    total = 0
    while looked := look_at_news(now=now):
        total += looked
    total += sum(carry_out(one, now=now) for one in said_before(now - HELD_FOR))
    total += sum(hold(one, now=now) for one in over_by(now))
    total += sum(tell_held(one, by=None, now=now) is not None for one in held_untold() if tells_by_itself(one))
    return total + join_hurt(now=now)


def tells_by_itself(watch: Watch) -> bool:
    """Its team lets letters that follow from a promise leave by themselves, and wants no second reader of notices."""
    team = watch.incident.team
    return letters.by_itself(watch.incident.team_id) and not (team and team.notices_want_second)


def said_before(moment: datetime) -> list[Recurrence]:
    """What was confirmed by then and is to be carried out."""
    rows = Recurrence.objects.filter(state=Recurrence.State.SAID, decided_at__lte=moment)
    return list(rows.select_related("watch").order_by("decided_at", "pk"))


def over_by(now: datetime) -> list[Watch]:
    """Watches of which a day has come, once everything said before it was looked at; of an extended one also its first days."""
    by = now - READ_WITHIN
    watches = list(Watch.objects.filter(state=Watch.State.WATCHING).order_by("until", "pk"))
    about = [ref("incident", watch.incident_id) for watch in watches]
    owed = Promise.objects.filter(OWED, about__in=about, sort=PromiseSort.NOT_AGAIN, due__lte=by)
    over = set(owed.values_list("about", flat=True)) if watches else set()
    if not over or Unsealed.objects.filter(entry__recorded_at__lt=by).exists():
        return []
    head = ledger.head_before(by)
    return [row for row in watches if ref("incident", row.incident_id) in over and row.looked_up_to >= head]


@transaction.atomic
def look_at_news(*, now: datetime, most: int = BATCH) -> int:
    """Look at the next facts for every watch that nobody else looks after now; how many facts. Repeat until 0."""
    behind = Watch.objects.filter(state=Watch.State.WATCHING, looked_up_to__lt=ledger.head()).select_related("incident")
    watches = list(behind.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    news: dict[int, list[Place]] = {}
    for watch in watches:
        if watch.looked_up_to not in news:
            news[watch.looked_up_to] = ledger.places(watch.looked_up_to, most=most)
    messages = _heard({number for places in news.values() for number in _messages(places)}, watches, now=now)
    total = 0
    for watch in watches:
        places = news[watch.looked_up_to]
        if not places:
            continue
        mine = [messages[number] for number in _messages(places) if number in messages]
        _hold_against(watch, mine, now=now)
        Watch.objects.filter(pk=watch.pk).update(looked_up_to=places[-1].position)
        total += len(places)
    return total


def _messages(places: Sequence[Place]) -> list[int]:
    """The messages these facts are about, each once."""
    numbers: dict[int, None] = {}
    for place in places:
        if place.kind in NEWS and not place.is_past:
            try:
                numbers[number_of(place.about, "message")] = None
            except NotAReference:
                continue
    return list(numbers)


@dataclass(frozen=True)
class Said:
    """A message, as far as watching needs it."""

    message: int
    case: int
    incident: str
    at: datetime
    embedding: tuple[float, ...]
    heard: Heard


def _heard(numbers: Collection[int], watches: Sequence[Watch], *, now: datetime) -> dict[int, Said]:
    """What is known of these messages, without those that nobody in trouble wrote.

    Whose mail it is may be unproven: much honest mail is, it is about what happened and not to whom, and a person decides.
    """
    if not numbers:
        return {}
    standing = Prefetch("corrections", Correction.objects.filter(until=None), to_attr="standing")
    rows = Message.objects.filter(
        pk__in=numbers, direction=Message.Direction.INBOUND, automatic=False,
        case__imported=False, case__for_staff_only=False,
    )  # fmt: skip
    wants_orders = any(watch.product or watch.place for watch in watches)
    messages = list(rows.select_related("case__customer").prefetch_related(standing))
    roots = {message.case.customer.root_pk for message in messages}
    bought = _bought(roots, now=now) if wants_orders else {}
    found_: dict[int, Said] = {}
    for message in messages:
        read = as_corrected(message, message.standing)
        if read.kind is None or read.kind.value not in TROUBLED:
            continue
        said = {row.field for row in message.standing}
        products, places = bought.get(message.case.customer.root_pk, (frozenset(), frozenset()))
        found_[message.pk] = Said(
            message=message.pk,
            case=message.case_id,
            incident=message.case.incident,
            at=message.at,
            embedding=read.embedding,
            heard=Heard(
                causes=frozenset(cause.value.value for cause in read.causes),
                text=f"{message.case.subject}\n{message.text}",
                products=products,
                places=places,
                is_sure=Field.CAUSES in said or any(cause.confidence >= CONFIDENT for cause in read.causes),
            ),
        )
    return found_


def _bought(roots: Collection[int], *, now: datetime) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Of each person the products they ordered lately and the places they went to; one statement."""
    rows = Order.objects.filter(customer__root_id__in=roots, ordered_at__gte=now - ORDERED_WITHIN, cancelled_at=None)
    products: dict[int | None, set[str]] = defaultdict(set)
    places: dict[int | None, set[str]] = defaultdict(set)
    for root, product, place in rows.values_list("customer__root_id", "product", "place").distinct():
        products[root].add(product)
        places[root].add(place)
    return {root: (frozenset(products[root] - {""}), frozenset(places[root] - {""})) for root in products if root}


def _hold_against(watch: Watch, said: Sequence[Said], *, now: datetime) -> None:
    """Note which of these may be what is watched for; what was dismissed is not asked again, what became surer is."""
    own = ref("incident", watch.incident_id)
    new = [one for one in said if one.incident != own and watch.begun_at <= one.at < watch.until]
    if not new:
        return
    wanted = Watched(cause=watch.cause, product=watch.product, place=watch.place)
    others = _complaints_of(own)
    best: dict[str, Recurrence] = {}
    for one in new:
        likeness = most_alike(one.embedding, others)
        is_it = found(wanted, Heard(**{**vars(one.heard), "likeness": likeness}))
        row = _row(watch, one, is_it, likeness=likeness, now=now) if is_it else None
        if row and (row.case not in best or row.is_strong > best[row.case].is_strong):
            best[row.case] = row
    known = {row.case: row for row in Recurrence.objects.filter(watch=watch, case__in=best)}
    added = Recurrence.objects.bulk_create(row for case, row in best.items() if case not in known)
    surer = []
    for case, row in best.items():
        before = known.get(case)
        if before and before.state == Recurrence.State.FOUND and row.is_strong and not before.is_strong:
            before.is_strong, before.why, before.likeness, before.message = True, row.why, row.likeness, row.message
            surer.append(before)
    Recurrence.objects.bulk_update(surer, ["is_strong", "why", "likeness", "message"])
    append_all((found_fact(row) for row in [*added, *surer]), now=now)


def _row(watch: Watch, said: Said, is_it: Found, *, likeness: float | None, now: datetime) -> Recurrence:
    return Recurrence(
        watch=watch,
        case=ref("case", said.case),
        message=ref("message", said.message),
        why=" ".join(is_it.why),
        likeness=likeness,
        is_strong=is_it.is_strong,
        found_at=now,
    )


def _complaints_of(incident: str) -> list[tuple[float, ...]]:
    """What was read in the first words of the latest complaints that are part of it; one statement."""
    rows = Message.objects.filter(
        case__in=Case.objects.filter(incident=incident).order_by("-last_message_at", "-pk").values("pk")[:COMPARED],
        direction=Message.Direction.INBOUND,
        automatic=False,
    )
    first = rows.order_by("case_id", "at", "pk").distinct("case_id").values_list("reading", flat=True)
    return [read.embedding for plain in first if (read := kept.from_plain(plain)).embedding]

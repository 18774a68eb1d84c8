"""Rows held against their facts, in a stream: a few thousand things at a time, each with its facts by the index that finds them.

Each room says in its `things.py` which of its tables the ledger tells of; how facts become columns stands in its `rules/replay.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from troth.ledger.checks import fits
from troth.ledger.models import Entry
from troth.ledger.payloads import look_into
from troth.ledger.rules.payload import DoesNotOpen
from troth.ledger.rules.replay import Columns, Difference, Told, differences
from troth.words.refs import ref

#: So many things are looked at together.
BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A table whose rows the ledger tells of."""

    #: The word of its references: "promise".
    word: str
    model: type[Model]
    #: The columns of these rows, by their numbers; those that are not there are left out. Digests are of what the row holds,
    #: EMPTIED where it holds it no more; `customer` tells whose it was.
    rows: Callable[[Sequence[int]], dict[int, Columns]]
    #: The columns as facts put them.
    told: Callable[[Sequence[Told]], Columns]
    #: All its facts are of one customer, whoever is merged with whom.
    of_one: bool = True


#: The digest of words or bytes that are not there any more.
EMPTIED = ""


def is_digest(column: str) -> bool:
    return column.endswith("digest")


@dataclass(frozen=True)
class Disagrees:
    """A row that is not what its facts say."""

    reference: str
    #: In which columns; none where there is no such row, and its facts were not erased.
    differences: tuple[Difference, ...] = ()


def of_all(
    thing: Thing, *, forgotten: Collection[str] = (), heard: Callable[[Sequence[int]], object] = lambda numbers: None
) -> Iterator[Disagrees]:
    """Every row of *thing*, in the order of their numbers; *heard* hears of each batch that was looked at."""
    for numbers in batches(thing.model):
        yield from of(thing, numbers, forgotten=forgotten)
        heard(numbers)


def batches(model: type[Model]) -> Iterator[list[int]]:
    """The numbers of every row there is, in their order."""
    last = 0
    while numbers := list(
        model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield numbers
        last = numbers[-1]


def of(thing: Thing, numbers: Collection[int], *, forgotten: Collection[str] = ()) -> Iterator[Disagrees]:
    """These of *thing*, whether their rows are there or not; *forgotten* are the customers whose words may be gone."""
    rows = thing.rows(list(numbers))
    told = facts_of([ref(thing.word, number) for number in numbers])
    for number in sorted(numbers):
        reference = ref(thing.word, number)
        facts = told[reference]
        if facts is None:
            continue
        if number not in rows:
            if any(fact.kind == "TakenBack" for fact in facts):
                continue
            # What the rooms let go of when somebody is forgotten is told by its facts being erased with it.
            if any(fact.said is not None for fact in facts) and not {fact.customer for fact in facts} & set(forgotten):
                yield Disagrees(reference)
            continue
        told_of_it = _told(thing, rows[number], facts, forgotten=forgotten)
        carried = _carried_over(facts) if thing.of_one else []
        if found := [*carried, *differences(row=rows[number], told=told_of_it)]:
            yield Disagrees(reference, tuple(found))


def _carried_over(facts: Sequence[Told]) -> list[Difference]:
    """Facts of several customers: one was carried over to somebody who was forgotten, so that it opens no more."""
    customers = sorted({fact.customer for fact in facts} - {""})
    return [Difference("customer", customers[0], customers[1])] if len(customers) > 1 else []


def _told(thing: Thing, row: Columns, facts: Sequence[Told], *, forgotten: Collection[str]) -> Columns:
    """As the facts put it; a digest of what was emptied is asked for only where nobody was forgotten of whom it told."""
    told = thing.told(facts)
    whose = row.get("customer")
    if whose in forgotten or (not whose and forgotten):
        return {name: value for name, value in told.items() if not (is_digest(name) and row.get(name) == EMPTIED)}
    return told


def facts_of(references: Collection[str]) -> dict[str, list[Told] | None]:
    """The facts about each of these, oldest first. None where one of them does not open: that one is found in its own place."""
    found: dict[str, list[Told] | None] = {reference: [] for reference in references}
    for about, fact in _facts(Entry.objects.filter(about__in=list(references))):
        facts = found[about]
        if fact is None:
            found[about] = None
        elif facts is not None:
            facts.append(fact)
    return found


def facts_of_kind(kind: str) -> list[Told]:
    """Every fact of a kind of which there are few, oldest first; but for one that does not open."""
    return [fact for _about, fact in _facts(Entry.objects.filter(kind=kind)) if fact]


def _facts(entries: QuerySet[Entry]) -> Iterator[tuple[str, Told | None]]:
    """What each is about, and what it says; None for one that does not open."""
    columns = ("about", "kind", "customer", "happened_at", "recorded_at", "payload", "commit")
    rows = list(entries.order_by("id").values_list(*columns))
    opened = look_into([(customer, bytes(payload)) for _, _, customer, _, _, payload, _ in rows])
    for (about, kind, customer, happened_at, recorded_at, _payload, commit), one in zip(rows, opened, strict=True):
        if isinstance(one, DoesNotOpen) or (
            one and not fits(one, kind=kind, about=about, customer=customer, commit=bytes(commit))
        ):
            yield about, None
            continue
        said: dict[str, Any] | None = json.loads(one.body) if one else None
        yield about, Told(kind=kind, customer=customer, happened_at=happened_at, recorded_at=recorded_at, said=said)

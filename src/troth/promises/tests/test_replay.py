"""A promise as its facts put it, by tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from troth.ledger.rules.canonical import moment
from troth.ledger.rules.replay import Columns, Told, differences
from troth.promises.rules.replay import told_of

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = NOW + 3 * DAY


def fact(kind: str, *, at: datetime = NOW, erased: bool = False, **said: Any) -> Told:
    plain = {name: moment(value) if isinstance(value, datetime) else value for name, value in said.items()}
    return Told(kind=kind, customer="customer:7", happened_at=at, recorded_at=at, said=None if erased else plain)


def made(state: str = "open", due: datetime | None = DUE, owner: str = "staff:1", *, erased: bool = False) -> Told:
    return fact(
        "PromiseMade", erased=erased, state=state, sort="deed", strength="promise", speaker="company", source="message:5",
        said_at=NOW, first_due=due, owner=owner, quote_digest="00",
    )  # fmt: skip


def moved(count: int, to: datetime) -> Told:
    return fact("PromiseMoved", from_due=DUE, to_due=to, count=count, reason="supplier", by="staff:1")


def told(letter: int, *, due: datetime, delivered_at: datetime, in_time: bool = True) -> list[Told]:
    words = {"telling": "move", "letter": f"letter:{letter}", "due": due}
    return [
        fact("TellingSent", automatic=False, **words),
        fact("CustomerTold", delivered_at=delivered_at, before_due=delivered_at < due, in_time=in_time, **words),
    ]


LATE = fact("PromiseLate", at=DUE, due=DUE, told=False)
KEPT = fact("PromiseKept", at=NOW + DAY, due=DUE, done_at=NOW + DAY, by="")
LATER = DUE + 2 * DAY


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([made()], {"state": "open", "due": DUE, "moves": 0, "done_at": None, "owner": "staff:1", "told_at": None}),
        ([made("armed", None), fact("PromiseOpened", first_due=DUE, by="staff:2")], {"state": "open", "due": DUE}),
        ([made("armed", None, ""), fact("PromiseOpened", first_due=DUE, by="staff:2")], {"owner": "staff:2"}),
        ([made(), KEPT], {"state": "kept", "done_at": NOW + DAY, "settled_at": NOW + DAY}),
        ([made(), moved(1, LATER)], {"state": "moved", "due": LATER, "first_due": DUE, "moves": 1}),
        ([made(), moved(1, LATER), KEPT], {"state": "moved", "done_at": NOW + DAY}),
        ([made(), LATE], {"state": "late", "done_at": None, "settled_at": None}),
        ([made(), LATE, fact("PromiseDoneLate", at=LATER, due=DUE, done_at=LATER, by="")], {"done_at": LATER}),
        ([made(), LATE, fact("PromiseBroken", at=LATER, due=DUE, reason="not_done")], {"state": "broken"}),
        ([made(), fact("PromiseReleased", reason="", by="")], {"state": "released", "settled_at": NOW}),
        ([made(), fact("PromiseVoided", reason="", by="")], {"state": "void"}),
        ([made(), fact("StaffWarned", at=LATER, due=DUE, warned="")], {"warned_at": LATER}),
        ([made(), fact("StaffWarned", due=DUE, warned=""), moved(1, LATER)], {"warned_at": None}),
        ([made(), fact("PromiseOwned", before="staff:1", owner="", by="")], {"owner": ""}),
        ([made(), fact("VerdictGiven", at=LATER, kept=False)], {"verdict": False, "verdict_at": LATER}),
        ([made(), made()], {"PromiseMade": 2}),
        ([], {"PromiseMade": 0}),
        # Told about the date that stands; told of another, which is no word about this one; told too late to count as moved.
        ([made(), *told(9, due=DUE, delivered_at=NOW + DAY)], {"told_at": NOW + DAY, "letter:9 due": DUE}),
        ([made(), moved(1, LATER), *told(9, due=DUE, delivered_at=NOW + DAY)], {"told_at": None, "TellingSent": 1}),
        (
            [made(), moved(1, LATER), *told(9, due=DUE, delivered_at=NOW + DAY, in_time=False)],
            {"told_at": NOW + DAY, "tellings": "letter:9"},
        ),
        # The third move breaks the promise; what was told of the date it is judged by stays.
        (
            [made(), *told(9, due=DUE, delivered_at=NOW + DAY), *(moved(count, LATER) for count in (1, 2))],
            {"told_at": None, "state": "moved"},
        ),
        (
            [
                made(), moved(1, LATER), moved(2, LATER), *told(9, due=LATER, delivered_at=NOW + DAY), moved(3, LATER + DAY),
                fact("PromiseBroken", due=LATER, reason="third_move"),
            ],
            {"told_at": NOW + DAY, "state": "broken", "moves": 3},
        ),
    ],
)  # fmt: skip
def test_facts_put_a_promise_where_its_row_has_it(facts: list[Told], said: Columns) -> None:
    columns = told_of(facts)

    assert {name: columns[name] for name in said} == said


@pytest.mark.parametrize(
    ("facts", "unknown"),
    [
        ([made("armed", DUE), fact("PromiseOpened", first_due=DUE, by="")], {"due"}),
        ([made(), LATE, fact("TellingSent", telling="new_date", letter="letter:9", due=DUE, automatic=False)], {"due"}),
        ([made(owner=""), fact("PromiseOpened", first_due=DUE, by="key:5")], {"owner", "due"}),
        ([made(), fact("PromiseBroken", due=DUE, reason="said_so")], {"miss_reason"}),
        ([made(erased=True)], {"state", "due", "first_due", "owner", "source"}),
        ([made(erased=True), fact("CustomerTold", erased=True)], {"told_at"}),
        ([made(erased=True), fact("TellingSent", erased=True)], {"tellings"}),
        ([made(erased=True), fact("PromiseKept", erased=True)], {"done_at", "due"}),
    ],
)
def test_what_no_fact_tells_is_left_to_the_row(facts: list[Told], unknown: set[str]) -> None:
    assert not unknown & told_of(facts).keys()


def test_the_state_of_a_promise_is_told_by_kinds_alone() -> None:
    """So the sums can be proven after everybody in them was forgotten."""
    facts = [made(erased=True), fact("PromiseMoved", erased=True), fact("PromiseLate", erased=True)]

    assert {name: told_of(facts)[name] for name in ("state", "moves", "PromiseMade")} == {
        "state": "late",
        "moves": 1,
        "PromiseMade": 1,
    }


def test_a_difference_names_column_row_and_facts() -> None:
    row: Columns = {"state": "kept", "due": DUE, "verdict": None}

    found = differences(row=row, told={"state": "late", "due": DUE, "moves": 1, "verdict": False})

    assert [(one.column, one.row, one.facts) for one in found] == [
        ("state", "kept", "late"),
        ("verdict", "nothing", "False"),
    ]

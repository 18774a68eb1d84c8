"""The table in docs/reliability.md keeps what was not tried again, and forgets what is no longer tried."""

from __future__ import annotations

from faults.registry import Fault, Outcome
from faults.table import BEGIN, END, PAGE, merged, row, rows_in

KILL, PAUSE, GONE = Fault("R1", "kill", "a:kill"), Fault("R2", "pause", "a:pause"), Fault("R9", "gone", "a:gone")


def page(*rows: tuple[Fault, int, str]) -> str:
    made = [row(fault, Outcome(points=points), day=day) for fault, points, day in rows]
    return merged(f"before {BEGIN}{END} after", made, known=[KILL, PAUSE, GONE])


def test_a_row_stays_until_it_is_tried_again() -> None:
    first = page((PAUSE, 19, "2026-11-01"), (KILL, 1400, "2026-11-01"))

    again = merged(first, [row(KILL, Outcome(points=1500, lost=1), day="2026-11-02")], known=[KILL, PAUSE, GONE])

    assert [one.cells for one in rows_in(again)] == [
        ("R1", "kill", "1,500", "1", "0", "0", "", "2026-11-02"),
        ("R2", "pause", "19", "0", "0", "0", "", "2026-11-01"),
    ]
    assert (again[:7], again[-6:]) == ("before ", " after")


def test_a_fault_that_is_gone_leaves_the_table() -> None:
    assert rows_in(merged(page((GONE, 1, "2026-11-01")), [], known=[KILL])) == []


def test_outcomes_add_up() -> None:
    both = Outcome(points=2, lost=1, notes="a") + Outcome(points=3, stuck=1, notes="b")

    assert both == Outcome(points=5, lost=1, stuck=1, notes="a; b")
    assert not both.is_clean
    assert not Outcome(points=0).is_clean


def test_the_page_has_its_place_for_the_table() -> None:
    assert PAGE.read_text().count(BEGIN) == PAGE.read_text().count(END) == 1

"""The sentences of deadlines.txt, which says how its lines are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from troth.reading.due import find_dues
from troth.words.hours import Hours, office

OFFICES = {
    "GB": office("Europe/London", "GB", "ENG"),
    "US": office("America/New_York", "US"),
    "DE": office("Europe/Berlin", "DE"),
    "AU": office("Australia/Sydney", "AU", "NSW"),
}


class Case(NamedTuple):
    hours: Hours
    at: datetime
    text: str
    due: str
    window: str
    unsure: bool


def _cases() -> Iterator[Case]:
    hours, at = OFFICES["GB"], datetime.now(UTC)
    for line in Path(__file__).with_name("deadlines.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, country, written = line.split()
            hours = OFFICES[country]
            at = hours.instant(date.fromisoformat(written[:10]), datetime.fromisoformat(written).time())
        elif " | " in line:
            text, gold = line.rsplit(" | ", 1)
            due, _, window = gold.removeprefix("~").partition(" / ")
            yield Case(hours, at, text, due, window, gold.startswith("~"))


CASES = tuple(_cases())


def _is(at: datetime, wanted: str, hours: Hours) -> bool:
    local = hours.local(at).replace(tzinfo=None)
    first, _, last = wanted.partition("..")
    if "T" in first:
        return local == datetime.fromisoformat(first)
    return date.fromisoformat(first) <= local.date() <= date.fromisoformat(last or first)


def test_the_cases_are_there() -> None:
    assert len(CASES) > 300
    assert all(case.at.tzinfo for case in CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.due != "-"], ids=lambda case: case.text)
def test_deadline_is_read(case: Case) -> None:
    (found,) = find_dues(case.text, at=case.at, hours=case.hours)

    assert _is(found.due.at, case.due, case.hours), found.due
    assert not case.window or (found.due.window_start and _is(found.due.window_start, case.window, case.hours))
    assert found.due.ambiguous == case.unsure, found.due
    assert found.due.other_at is None or (found.due.ambiguous and found.due.other_at >= case.at)


@pytest.mark.parametrize("case", [case for case in CASES if case.due == "-"], ids=lambda case: case.text)
def test_no_deadline_is_read(case: Case) -> None:
    assert find_dues(case.text, at=case.at, hours=case.hours) == ()

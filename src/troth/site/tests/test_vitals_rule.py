from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from troth.site.rules import vitals
from troth.site.rules.vitals import Finding, Heard, Seen, Sign, judge

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def seen(**values: Any) -> Seen:
    """A system that is well, but for what is said."""
    return Seen(**{"worker_at": NOW, "disk_free_mb": 10_000, "disk_low_mb": 512, **values})


def failing(**values: Any) -> list[str]:
    return [finding.sign.value for finding in judge(seen(**values), now=NOW).failing]


@pytest.mark.parametrize(
    ("name", "bound", "sign"),
    [
        ("worker_at", timedelta(seconds=60), "worker"),
        ("unread_since", timedelta(minutes=2), "inbox"),
        ("unlooked_since", timedelta(seconds=60), "watcher"),
        ("held_since", timedelta(seconds=60), "replies"),
        ("untried_since", timedelta(minutes=5), "outbox"),
        ("away_since", timedelta(minutes=10), "carrier"),
        ("unsealed_since", timedelta(seconds=60), "seal"),
    ],
)
def test_what_waits_fails_beyond_its_bound_and_not_at_it(name: str, bound: timedelta, sign: str) -> None:
    assert failing(**{name: NOW - bound}) == []
    assert failing(**{name: NOW - bound - SECOND}) == [sign]
    assert failing(**{name: NOW + bound}) == []  # due later: nothing waits


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"worker_at": None}, ["worker"]),
        ({"database_answers": False}, ["database"]),
        ({"migrations_missing": 1, "worker_at": None}, ["migrations"]),
        ({"disk_free_mb": 512}, []),
        ({"disk_free_mb": 511}, ["disk"]),
        ({"disk_free_mb": None}, []),
        ({"mailboxes": [Heard("Support", NOW)]}, []),
        ({"mailboxes": [Heard("Support", NOW), Heard("Sales", None)]}, ["mailboxes"]),
        ({"unlooked_since": NOW - timedelta(days=1), "disk_free_mb": 0}, ["watcher", "disk"]),
    ],
)
def test_each_sign_fails_by_itself(values: dict[str, Any], found: list[str]) -> None:
    verdict = judge(seen(**values), now=NOW)

    assert [finding.sign.value for finding in verdict.failing] == found
    assert verdict.ready == (found == [])


def test_the_mailbox_silent_for_longest_says_since_when_and_why() -> None:
    boxes = [
        Heard("Sales", NOW - timedelta(minutes=11)),
        Heard("Support", NOW - timedelta(minutes=38), "It did not let us in."),
        Heard("Well", NOW - timedelta(days=0)),
    ]

    [finding] = judge(seen(mailboxes=boxes), now=NOW).failing

    assert finding == Finding(
        Sign.MAILBOXES,
        failing=True,
        since=NOW - timedelta(minutes=38),
        figure=38 * 60,
        bound=600,
        names=("Sales", "Support"),
        problem="It did not let us in.",
    )


def test_every_sign_is_always_among_the_findings_of_a_database_that_answers() -> None:
    assert [finding.sign for finding in judge(seen(), now=NOW).findings] == list(Sign)
    waits_for_nothing = {Sign.DATABASE, Sign.MIGRATIONS, Sign.HISTORY, Sign.DISK}
    assert set(vitals.BOUNDS) == set(Sign) - waits_for_nothing

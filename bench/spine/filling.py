"""A company with a history of many cases, written by SQL as the product itself would have left it: `fill/*.sql`.

What the product computes case by case comes from its own rules: the targets, the working days, what was read. Rows, clocks and
facts agree, so that `troth fsck` finds nothing (`python -m bench.spine --only fsck`).
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg

FILL = Path(__file__).parent / "fill"
WORDS = Path(__file__).parents[1] / "words.sql"
#: So many cases are written at once.
CHUNK = 20_000
DAYS_BACK, DAYS_AHEAD = 720, 90
#: Rows with numbers of ours; the next ones are given from here on.
NUMBERED = (
    "people_team", "people_staff", "people_customer", "people_handle", "cases_case", "cases_message", "clocks_clock", "post_letter",
    "promises_promise",
)  # fmt: skip
#: Tables that are written in such numbers that their indexes are made afterwards.
KEPT = ("message_of_case",)  # by which the triggers look, that make what can be searched
MANY = (
    "cases_case",
    "cases_message",
    "clocks_clock",
    "post_letter",
    "promises_promise",
    "search_passage",
    "ledger_entry",
)


def fill(url: str, count: int, *, now: datetime, lanes: int = os.cpu_count() or 1) -> None:
    """Write *count* cases into the empty database at *url*, over several connections; nothing of it is sealed yet."""
    from troth.words.hours import office

    hours = office("Europe/London", "GB", "ENG")
    customers = max(count // 4, 20)
    said = {"count": count, "customers": customers, "now": now, "reading": json.dumps(_read(now)), **_salt(),
            "hours": json.dumps(hours.to_plain()), "days": json.dumps(_working_days(hours, now)),
            "targets": json.dumps(_targets(hours))}  # fmt: skip
    with without_indexes(url, MANY, lanes=lanes):
        with _writer(url, said) as write:
            write("company.sql", "append.sql")
        chunks = [(first, min(first + CHUNK, count + 1) - 1) for first in range(1, count + 1, CHUNK)]
        chunks.reverse()  # the oldest first

        def take(lane: int) -> None:
            with _writer(url, said) as write:
                for first, last in chunks[lane::lanes]:
                    write("history.sql", "append.sql", first=first, last=last)

        with ThreadPoolExecutor(lanes) as pool:
            list(pool.map(take, range(lanes)))
    with psycopg.connect(url, autocommit=True) as connection:
        for table in NUMBERED:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608 -- names of our own


@contextmanager
def _writer(url: str, said: dict[str, Any]) -> Iterator[Any]:
    """Runs files of `fill/` over one connection, each a transaction."""
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; SET synchronous_commit = off")
        connection.execute(WORDS.read_text())

        def write(*names: str, **more: Any) -> None:
            for name in names:
                connection.execute((FILL / name).read_text(), {**said, **more})

        write("tools.sql")
        yield write


@contextmanager
def without_indexes(url: str, tables: Sequence[str], *, lanes: int) -> Iterator[None]:
    """The indexes of these tables, but those that constraints stand on, are made once everything is there."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT format('%%I', c.relname), pg_get_indexdef(i.indexrelid)"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = ANY (%s::regclass[]) AND c.relname <> ALL (%s)"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)",
            [list(tables), list(KEPT)],
        ).fetchall()
        for name, _made in found:
            connection.execute(f"DROP INDEX {name}")
    yield

    def make(made: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '512MB'")
            connection.execute(made)

    with ThreadPoolExecutor(lanes) as pool:
        list(pool.map(make, [made for _name, made in found]))


def _read(now: datetime) -> dict[str, Any]:
    """What is kept of the reading of such a letter, but for kind and emotion, which the case has."""
    from troth.cases import reader
    from troth.cases.rules import kept

    text = "Hello, this is about my order. It was ordered two weeks ago and nobody has told me anything since."
    return {**kept.plain(reader.read(text, at=now)), "language": "en"}


def _working_days(hours: Any, now: datetime) -> list[dict[str, Any]]:
    """Each working day: its number, midnight, opening and closing, and the working time before it in microseconds."""
    day, last = hours.day_of(now) - timedelta(days=DAYS_BACK), hours.day_of(now) + timedelta(days=DAYS_AHEAD)
    found: list[dict[str, Any]] = []
    before = 0
    while day <= last:
        if hours.is_working_day(day):
            opens, closes = hours.start_of_day(day), hours.end_of_day(day)
            begins = hours.instant(day, time.min)
            found.append(
                {"number": len(found), "begins": begins.isoformat(), "opens": opens.isoformat(), "closes": closes.isoformat(),
                 "before": before}
            )  # fmt: skip
            before += (closes - opens) // timedelta(microseconds=1)
        day += timedelta(days=1)
    return found


def _targets(hours: Any) -> list[dict[str, Any]]:
    """What the policy that Troth comes with asks for cases by mail, by kind and sort, in the order in which clocks start."""
    from troth.clocks.rules.policy import Matter, Terms
    from troth.clocks.rules.profiles import Profile, ready
    from troth.words.clocks import Measure, Sort

    found = []
    for kind in ("enquiry", "complaint", "suggestion", "compliment"):
        targets = ready(Profile.PLAIN).targets(Matter(kind=kind, channel="email"))
        for place, sort in enumerate((Sort.RESOLUTION, Sort.FIRST, Sort.UPDATE), start=1):
            if (target := targets.get(sort)) is None:
                continue
            length, terms = target.length, Terms(target=target, hours=hours)
            span = hours.day_span() * length.amount if length.measure is Measure.WORKING_DAYS else length.span
            found.append(
                {"kind": kind, "place": place, "sort": sort.value, "measure": length.measure.value, "amount": length.amount,
                 "size": span // timedelta(microseconds=1), "pauses": target.pauses, "warn": target.warn_percent,
                 "digest": terms.digest, "plain": terms.to_plain()}
            )  # fmt: skip
    return found


def differing_clocks(*, most: int) -> list[str]:
    """Of the newest *most* cases, whose clocks the product's rules would have left otherwise, looked at now."""
    from troth.cases.models import Case
    from troth.clocks.actions import look_again_at
    from troth.clocks.models import Clock
    from troth.clocks.queries import as_rule, terms_of
    from troth.clocks.rules import clock as rules
    from troth.clocks.rules.clock import Moment, What
    from troth.clocks.rules.policy import Matter
    from troth.people.queries import hours_of

    wrong = []
    for case in Case.objects.order_by("-last_message_at")[:most]:
        rows = Clock.objects.filter(about=f"case:{case.pk}").select_related("terms").order_by("pk")
        kept = {(row.sort, row.number): as_rule(row) for row in rows}
        terms = terms_of(Matter(kind=case.kind, channel="email"), hours=hours_of(None), now=case.opened_at)
        moments = [Moment(what=What.SPOKE, at=case.opened_at, terms=terms)]
        if case.unanswered_since is None:
            rests = case.status != Case.Status.OPEN
            moments.append(Moment(what=What.ANSWERED, at=case.last_message_at, terms=terms, rests=rests))
            then = {Case.Status.WAITING: What.WAITS, Case.Status.RESOLVED: What.RESOLVED}.get(Case.Status(case.status))
            moments += [Moment(what=then, at=case.last_message_at, terms=terms)] if then else []
        filled_at = max(row.due for row in rows if row.missed_at) if any(row.missed_at for row in rows) else None
        moments += [Moment(what=What.PASSED, at=filled_at, terms=terms)] if filled_at else []
        clocks: rules.Clocks = ()
        for moment in moments:
            clocks, _events = rules.step(clocks, moment)
        if {(clock.sort, clock.number): clock for clock in clocks} != kept:
            wrong.append(f"case:{case.pk}: {clocks} by the rules, {list(kept.values())} in its rows")
        for row in rows:
            looked = look_again_at(as_rule(row), is_warned=bool(row.warned_at), is_escalated=bool(row.escalated_at))
            if looked != row.look_again_at:
                wrong.append(f"clock:{row.pk}: to be looked at {looked} by the rules, {row.look_again_at} by its row")
    return wrong


def _salt() -> dict[str, bytes]:
    """One salt, and what HMAC-SHA256 puts before the inner and the outer hash under it (RFC 2104)."""
    salt = secrets.token_bytes(32)
    key = salt.ljust(64, b"\0")
    return {"salt": salt, "inner": bytes(byte ^ 0x36 for byte in key), "outer": bytes(byte ^ 0x5C for byte in key)}

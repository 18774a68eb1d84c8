"""`troth audit`, without the command line: look, remember, and say what was found; once or again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from troth.ledger.rules.note import Verifier
from troth.witness import audit, state
from troth.witness.fetch import FetchFailed, Site
from troth.witness.log import Log
from troth.witness.reading import read_entries
from troth.witness.receipts import NotAReceipt, check_receipt
from troth.witness.rules.findings import Finding

#: How `troth audit` ends.
WELL, CONTRADICTED, NOT_CHECKED = 0, 1, 3


@dataclass(frozen=True)
class Wanted:
    """What is looked at, and how."""

    url: str
    state: Path
    keys: Sequence[Verifier] = ()
    witnesses: Sequence[Verifier] = ()
    #: Name and content of each receipt.
    receipts: Sequence[tuple[str, bytes]] = ()
    entries: bool = False
    plain_http: bool = False


@dataclass
class Report:
    """One look, told."""

    url: str
    at: datetime
    origin: str = ""
    size: int | None = None
    root: bytes = b""
    found: list[Finding] = field(default_factory=list)
    #: Why something could not be looked at; empty where everything was.
    not_checked: str = ""

    @property
    def ends_with(self) -> int:
        if any(one.is_alarm for one in self.found):
            return CONTRADICTED
        return NOT_CHECKED if self.not_checked else WELL

    def to_plain(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "log": self.url,
            "at": self.at.isoformat(timespec="seconds"),
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "ends_with": self.ends_with,
            "found": [
                {"kind": one.kind.value, "alarm": one.is_alarm, "words": one.words}
                | ({"evidence": one.evidence} if one.evidence else {})
                for one in self.found
            ],
            "not_checked": self.not_checked,
        }


Tell = Callable[[int, int], None]


def look_once(
    wanted: Wanted, *, now: datetime, tell: Tell = lambda _done, _all: None, wait: Callable[[float], None] = time.sleep
) -> Report:
    """Look at the log, remember what was seen, and say what was found. Raises StateNotRead, NotAnAddress."""
    report = Report(wanted.url, now)
    with state.alone_with(wanted.state), Site(wanted.url, plain_http=wanted.plain_http) as site:
        log = Log(site)
        try:
            _look(wanted, log, report, now=now, tell=tell, wait=wait)
        except (FetchFailed, audit.NoKey, NotAReceipt) as error:
            report.not_checked = str(error)
    return report


def _look(
    wanted: Wanted, log: Log, report: Report, *, now: datetime, tell: Tell, wait: Callable[[float], None]
) -> None:
    folder = wanted.state.parent
    known = state.load(wanted.state)
    done = audit.look(log, known, given=wanted.keys, witnesses=wanted.witnesses, evidence=folder, now=now, wait=wait)
    report.found += done.found
    if done.head:
        report.origin, report.size, report.root = done.head.origin, done.head.size, done.head.root
    if done.state is None or done.head is None:
        return
    if done.is_well:
        state.save(wanted.state, done.state)
    # Also of a log that contradicts itself it is good to know which receipts it denies.
    keys = list(dict.fromkeys([*done.state.keys, *done.state.former, *wanted.keys]))
    for name, written in wanted.receipts:
        try:
            report.found.append(
                check_receipt(log, done.head, keys, name=name, written=written, evidence=folder, now=now)
            )
        except NotAReceipt as error:
            raise NotAReceipt(f"{name}: {error}") from error
    if wanted.entries and done.is_well:
        remembered = done.state
        found, read = read_entries(
            log,
            done.head,
            remembered.read,
            now=now,
            save=lambda read: state.save(wanted.state, remembered.with_read(read)),
            tell=tell,
        )
        report.found += found
        state.save(wanted.state, remembered.with_read(read))

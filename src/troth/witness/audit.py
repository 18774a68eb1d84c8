"""Following a log: compare the head it shows now with the last one that was seen, by hashes of our own.

Nothing the log says of itself is taken for true but its signature. That the new head continues the old one is computed from
tiles; where it does not, the two signed heads are kept, with the proof that they contradict each other, and the head that
was seen first stays the one that is remembered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from troth.ledger.rules.note import NotSigned, Verifier
from troth.ledger.rules.tree import (
    ProofWrong,
    Range,
    check_consistency,
    consistency_ranges,
    hashes_of,
    root_of,
    tiles_of,
)
from troth.witness.evidence import Evidence
from troth.witness.fetch import FetchFailed, NotThere
from troth.witness.log import Log
from troth.witness.rules import findings
from troth.witness.rules.findings import Finding, Kind
from troth.witness.rules.head import Head
from troth.witness.rules.plain import plain
from troth.witness.state import State

#: A head smaller than the last may come from a cache; it is asked for once more after so long.
AGAIN_SECONDS = 3.0


class NoKey(RuntimeError):
    """There is no key to believe; the sentence says how to give one."""


@dataclass
class Look:
    """What one look found. *state*: what to remember now; None where nothing was ever believed."""

    state: State | None
    head: Head | None = None
    found: list[Finding] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not any(one.is_alarm for one in self.found)


class Contradiction(Exception):
    """The log contradicts itself."""

    def __init__(self, finding: Finding, *, other_root: bytes = b"", path: Sequence[bytes] = ()) -> None:
        super().__init__(finding.words)
        self.finding = finding
        self.other_root = other_root
        self.path = tuple(path)


def look(
    log: Log,
    known: State | None,
    *,
    given: Sequence[Verifier] = (),
    witnesses: Sequence[Verifier] = (),
    evidence: Path,
    now: datetime,
    wait: Callable[[float], None] = time.sleep,
) -> Look:
    """Look at *log* once, from what is *known* of it. *given*: keys its reader vouches for. Raises FetchFailed, NoKey."""
    log.forget()
    head = log.head()
    if known and head.size < known.head.size:
        wait(AGAIN_SECONDS)
        head = log.head()
    done = Look(known, head)
    if known and head.origin != known.head.origin:
        done.found.append(findings.other_log(plain(known.head.origin), plain(head.origin)))
        return done
    try:
        keys, told = _signers(log, head, known, given)
    except Contradiction as error:
        done.found.append(error.finding)
        return done
    done.found += told
    try:
        done.found.append(_compared(log, known.head, head) if known else _first(log, head))
    except Contradiction as error:
        trusted = tuple(dict.fromkeys([*(known.keys if known else ()), *keys]))
        done.found.append(_kept(error, log, known.head if known else head, head, trusted, evidence, now=now))
        return done
    done.state = _remembered(log, known, head, keys, given, now=now)
    done.found += _cosigned(head, witnesses)
    return done


def _remembered(
    log: Log, known: State | None, head: Head, keys: tuple[Verifier, ...], given: Sequence[Verifier], *, now: datetime
) -> State:
    if known is None:
        former = [key for key in _listed(log) if key.name == keys[0].name and key not in keys]
        return State(log.site.url, head, keys, now, tuple(dict.fromkeys(former)))
    former = [key for key in (*known.former, *known.keys, *given) if key not in keys]
    return replace(known, url=log.site.url, head=head, keys=keys, seen_at=now, former=tuple(dict.fromkeys(former)))


# Who signed it


def _signers(
    log: Log, head: Head, known: State | None, given: Sequence[Verifier]
) -> tuple[tuple[Verifier, ...], list[Finding]]:
    """The keys to believe from now on, just those that signed this head. Raises Contradiction, NoKey, FetchFailed."""
    believed = tuple(dict.fromkeys([*given, *(known.keys if known else ())]))
    listed = _listed(log)
    if not believed:
        own = [key for key in listed if key.name == head.origin]
        if not own:
            raise NoKey("The log shows no key of its own, so give the one it is known by: --key NAME+HASH+KEY.")
        try:
            keys = tuple(head.note.check(*own))
        except NotSigned as error:
            raise Contradiction(findings.not_signed(plain(str(error)))) from error
        return keys, [findings.key_trusted(plain(head.origin), key.to_text()) for key in keys]
    try:
        signed = head.note.check(*believed)
    except NotSigned as error:
        strange = [key for key in listed if key not in believed and _signs(key, head)]
        if known and strange and not any(key.is_of(one) for key in believed for one in head.note.signatures):
            raise Contradiction(findings.key_changed(", ".join(key.to_text() for key in strange))) from error
        raise Contradiction(findings.not_signed(plain(str(error)))) from error
    names = {key.name for key in signed}
    further = [key for key in listed if key not in believed and key.name in names and _signs(key, head)]
    return (*signed, *further), [findings.key_followed(key.to_text()) for key in further]


def _listed(log: Log) -> list[Verifier]:
    try:
        return log.keys()
    except FetchFailed:  # without the list only no further key is followed
        return []


def _signs(key: Verifier, head: Head) -> bool:
    try:
        return bool(head.note.check(key))
    except NotSigned:
        return False


def _cosigned(head: Head, witnesses: Sequence[Verifier]) -> list[Finding]:
    found = []
    for key in witnesses:
        line = next((one for one in head.note.signatures if key.is_of(one)), None)
        try:
            at = key.check(head.note.text, line) if line else None
        except NotSigned:
            at = None
        if at is None or at >= 1 << 36:  # beyond what a date can tell
            found.append(findings.not_cosigned(plain(key.name)))
        else:
            found.append(findings.cosigned(plain(key.name), datetime.fromtimestamp(at, UTC).isoformat()))
    return found


# What it says


def _first(log: Log, head: Head) -> Finding:
    if root_of(head.size, log.tiles(tiles_of([Range(0, head.size)]), size=head.size)) != head.root:
        raise Contradiction(findings.tiles_wrong(head.size))
    return findings.first(head.size)


def _compared(log: Log, old: Head, new: Head) -> Finding:
    """What became of *old*; raises Contradiction, FetchFailed."""
    check_continues(log, old, new)
    if old.size == new.size:
        return findings.unchanged(new.size)
    try:
        path = log.consistency(old.size, new.size)
    except FetchFailed:  # it need not offer any
        path = None
    if path is not None:
        try:
            check_consistency(old=old.size, new=new.size, old_root=old.root, new_root=new.root, path=path)
        except ProofWrong as error:
            raise Contradiction(findings.proof_wrong(old.size, new.size)) from error
    return findings.grew(old.size, new.size)


def check_continues(log: Log, old: Head, new: Head) -> None:
    """That *new*, which was seen later, continues *old*; raises Contradiction, and FetchFailed where it cannot be told."""
    if old.size == new.size:
        if old.root != new.root:
            raise Contradiction(findings.forked(old.size))
        return
    small, large = sorted((old, new), key=lambda head: head.size)
    ranges = consistency_ranges(small.size, large.size)
    try:
        tiles = log.tiles(tiles_of([*ranges, Range(0, small.size), Range(0, large.size)]), size=large.size)
    except NotThere:
        if large is new:
            raise
        raise Contradiction(findings.truncated(old.size, new.size)) from None
    path, has = hashes_of(ranges, tiles), root_of(small.size, tiles)
    try:
        check_consistency(old=small.size, new=large.size, old_root=has, new_root=large.root, path=path)
        adds_up = root_of(large.size, tiles) == large.root
    except ProofWrong:
        adds_up = False
    if adds_up and has != small.root:
        raise Contradiction(findings.rewritten(old.size, new.size), other_root=has, path=path)
    if large is old:
        raise Contradiction((findings.rolled_back if adds_up else findings.truncated)(old.size, new.size))
    if not adds_up:
        raise Contradiction(findings.tiles_wrong(new.size))


def _kept(
    error: Contradiction,
    log: Log,
    before: Head,
    after: Head,
    keys: tuple[Verifier, ...],
    folder: Path,
    *,
    now: datetime,
) -> Finding:
    """The finding, with both heads in a file beside it."""
    if error.finding.kind is Kind.TILES_WRONG and before is after:
        return error.finding
    kept = Evidence(
        kind=error.finding.kind.value,
        words=error.finding.words,
        log=log.site.url,
        found_at=now,
        keys=keys,
        before=before,
        after=after,
        other_root=error.other_root,
        path=error.path,
    )
    return replace(error.finding, evidence=str(kept.save(folder)))

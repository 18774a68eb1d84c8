"""Who sees what: every way of taking back what was signed, against an auditor, a witness and a receipt; the table of the docs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from troth.ledger.rules.cosigning import SIZE_TYPE, Asked
from troth.ledger.rules.note import COSIGNATURE, Note
from troth.ledger.rules.proof import Proof
from troth.ledger.rules.tree import ProofWrong, hashes_of, inclusion_ranges
from troth.witness import audit, server, store
from troth.witness.log import Log
from troth.witness.receipts import check_receipt
from troth.witness.tests.logs import NOW, NearSite, TreeLog, envelope, signer

DOCS = Path(__file__).parents[4] / "docs" / "use" / "auditing.md"
FRIEND = signer(5, "witness.example/w1", COSIGNATURE)

#: What the log shows later to those who have seen its head of 300 entries, all signed with its real key.
Change = Callable[[TreeLog], TreeLog]


def changed(log: TreeLog) -> TreeLog:
    return log.remade([*log.entries[:70], b"other", *log.entries[71:]])


def older(log: TreeLog) -> TreeLog:
    note = log.note(250)
    log.note = lambda size=None: note  # type: ignore[method-assign]
    return log


def rotated(*seeds: int) -> Change:
    def change(log: TreeLog) -> TreeLog:
        log.signers = [signer(seed) for seed in seeds]
        return log.grow(1)

    return change


CASES: dict[str, tuple[Change, str]] = {
    "nothing new": (lambda log: log, "- - -"),
    "new entries": (lambda log: log.grow(300), "- - -"),
    "key rotated, both sign for a while": (rotated(2, 1), "- - -"),
    "an entry deleted, nothing since": (lambda log: log.without(10), "truncated refused refuted"),
    "an entry deleted, as many since": (lambda log: log.without(10).append([envelope(900)]), "forked refused refuted"),
    "an entry deleted, more since": (lambda log: log.without(10).grow(40), "rewritten refused refuted"),
    "an entry changed": (changed, "forked refused refuted"),
    "an entry changed, more since": (lambda log: changed(log).grow(9), "rewritten refused refuted"),
    "an entry put in between": (
        lambda log: log.remade([*log.entries[:70], b"new", *log.entries[70:]]),
        "rewritten refused refuted",
    ),
    "two entries exchanged": (
        lambda log: log.remade([log.entries[1], log.entries[0], *log.entries[2:]]),
        "forked refused refuted",
    ),
    "the end cut off": (lambda log: log.remade(log.entries[:250]), "truncated refused refuted"),
    "the end cut off, other entries since": (
        lambda log: log.remade(log.entries[:250]).append([envelope(900 + one) for one in range(90)]),
        "rewritten refused refuted",
    ),
    "everything gone": (lambda log: log.remade([]), "truncated refused refuted"),
    "an older head shown again": (older, "rolled-back refused refuted"),
    "another view for others": (
        lambda log: log.remade([*log.entries[:299], b"told to others"]),
        "forked refused refuted",
    ),
    "key changed, never both": (rotated(2), "key-changed refused foreign"),
}


def seen_by_audit(before: TreeLog, after: TreeLog, folder: Path) -> str:
    site = NearSite(before)
    known = audit.look(Log(site), None, evidence=folder, now=NOW).state
    site.log = after
    found = audit.look(Log(site), known, evidence=folder, now=NOW, wait=lambda _seconds: None).found
    return " ".join(one.kind.value for one in found if one.is_alarm) or "-"


def seen_by_witness(before: TreeLog, after: TreeLog, folder: Path) -> str:
    """Whether the log, however it asks, gets its head cosigned."""
    witness = server.Witness(FRIEND, {before.origin: (signer(1).verifier,)}, store.Heads(folder), folder)
    asked = [Asked(0, (), before.note())]
    for old in (0, 250, 300):
        head = Note.from_text(after.note().to_text())
        size = int(head.text.split("\n")[1])
        try:
            asked.append(Asked(old, tuple(after.proof(old, size)), head))
        except ProofWrong:
            asked.append(Asked(min(old, size), (), head))
    first, *then = [witness.answer(one.to_text().encode()) for one in asked]
    assert first[0] == 200
    assert all(kind == SIZE_TYPE or status != 409 for status, kind, _body in then)
    return "-" if any(status == 200 for status, _kind, _body in then) else "refused"


def seen_by_receipt(before: TreeLog, after: TreeLog, folder: Path) -> str:
    """By somebody who never looked at the log before, and holds a receipt."""
    path = hashes_of(inclusion_ranges(77, before.size), before.tiles)
    held = Proof(77, tuple(path), before.note()).to_text()
    log = Log(NearSite(after))
    done = audit.look(log, None, evidence=folder, now=NOW)
    assert done.state
    assert done.head
    keys = [*done.state.keys, *done.state.former]
    found = check_receipt(log, done.head, keys, name="mine.txt", written=held.encode(), evidence=folder, now=NOW)
    return found.kind.value.removeprefix("receipt-") if found.is_alarm else "-"


@pytest.mark.parametrize("name", CASES)
def test_each_sees_what_the_table_says(name: str, tmp_path: Path) -> None:
    change, expected = CASES[name]
    before, after = TreeLog().grow(300), change(TreeLog().grow(300))

    seen = [sees(before, after, tmp_path) for sees in (seen_by_audit, seen_by_witness, seen_by_receipt)]

    assert " ".join(seen) == expected


def test_the_table_of_the_docs_is_this_one() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", DOCS.read_text(), re.MULTILINE)

    told = {name: " ".join(one.strip("`") for one in seen) for name, *seen in rows}

    assert {name: told.get(name) for name in CASES} == {name: expected for name, (_change, expected) in CASES.items()}

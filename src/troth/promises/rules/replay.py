"""A promise as its facts put it: where it stands, what was moved, who was warned and told; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from troth.ledger.rules.replay import Columns, Told, count
from troth.promises.rules.due import MOVES_MAX
from troth.words.promises import State

#: What is as it was when the promise was made, and before anything else is told.
_BEGINS: Columns = {
    "moves": 0, "warned_at": None, "escalated_at": None, "told_at": None, "done_at": None, "settled_at": None,
    "miss_reason": "", "verdict": None, "verdict_at": None, "TellingSent": 0, "CustomerTold": 0,
}  # fmt: skip


def told_of(facts: Iterable[Told]) -> Columns:
    """The columns of a promise and of the words about it (`letter:9 due`), from its facts, oldest first."""
    telling = _Telling()
    for fact in facts:
        telling.hear(fact)
    if "" not in telling.letters:  # else some are erased, and nobody can tell any more which they were
        telling.columns["tellings"] = " ".join(sorted(telling.letters))
    return telling.columns


class _Telling:
    """What is known so far."""

    def __init__(self) -> None:
        self.columns: Columns = {"PromiseMade": 0}
        #: For each date, when the first words about it arrived, if before it.
        self.first_told: dict[datetime, datetime] = {}
        #: The letters that told the customer something.
        self.letters: list[str] = []

    def hear(self, fact: Told) -> None:
        if act := _ACTS.get(fact.kind):
            act(self, fact)

    def made(self, fact: Told) -> None:
        self.columns = {"PromiseMade": count(self.columns, "PromiseMade"), "customer": fact.customer, **_BEGINS}
        fact.put(self.columns, "state", "sort", "strength", "speaker", "source", "owner")
        fact.put(self.columns, "quote_digest", "words_digest")  # of version 1, of version 2
        fact.put_at(self.columns, "said_at", "first_due", due="first_due")

    def opened(self, fact: Told) -> None:
        dated = self.columns.get("due", ...)
        self.columns["state"] = State.OPEN.value
        fact.put_at(self.columns, "first_due")
        if dated is None:
            fact.put_at(self.columns, due="first_due")
        else:  # it had a date already, and the fact does not tell the one it has now
            self.columns.pop("due", None)
        if self.columns.get("owner") == "" and (by := fact.text("by")):
            if by.startswith("staff:"):
                self.columns["owner"] = by
            else:
                del self.columns["owner"]
        self.columns.update(warned_at=None, escalated_at=None, told_at=None)

    def warned(self, fact: Told) -> None:
        self.columns["warned_at"] = fact.recorded_at

    def escalated(self, fact: Told) -> None:
        self.columns["escalated_at"] = fact.recorded_at

    def words_sent(self, fact: Told) -> None:
        count(self.columns, "TellingSent")
        self._new_date(fact)
        self.letters.append(letter := fact.text("letter"))
        if letter:
            fact.put(self.columns, **{f"{letter} telling": "telling", f"{letter} automatic": "automatic"})
            fact.put(self.columns, **{f"{letter} words_digest": "words_digest"})
            fact.put_at(self.columns, **{f"{letter} due": "due"})
            self.columns[f"{letter} delivered_at"] = None

    def words_failed(self, fact: Told) -> None:
        self._new_date(fact)

    def _new_date(self, fact: Told) -> None:
        """Given after the old one had passed: the facts do not tell it, for nothing is judged by it."""
        if fact.text("telling") in {"new_date", ""}:
            self.columns.pop("due", None)

    def heard(self, fact: Told) -> None:
        count(self.columns, "CustomerTold")
        letter, due, delivered_at = fact.text("letter"), fact.at("due"), fact.at("delivered_at")
        if letter:
            self.columns[f"{letter} delivered_at"] = delivered_at
        if "told_at" not in self.columns or self.columns["told_at"] is not None:
            return
        if fact.said is None or due is None or delivered_at is None:
            del self.columns["told_at"]
            return
        if not fact.fields.get("before_due"):
            return
        self.first_told[due] = min(self.first_told.get(due, delivered_at), delivered_at)
        if not fact.fields.get("in_time") or self.columns.get("state") == State.BROKEN:
            self.columns["told_at"] = delivered_at
        elif "due" not in self.columns:
            del self.columns["told_at"]
        elif self.columns["due"] == due:
            self.columns["told_at"] = delivered_at

    def moved(self, fact: Told) -> None:
        moves = count(self.columns, "moves")
        self.columns.update(state=State.MOVED.value, warned_at=None, escalated_at=None)
        fact.put(self.columns, miss_reason="reason")
        fact.put_at(self.columns, due="to_due")
        if moves < MOVES_MAX:  # else it is broken by this, and judged by the date before
            self.columns["told_at"] = None

    def kept(self, fact: Told) -> None:
        if self.columns.get("state") != State.MOVED:
            self.columns["state"] = State.KEPT.value
        self.columns["settled_at"] = fact.recorded_at
        fact.put_at(self.columns, "done_at", "due")

    def late(self, fact: Told) -> None:
        self.columns["state"] = State.LATE.value
        if fact.said is None:
            self.columns.pop("told_at", None)
            return
        if self.columns.get("told_at", ...) is None and (due := fact.at("due")):
            self.columns["told_at"] = self.first_told.get(due)
        if "told_at" in self.columns and (self.columns["told_at"] is not None) != fact.fields.get("told"):
            del self.columns["told_at"]

    def done_late(self, fact: Told) -> None:
        self.columns.update(state=State.LATE.value, settled_at=fact.recorded_at)
        fact.put_at(self.columns, "done_at")

    def broken(self, fact: Told) -> None:
        self.columns.update(state=State.BROKEN.value, settled_at=fact.recorded_at)
        if fact.text("reason") in {"said_so", ""}:  # why was asked in the same breath, and is not in the fact
            self.columns.pop("miss_reason", None)

    def released(self, fact: Told) -> None:
        self.columns.update(state=State.RELEASED.value, settled_at=fact.recorded_at)

    def voided(self, fact: Told) -> None:
        self.columns.update(state=State.VOID.value, settled_at=fact.recorded_at)

    def owned(self, fact: Told) -> None:
        fact.put(self.columns, "owner")

    def explained(self, fact: Told) -> None:
        fact.put(self.columns, miss_reason="reason")

    def judged(self, fact: Told) -> None:
        self.columns["verdict_at"] = fact.recorded_at
        fact.put(self.columns, verdict="kept")


_ACTS = {
    "PromiseMade": _Telling.made,
    "PromiseOpened": _Telling.opened,
    "StaffWarned": _Telling.warned,
    "StaffEscalated": _Telling.escalated,
    "TellingSent": _Telling.words_sent,
    "TellingFailed": _Telling.words_failed,
    "CustomerTold": _Telling.heard,
    "PromiseMoved": _Telling.moved,
    "PromiseKept": _Telling.kept,
    "PromiseLate": _Telling.late,
    "PromiseDoneLate": _Telling.done_late,
    "PromiseBroken": _Telling.broken,
    "PromiseReleased": _Telling.released,
    "PromiseVoided": _Telling.voided,
    "PromiseOwned": _Telling.owned,
    "MissExplained": _Telling.explained,
    "VerdictGiven": _Telling.judged,
}

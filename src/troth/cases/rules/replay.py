"""Cases, messages and what was learned, as their facts put them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from troth.ledger.rules.replay import Columns, Told, count
from troth.words.messages import Direction

#: Of a case, what changes only together with its fact. How the customer feels follows further messages without one.
CHANGED = ("status", "kind", "cause", "urgency", "assignee", "again_of", "parent", "incident")


def case_told(facts: Iterable[Told]) -> Columns:
    """The columns of a case and of its messages (`message:5 direction`), from its facts, oldest first."""
    columns: Columns = {"CaseOpened": 0, "status": "open", "assignee": "", "again_of": "", "parent": "", "incident": ""}
    columns |= _AWAKE
    spoken: set[str] = set()
    for fact in facts:
        if fact.kind == "CaseOpened":
            columns |= {"CaseOpened": count(columns, "CaseOpened"), "customer": fact.customer}
            fact.put(columns, "channel")
        elif fact.kind == "CaseChanged":
            _changed(columns, fact)
        elif fact.kind == "CaseGiven":
            fact.put(columns, assignee="after")
        elif fact.kind == "CaseSnoozed":
            _snoozed(columns, fact)
        elif fact.kind == "CaseWoken":
            columns |= _AWAKE
        elif fact.kind == "ConversationImported":
            columns |= {"status": "resolved", "is_imported": True}
        if fact.kind in _SAID:
            message = fact.text("message")
            _said(columns, fact, message)
            spoken.add(message)
    if "" not in spoken:  # else some are erased, and nobody can tell any more which messages there were
        columns["messages"] = _listed(spoken)
    return columns


#: Which way something was said, where the kind of fact tells it.
_SAID = {
    "CaseOpened": "",
    "CaseJoined": "",
    "CaseAnswered": Direction.OUTBOUND.value,
    "NoteWritten": Direction.NOTE.value,
}


def _said(columns: Columns, fact: Told, message: str) -> None:
    if not message:
        return
    if direction := _SAID[fact.kind]:
        columns[f"{message} direction"] = direction
        if fact.text("by").startswith("staff:"):
            columns[f"{message} staff"] = fact.text("by")
    if letter := fact.text("letter"):
        columns[f"{message} source"] = letter


_AWAKE: Columns = {"is_snoozed": False, "snoozed_by": "", "snoozed_until": None}


def _snoozed(columns: Columns, fact: Told) -> None:
    columns["is_snoozed"] = True
    fact.put(columns, snoozed_by="by")
    if fact.text("by").startswith("key:"):  # for whom it acts, another fact tells
        columns.pop("snoozed_by")
    fact.put_at(columns, snoozed_until="until")


def _changed(columns: Columns, fact: Told) -> None:
    field = fact.text("field")
    if not field:  # erased: any of them
        for name in (*CHANGED, "is_unverified"):
            columns.pop(name, None)
    elif field in CHANGED:
        fact.put(columns, **{field: "after"})
    elif field == "unverified":
        columns["is_unverified"] = fact.text("after") == "yes"


def _listed(references: Iterable[str]) -> str:
    return " ".join(sorted(references))


def message_told(facts: Iterable[Told]) -> Columns:
    """What staff say of a message's reading, from its facts, oldest first: `emotions said`, of each field that is spoken of."""
    stands: dict[str, list[str | None]] = {}
    columns: Columns = {"MessageRead": 0}
    for fact in facts:
        if fact.kind == "MessageRead":
            count(columns, "MessageRead")
        elif fact.kind in _SPOKEN and fact.said is None:
            return {"MessageRead": columns["MessageRead"]}
        elif fact.kind == "ReadingConfirmed":
            for field in fact.text("fields").split():
                stands.setdefault(field, []).append(None)
        elif fact.kind == "ReadingCorrected":
            stands.setdefault(fact.text("field"), []).append(fact.text("after"))
        elif fact.kind == "CorrectionUndone" and (earlier := stands.get(fact.text("field"))):
            earlier.pop()
    columns["said of"] = _listed(field for field, said in stands.items() if said)
    for field, said in stands.items():
        if said and said[-1] is not None:  # what was confirmed is what was read, which the fact does not tell again
            columns[f"{field} said"] = said[-1]
    return columns


_SPOKEN = frozenset({"ReadingConfirmed", "ReadingCorrected", "CorrectionUndone"})


def formal_told(facts: Iterable[Told]) -> Columns:
    """A letter that rules lay down, or why a complaint ended without one, from its fact."""
    columns: Columns = {
        "formal": "",
        "decision": "",
        "message": "",
        "found": "",
        "ticked": "",
        "missing": "",
        "until": None,
    }
    for fact in facts:
        count(columns, fact.kind)
        columns["customer"] = fact.customer
        fact.put(columns, "case", "without", staff="by")
        if fact.text("by").startswith("key:"):  # for whom it acts, another fact tells
            columns.pop("staff")
        if fact.kind == "FormalReplySent":
            fact.put(columns, "formal", "decision", "message", "found", "ticked", "missing")
            fact.put_at(columns, "until")
    return columns


def learned_told(facts: Sequence[Told]) -> Columns:
    """What was learned, from its facts."""
    columns: Columns = {"ReaderLearned": sum(fact.kind == "ReaderLearned" for fact in facts)}
    for fact in facts:
        if fact.kind == "ReaderLearned":
            fact.put(columns, "corrections", version="learned")
    return columns


def in_use(switches: Iterable[Told]) -> str:
    """The version messages are read with after these `ReaderSwitched`, oldest first; empty where they are read as shipped."""
    after = ""
    for fact in switches:
        after = fact.text("after")
    return after


def rereading_told(facts: Sequence[Told]) -> Columns:
    """A round of reading anew, from its facts; it has none until it has ended."""
    columns: Columns = {"MessagesReread": len(facts)}
    for fact in facts:
        fact.put(columns, "changed", version="reading", read="messages")
    return columns

"""Everything done to an incident: begun, said, linked, ended; one function, one transaction, its facts.

While an incident is open there is a promise of its next word. What is told to those affected or in public keeps it and
makes the next one; the end is the last word.
"""

from __future__ import annotations

from troth.incidents.actions.beginning import begin, change
from troth.incidents.actions.ending import EndNotTold, end
from troth.incidents.actions.linking import link, unlink
from troth.incidents.actions.saying import (
    EmptyWords,
    NoNextWord,
    NotOpen,
    NotYetSo,
    SomeoneWasQuicker,
    ToldToNobody,
    change_words,
    say,
)

__all__ = [
    "EmptyWords",
    "EndNotTold",
    "NoNextWord",
    "NotOpen",
    "NotYetSo",
    "SomeoneWasQuicker",
    "ToldToNobody",
    "begin",
    "change",
    "change_words",
    "end",
    "link",
    "say",
    "unlink",
]

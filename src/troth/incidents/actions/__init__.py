"""Everything done to an incident: begun, said, linked, ended; one function, one transaction, its facts.

While an incident is open there is a promise of its next word. What is told to those affected or in public keeps it and
makes the next one; the end is the last word.
"""

from __future__ import annotations

from troth.incidents.actions.beginning import begin, change
from troth.incidents.actions.ending import EndNotTold, end
from troth.incidents.actions.linking import link, unlink
from troth.incidents.actions.prevention import (
    AlreadyTold,
    AlreadyWatched,
    Lacking,
    NothingSaid,
    NothingToKnowItBy,
    NotWatched,
    StillGoingOn,
    begin_watch,
    call_off,
    extend,
    find_cause,
    take_measure,
)
from troth.incidents.actions.recurring import (
    AlreadyDecided,
    carry_out,
    confirm,
    dismiss,
    hold,
    name_case,
    take_back,
)
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
    "AlreadyDecided",
    "AlreadyTold",
    "AlreadyWatched",
    "EmptyWords",
    "EndNotTold",
    "Lacking",
    "NoNextWord",
    "NotOpen",
    "NotWatched",
    "NotYetSo",
    "NothingSaid",
    "NothingToKnowItBy",
    "SomeoneWasQuicker",
    "StillGoingOn",
    "ToldToNobody",
    "begin",
    "begin_watch",
    "call_off",
    "carry_out",
    "change",
    "change_words",
    "confirm",
    "dismiss",
    "end",
    "extend",
    "find_cause",
    "hold",
    "link",
    "name_case",
    "say",
    "take_back",
    "take_measure",
    "unlink",
]

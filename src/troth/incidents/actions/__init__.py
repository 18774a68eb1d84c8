"""Everything done to an incident: begun, said, linked, ended; one function, one transaction, its facts.

While an incident is open there is a promise of its next word. What is told to those affected or in public keeps it and
makes the next one; the end is the last word.
"""

from __future__ import annotations

from troth.incidents.actions.beginning import SaidInPublic, begin, change
from troth.incidents.actions.drafting import (
    GoneAlready,
    give_back,
    keep_draft,
    propose_draft,
    send_draft,
    tell,
    throw_away,
    wants_second,
)
from troth.incidents.actions.ending import EndNotTold, end
from troth.incidents.actions.held import tell_held
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
from troth.incidents.actions.retelling import tell_end_again
from troth.incidents.actions.saying import (
    EmptyWords,
    NeedsSecond,
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
    "GoneAlready",
    "Lacking",
    "NeedsSecond",
    "NoNextWord",
    "NotOpen",
    "NotWatched",
    "NotYetSo",
    "NothingSaid",
    "NothingToKnowItBy",
    "SaidInPublic",
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
    "give_back",
    "hold",
    "keep_draft",
    "link",
    "name_case",
    "propose_draft",
    "say",
    "send_draft",
    "take_back",
    "take_measure",
    "tell",
    "tell_end_again",
    "tell_held",
    "throw_away",
    "unlink",
    "wants_second",
]

"""Every change of a promise: one function, one thing done, one transaction, its fact beside it.

Changes are conditional: the row is changed only if it still is as we thought, so of two who act at once one wins and the
other gets `False` (or `SomeoneWasQuicker`).
"""

from __future__ import annotations

from troth.promises.actions.ending import (
    digest,
    explain,
    follow,
    give_up,
    give_verdict,
    happened_again,
    never_done,
    own,
    release,
    void,
)
from troth.promises.actions.keeping import keep, word_given
from troth.promises.actions.moving import NothingOwed, SomeoneWasQuicker, move
from troth.promises.actions.past import Past, record_past
from troth.promises.actions.recording import (
    DateAlreadyPassed,
    NoDate,
    made,
    open_up,
    record,
    standing_of,
    unsaved,
    words_of,
)

__all__ = [
    "DateAlreadyPassed",
    "NoDate",
    "NothingOwed",
    "Past",
    "SomeoneWasQuicker",
    "digest",
    "explain",
    "follow",
    "give_up",
    "give_verdict",
    "happened_again",
    "keep",
    "made",
    "move",
    "never_done",
    "open_up",
    "own",
    "record",
    "record_past",
    "release",
    "standing_of",
    "unsaved",
    "void",
    "word_given",
    "words_of",
]

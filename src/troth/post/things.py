"""What the ledger tells of in this room: each letter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from troth.ledger.replay import EMPTIED, Thing
from troth.ledger.rules.replay import Columns
from troth.post.models import UNDER_WAY, Letter, LetterState
from troth.post.rules.replay import letter_told


def letters(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these letters, as their facts would put them."""
    return {letter.pk: _columns(letter) for letter in Letter.objects.filter(pk__in=numbers)}


def _columns(letter: Letter) -> Columns:
    columns: Columns = {
        "LetterQueued": 1,
        "customer": letter.customer,
        "because": letter.because,
        "is_automatic": letter.automatic,
        "is_sent": letter.state == LetterState.SENT,
        "is_taken_back": letter.state == LetterState.TAKEN_BACK,
        "delivered_at": letter.delivered_at,
        "is_verified": letter.verified,
        "bounced_at": letter.bounced_at,
        "enclosed": letter.enclosed,
    }
    if letter.state not in UNDER_WAY:  # else it may be sent once more, whatever became of it before
        columns["ended"] = letter.state
    if letter.state == LetterState.REFUSED:
        columns["last_code"] = letter.last_code
    raw = bytes(letter.raw)
    return columns | {"digest": hashlib.sha256(raw).hexdigest() if raw else EMPTIED}


THINGS = (Thing(word="letter", model=Letter, rows=letters, told=letter_told),)

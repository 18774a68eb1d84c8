"""Whether the mail server takes letters at all, told from the last attempts; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from troth.post.rules.carrier import Answer

#: No answer came, or "service not available" (RFC 5321, 3.8): not about this letter.
SERVER_IS_AWAY = (0, 421)
#: So many letters put off one after the other are not the recipients' doing.
LETTERS_ENOUGH = 3


@dataclass(frozen=True)
class Try:
    """One attempt: of which letter, how it was answered, and whether that letter still waits."""

    letter: int
    answer: str
    code: int
    at: datetime
    waits: bool


def failing_since(tries: Iterable[Try]) -> datetime | None:
    """Since when nothing leaves, of *tries* with the newest first; None where letters leave, or none waits.

    One letter that a far server puts off for hours says nothing about ours.
    """
    settled = {Answer.ACCEPTED.value, Answer.REFUSED.value}
    run = [one for one in takewhile(lambda one: one.answer not in settled, tries) if one.waits]
    letters = {one.letter for one in run}
    if any(one.code in SERVER_IS_AWAY for one in run) or len(letters) >= LETTERS_ENOUGH:
        return min(one.at for one in run)
    return None

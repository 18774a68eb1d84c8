"""Who reads what customers write: the shipped reading, with what this company's corrections taught where that is switched on.

What was learned is kept in memory: whether another is in use is asked every two seconds, and only then is it loaded.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from troth import reading
from troth.cases.models import Learned
from troth.people.kept import Kept
from troth.people.queries import hours_of
from troth.reading import Reading, learner
from troth.words.messages import Direction

log = logging.getLogger(__name__)

KEPT_SECONDS = 2.0
#: The number and the version of the row that was loaded last, and what it holds: a row is never changed.
_last: tuple[tuple[int, str] | None, learner.Learned | None] = (None, None)


def read(text: str, *, at: datetime, direction: Direction = Direction.INBOUND) -> Reading:
    """Read a message as this company's messages are read now.

    What was learned stands in its version also where there was nothing to apply it to, as in a language that is not read:
    it would be taken for read by another, and read anew for ever.
    """
    found = learned()
    read_ = reading.read(text, at=at, calendar=hours_of(), direction=direction, learned=found)
    return replace(read_, version=_version(found)) if direction is Direction.INBOUND else read_


def version() -> str:
    """What a customer's message that is read now is read by."""
    return _version(learned())


def _version(found: learner.Learned | None) -> str:
    return f"{reading.VERSION}+{found.version}" if found else reading.VERSION


def forget_learned() -> None:
    """Another was just switched on here."""
    learned.forget()


def _in_use() -> learner.Learned | None:
    global _last
    before, found = _last
    now_on = Learned.objects.filter(is_on=True).values_list("pk", "version").first()
    if now_on != before:
        found = _loaded(now_on[0]) if now_on else None
        _last = now_on, found
    return found


#: What was learned and is in use, at most two seconds old.
learned = Kept(_in_use, seconds=KEPT_SECONDS)


def _loaded(number: int) -> learner.Learned | None:
    """None where there is none, where it teaches nothing, or where this version of Troth cannot read it any more."""
    plain = Learned.objects.filter(pk=number).values_list("plain", flat=True).first()
    if plain is None:
        return None
    try:
        found = learner.Learned.from_plain(plain)
    except learner.NotLearned:
        log.warning("What was learned (learned:%s) is of another format: messages are read as shipped.", number)
        return None
    return found if found.weights else None

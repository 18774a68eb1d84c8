"""Receipts are put into a letter just before it leaves: they exist only once what they prove is sealed, after it was queued.

It is a step of its own with a commit of its own, while the letter is still queued. Killed before the commit, the letter waits
as it did; killed after it, the letter leaves with the bytes that stand there. It changes the letter once, which the database sees
to. A letter waits a minute at most: what it says matters more than what it carries.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import ngettext

from troth.post import actions
from troth.post.models import Letter
from troth.post.rules.enclosing import ask_again_at, with_receipts
from troth.post.rules.letter import Attachment

log = logging.getLogger(__name__)

#: Where the page stands on which anybody can check a receipt.
VERIFY_PAGE = "/record/verify"


class Enclosures(Protocol):
    """What TROTH_ENCLOSURES names."""

    def __call__(self, references: Sequence[str], /, *, now: datetime) -> list[Attachment] | None:
        """The receipts of all that is on record about these; none where none may be shown, None while any is not sealed yet."""


def enclose(letter: Letter, *, clock: Callable[[], datetime]) -> bool:
    """Put the receipts that *letter* waits for into it, or leave them out; False when it must wait on."""
    receipts = _receipts(letter, now=clock())
    now = clock()
    if receipts is None:
        at = ask_again_at(asked_at=letter.asked_at, now=now)
        if at is not None:
            actions.ask_again(letter_id=letter.pk, at=at, now=now)
            return False
        log.error("Letter %s leaves without its receipts: they were not ready in time.", letter.pk)
        return actions.leave_out(letter, reason="not_sealed", now=now)
    if not receipts:
        return actions.leave_out(letter, reason="none", now=now)
    page = settings.TROTH_URL + VERIFY_PAGE
    try:
        raw = with_receipts(bytes(letter.raw), receipts=receipts, words=_words(len(receipts), page), page=page)
    except ValueError:  # LetterNotSound, or parts that cannot be read again
        log.exception("Letter %s leaves without its receipts: they cannot be put in.", letter.pk)
        return actions.leave_out(letter, reason="not_sound", now=now)
    return actions.put_in(letter, raw=raw, receipts=len(receipts), now=now)


def _receipts(letter: Letter, *, now: datetime) -> list[Attachment] | None:
    """What goes in. Where that cannot be found out, the letter waits, and not for ever: whose fault it is must not silence us."""
    if not settings.TROTH_ENCLOSURES:
        return []  # switched off since the letter was queued
    try:
        receipts_for: Enclosures = import_string(settings.TROTH_ENCLOSURES)
        return receipts_for(letter.encloses, now=now)
    except Exception:
        log.exception("The receipts of letter %s could not be asked for.", letter.pk)
        return None


def _words(count: int, page: str) -> str:
    """One sentence about what is attached."""
    said = ngettext(
        "Attached is the receipt for our word: with it you, or anybody you show it to, can check at %(page)s what we promised,"
        " when, and that we have not rewritten it since.",
        "Attached are the receipts for our word: with them you, or anybody you show them to, can check at %(page)s what we"
        " promised, when, and that we have not rewritten it since.",
        count,
    )
    return said % {"page": page}

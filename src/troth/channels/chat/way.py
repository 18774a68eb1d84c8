"""The way of an answer in a case that is a talk (cases/ways.py): said in it while the visitor is there, by mail once they left.

Who left and gave no address sees it when they come back; so such an answer is said in the talk too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from troth.cases.models import Case, Message
from troth.cases.sayings import delivery_words
from troth.cases.ways import Shown, Way
from troth.channels.chat import actions, queries
from troth.channels.chat.letters import quoted
from troth.channels.chat.models import Line, Talk
from troth.people.models import Handle
from troth.people.queries import hours_of
from troth.promises.letters import spoken


def way(case: Case, *, hold: bool, now: datetime) -> Way | None:
    talk = queries.in_case(case.pk)
    if talk is None:
        return None
    if queries.moved_at(case.pk) is not None:
        handle = _handle(talk)
        return Way(in_talk=False, handle=handle, undo_seconds=settings.TROTH_UNDO_SECONDS) if handle else None
    if hold:
        talk = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    handle = _handle(talk)
    if queries.is_here(talk, now=now) or handle is None:
        return Way(in_talk=True, handle=handle, undo_seconds=settings.TROTH_CHAT_UNDO_SECONDS)
    lines = list(queries.waiting(talk))
    return Way(
        in_talk=False,
        handle=handle,
        undo_seconds=settings.TROTH_UNDO_SECONDS,
        unseen=quoted(talk, [line.message for line in lines]) if lines else "",
    )


def said(message: Message, *, letter: int | None, now: datetime) -> None:
    """One line more; a letter carries this one and all that waited."""
    talk = queries.current(message.case_id)
    if talk is None:
        return
    Line.objects.create(talk=talk, message=message)
    if letter:
        queries.waiting(talk).order_by().update(letter=letter)


def shown(case: Case, *, now: datetime) -> Shown | None:
    talk = queries.current(case.pk)
    if talk is None:
        return None
    is_here, handle = queries.is_here(talk, now=now), _handle(talk)
    lines = Line.objects.filter(talk=talk).select_related("letter").defer("letter__raw")
    return Shown(
        is_here=is_here,
        words=_words(talk, is_here=is_here, handle=handle, zone=hours_of(case.team_id).zone),
        undo_seconds=settings.TROTH_CHAT_UNDO_SECONDS if is_here or handle is None else settings.TROTH_UNDO_SECONDS,
        fared={line.message_id: _fared(line, is_here=is_here, has_address=handle is not None) for line in lines},
    )


def writing(case: Case) -> None:
    actions.answering(case.pk)


def _handle(talk: Talk) -> Handle | None:
    """Where letters go; None where no address was given, or its owner was forgotten."""
    return Handle.objects.filter(pk=talk.handle or 0, kind=Handle.Kind.EMAIL).first() if talk.has_address else None


def _words(talk: Talk, *, is_here: bool, handle: Handle | None, zone: str) -> str:
    if is_here:
        return _("They are here: your answer is shown in the chat at once")
    if handle is not None:
        return _("They have left the chat: your answer goes by mail to %(address)s") % {"address": handle.address}
    return _("They have left and gave no address: they see your answer if they come back by %(when)s") % {
        "when": spoken(talk.expires_at, zone)
    }


def _fared(line: Line, *, is_here: bool, has_address: bool) -> dict[str, Any]:
    if line.seen_at:
        return {"words": _("Seen in the chat"), "tone": "good"}
    if line.letter:
        return _by_mail(line)
    if is_here:
        return {"words": _("Shown in the chat, not seen yet"), "tone": "calm"}
    if has_address:
        return {"words": _("Not seen: goes by mail"), "tone": "calm"}
    return {"words": _("Waits until they come back"), "tone": "warn"}


def _by_mail(line: Line) -> dict[str, Any]:
    assert line.letter is not None
    fared = delivery_words(
        {
            "state": line.letter.state,
            "last_reply": line.letter.last_reply,
            "bounced": line.letter.bounced_at is not None,
            "bounce_reason": line.letter.bounce_reason,
            "encloses": line.letter.encloses,
            "enclosed": line.letter.enclosed,
        }
    ) or {"words": "", "tone": ""}
    return {**fared, "words": _("By mail: %(words)s") % {"words": fared["words"]}}

"""Answers: through the send gate, held for a few seconds, then sent or said, with their promises."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from troth import reading
from troth.cases import checking, letters, ways
from troth.cases.actions import enclosing
from troth.cases.actions import formal as formal_letters
from troth.cases.actions.doubting import machine_words
from troth.cases.actions.mentions import seen
from troth.cases.actions.state import answered
from troth.cases.actions.writing import NothingWritten, drafts, hold_to_write, refuse_other_words
from troth.cases.models import Case, Message, Reply
from troth.cases.rules import gate
from troth.cases.rules.formal import Chosen
from troth.cases.rules.rich import as_html
from troth.cases.ways import Way
from troth.ledger.actions import append, one_stroke
from troth.ledger.away import AWAY
from troth.people.models import Staff
from troth.people.planned import Given, Question, planned_once
from troth.people.queries import hours_of
from troth.post import actions as post
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words import facts
from troth.words.hours import Hours
from troth.words.messages import Direction
from troth.words.promises import State
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: For so long after a reply has left the same words from the same person are the same form, sent once more.
SAME_WORDS = timedelta(minutes=2)


class GateShut(ValueError):
    """The reply holds promises without a record or a feasible date, or a place to fill in; `objections` says which."""

    def __init__(self, objections: Sequence[gate.Objection]) -> None:
        super().__init__("A promise in this reply needs a date, or your word that it is none.")
        self.objections = tuple(objections)


class SomethingNew(RuntimeError):
    """A message arrived that the writer has not seen; the draft is kept."""


class NoFilesInTalk(ValueError):
    """The customer is in a talk, which carries words only."""


class AnsweredMeanwhile(SomethingNew):
    """A colleague answered in a way that the writer has not seen; their words are in `reply`, and the draft is kept."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.staff.name} answered while you were writing. Your draft is kept.")
        self.reply = reply


class NoAddress(ValueError):
    """The customer has no e-mail address we could answer to."""


@planned_once()
@transaction.atomic
def send_reply(
    case: Case,
    *,
    staff: Staff,
    text: str,
    answers: Sequence[gate.Answer] = (),
    rich: bool = False,
    files: Sequence[int] = (),
    seen_message: int | None = None,
    seen_reply: int | None = None,
    over: Collection[str] | None = None,
    status_after: str = Case.Status.WAITING,
    formal: Chosen | None = None,
    keeps_draft: bool = False,
    leaves_at: datetime | None = None,
    now: datetime,
) -> Reply:
    """Pass the send gate and hold the reply for a few seconds; then `leave` sends it. Until then `take_back` works.

    Promises that carry their own date or condition need no answer by the writer; the rest do.
    The same words sent twice within these seconds, or once more just after, are one reply unless the customer wrote meanwhile.
    *seen_message* and *seen_reply* are the newest message and the newest answer that the writer knew of; None asks for nothing,
    and so it is with *over*, as in `save_draft`.
    *files* are those of `put_in` that go with it; others of the writer's stay beside the draft. One of many answers
    *keeps_draft* of what the writer is writing here themselves, and *leaves_at* its own moment. *formal* says which letter of the
    rules it is (DISP), if one, and settles the status after it.
    Raises NothingWritten, NoAddress, WrittenElsewhere, SomethingNew, AnsweredMeanwhile, GateShut, FileGone, NoRoom,
    NoFilesInTalk, PointsMissing, NoFinalResponse, NotAsked, TooLateForSummary; the draft stays in each case. Raises
    NobodyLeft where none may.
    """
    if not text.strip():
        raise NothingWritten("Write something first.")
    hold_to_write(case)  # a button pressed twice asks twice at once
    way = ways.way_of(case, now=now)
    if way.handle is None and not way.in_talk:
        raise NoAddress("This customer has no e-mail address. Note a talk instead, or add an address.")
    newest = newest_inbound(case.pk)
    same = Reply.objects.filter(case=case, staff=staff, text=text.strip(), is_note=False)
    just_left = Q(state=Reply.State.SENT, seen_message=newest, changed_at__gt=now - SAME_WORDS)
    if reply := same.filter(Q(state=Reply.State.HELD) | just_left).first():
        return reply
    refuse_other_words(drafts(case, staff=staff), text=text, over=over)
    # In a talk both sides see each other's words as they come, and neither waits for the other.
    if seen_message is not None and newest > seen_message and not way.in_talk:
        raise SomethingNew("Something new arrived while you were writing. Your draft is kept.")
    if seen_reply is not None and (theirs := _newest_answer(case.pk, but=staff.pk, after=seen_reply)):
        raise AnsweredMeanwhile(theirs)
    hours = hours_of(case.team_id or staff.team_id)
    read = read_answer(text, hours=hours, now=now)
    answers = checked_answers(
        text,
        read=read,
        answers=answers,
        hours=hours,
        by_machines=machine_words(case, staff=staff),
        now=now,
    )
    enclosed = enclosing.chosen(case, staff=staff, files=files)
    if enclosed and way.in_talk:
        raise NoFilesInTalk("No files go into a talk. Send them by mail.")
    status_after = formal_letters.status_after(formal, asked=Case.Status(status_after))
    formal_letters.check(
        case,
        text,
        formal,
        ends=status_after == Case.Status.RESOLVED,
        enclosed=[file.name for file in enclosed],
        staff=staff,
        now=now,
    )
    # What a program sends for somebody leaves what they are writing themselves.
    if staff.through_key is None and not keeps_draft:
        drafts(case, staff=staff).delete()
    seen(case, staff=staff, now=now)
    reply = Reply.objects.create(
        case=case,
        staff=staff,
        key_id=staff.through_key,
        text=text.strip(),
        answers=[answer.to_plain() for answer in answers],
        rich=rich,
        status_after=status_after,
        state=Reply.State.HELD,
        seen_message=newest if seen_message is None else min(seen_message, newest),
        leaves_at=leaves_at or now + timedelta(seconds=way.undo_seconds),
        changed_at=now,
        checks=checking.kept_of(case, text, read=read, staff=staff, hours=hours, now=now),
        formal=formal.to_plain() if formal else None,
    )
    enclosing.send_along(reply, enclosed)
    return reply


def _newest_answer(case_id: int, *, but: int, after: int) -> Reply | None:
    """The newest answer of anybody but this person that is on its way or has left, after the one they had seen."""
    answers = Reply.objects.filter(case_id=case_id, is_note=False, state__in=[Reply.State.HELD, Reply.State.SENT])
    return answers.filter(pk__gt=after).exclude(staff_id=but).select_related("staff").order_by("-pk").first()


def newest_inbound(case_id: int) -> int:
    return next(iter(_newest_inbound().ask(case=case_id)), 0)


@cache
def _newest_inbound() -> Question[Message, int]:
    inbound = Message.objects.filter(case=Given("case"), direction=Message.Direction.INBOUND)
    return Question(inbound.order_by("-pk").values_list("pk", flat=True)[:1])


def read_answer(text: str, *, hours: Hours, now: datetime) -> reading.Reading:
    return reading.read(text, at=now, calendar=hours, direction=Direction.OUTBOUND)


def checked_answers(
    text: str,
    *,
    read: reading.Reading,
    answers: Sequence[gate.Answer],
    hours: Hours,
    by_machines: Sequence[str] = (),
    now: datetime,
) -> tuple[gate.Answer, ...]:
    """The writer's answers with those its sentences give, as *read*; raises GateShut where any is missing or cannot be kept.

    Neither does it leave while a place in it is to be filled in.
    """
    found = read.promises
    given = {answer.key for answer in answers}
    every = (*answers, *(own for own in gate.answers_by_themselves(found) if own.key not in given))
    objections = (
        *gate.left_blank(text),
        *gate.unconfirmed(found, answers, by_machines=by_machines),
        *gate.objections(found, every, now=now, hours=hours),
    )
    if objections:
        raise GateShut(objections)
    return every


@transaction.atomic
def take_back(reply: Reply, *, now: datetime) -> bool:
    """Make a held reply a draft again, what was begun since behind it; False when it has left."""
    held = Reply.objects.select_for_update(of=("self",)).filter(pk=reply.pk, state=Reply.State.HELD).first()
    if held is None:
        return False
    text = _with_newer_draft(held)
    enclosing.lay_back(held)
    Reply.objects.filter(pk=held.pk).update(state=Reply.State.DRAFT, text=text, leaves_at=None, changed_at=now)
    return True


def leave(*, now: datetime, most: int = 50) -> int:
    """Send the held replies whose seconds are over, each in its own transaction; how many were dealt with."""
    due = list(
        Reply.objects.filter(state=Reply.State.HELD, leaves_at__lte=now)
        .order_by("leaves_at", "pk")
        .values_list("pk", flat=True)[:most]
    )
    return sum(_leave_or_stop(pk, now=now) for pk in due)


def _leave_or_stop(pk: int, *, now: datetime) -> bool:
    """A reply of which no letter can be made goes back to its writer, and holds up none behind it."""
    try:
        return _leave(pk, now=now)
    except AWAY:
        raise
    except Exception:
        log.exception("Reply %s could not leave.", pk)
    with transaction.atomic():
        held = Reply.objects.select_for_update(of=("self",)).select_related("case", "staff").filter(pk=pk)
        reply = held.filter(state=Reply.State.HELD).first()
        return reply is not None and _stop(reply, _("No letter could be made of it."), now=now)


@planned_once()
@transaction.atomic
@one_stroke()
def _leave(pk: int, *, now: datetime) -> bool:
    """Send one held reply: message, letter, promises and facts together, or stop it and keep the draft."""
    reply = (
        # The case is held too, so that no message can arrive between the look for one and the letter.
        Reply.objects.select_for_update(skip_locked=True, of=("self", "case"))
        .select_related("case__customer", "case__team", "staff__team")
        .filter(pk=pk, state=Reply.State.HELD)
        .first()
    )
    if reply is None:
        return False
    way = ways.way_of(reply.case, hold=True, now=now)
    if newest_inbound(reply.case_id) > reply.seen_message and not way.in_talk:
        return _stop(reply, _("Something new arrived before it left."), now=now)
    if way.handle is None and not way.in_talk:
        return _stop(reply, _("The customer has no e-mail address any more."), now=now)
    answers = [gate.Answer.from_plain(plain) for plain in reply.answers]
    if any(answer.due and answer.due <= now for answer in answers if answer.choice != gate.Choice.NOT_A_PROMISE):
        return _stop(reply, _("A date in it has passed before it could leave."), now=now)
    if way.in_talk and reply.files.exists():
        return _stop(reply, _("The customer came back into the talk, which carries words only."), now=now)
    try:
        formal_letters.check_again(reply, now=now)
    except formal_letters.PointsMissing:
        return _stop(reply, _("It does not say any more all that the rules ask for."), now=now)
    except formal_letters.NoFinalResponse:
        return _stop(reply, _("This complaint is owed a final response, and this answer would have ended it."), now=now)
    except formal_letters.TooLateForSummary:
        return _stop(reply, _("Its third business day is over: it takes a final response now."), now=now)
    except formal_letters.NotAsked:
        return _stop(reply, _("No rules that ask for such a letter hold for this case any more."), now=now)
    message = _say(reply, way=way, answers=answers, now=now)
    Reply.objects.filter(pk=reply.pk).update(state=Reply.State.SENT, message=message, changed_at=now)
    return True


def _stop(reply: Reply, problem: str, *, now: datetime) -> bool:
    """Keep the held words as the writer's draft; a newer draft of theirs is put behind, never lost."""
    text = _with_newer_draft(reply)
    enclosing.lay_back(reply)
    Reply.objects.filter(pk=reply.pk).update(
        state=Reply.State.STOPPED, text=text, leaves_at=None, problem=problem, changed_at=now
    )
    return True


def _with_newer_draft(reply: Reply) -> str:
    """The reply's words, and behind them those of the writer's newer draft, which goes: there is one draft a writer."""
    newer = drafts(reply.case, staff=reply.staff).first()
    if newer is None or newer.text.strip() == reply.text:
        drafts(reply.case, staff=reply.staff).delete()
        return reply.text
    newer.delete()
    return f"{reply.text}\n\n{newer.text}"


def _say(reply: Reply, *, way: Way, answers: Sequence[gate.Answer], now: datetime) -> Message:
    case, staff = reply.case, reply.staff
    staff.through_key = reply.key_id
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.OUTBOUND,
        channel=case.channel if way.in_talk else "email",
        at=now,
        staff=staff,
        handle=way.handle,
        text=reply.text,
        html=as_html(reply.text) if reply.rich else "",
    )
    files = enclosing.carry(reply, message)
    letter = None
    if not way.in_talk and way.handle:
        letter = letters.reply(message, handle=way.handle, answers=answers, files=files, before=way.unseen, now=now)
        Message.objects.filter(pk=message.pk).update(source=ref("letter", letter.pk), message_id=letter.message_id)
    ways.said(message, letter=letter.pk if letter else None, now=now)
    append(
        facts.CaseAnswered(
            about=ref("case", case.pk),
            customer=ref("customer", case.customer_id),
            message=ref("message", message.pk),
            letter=ref("letter", letter.pk) if letter else "",
            by=staff.reference,
        ),
        now=now,
    )
    made = [record_answer(answer, case=case, message=message, staff=staff, now=now) for answer in answers]
    if letter:
        post.enclose({letter.pk: [ref("promise", promise.pk) for promise in made if promise]})
    formal_letters.said(reply, message, letter=letter, now=now)
    # By letter nothing leaves that was written before the writer saw all there was.
    if way.in_talk and (unseen_at := _unseen_at(reply)):
        answered(case, staff=staff, at=min(now, unseen_at - _JUST_BEFORE), now=now)
    else:
        answered(case, staff=staff, at=now, then=reply.status_after, now=now)
    return message


_JUST_BEFORE = timedelta(microseconds=1)


def _unseen_at(reply: Reply) -> datetime | None:
    """When the customer said, in a talk, the first thing that its writer had not seen: it still waits for an answer."""
    later = Message.objects.filter(
        case=reply.case_id, direction=Message.Direction.INBOUND, automatic=False, pk__gt=reply.seen_message
    )
    return later.order_by("pk").values_list("at", flat=True).first()


def record_answer(answer: gate.Answer, *, case: Case, message: Message, staff: Staff, now: datetime) -> Promise | None:
    """The promise the writer confirmed; for "no promise", the fact that they said so."""
    if answer.choice == gate.Choice.NOT_A_PROMISE:
        append(
            facts.PromiseDismissed(
                about=ref("message", message.pk),
                customer=ref("customer", case.customer_id),
                by=staff.reference,
            ),
            now=now,
        )
        return None
    team = case.team or staff.team
    return promises.record(
        customer=case.customer,
        what=answer.what,
        due=answer.due,
        said_at=message.at,
        now=now,
        state=State(answer.state),
        owner=staff,
        team_id=team.pk if team else None,
        by_itself=team is None or team.heads_up_by_itself,
        sort=answer.sort,
        source=ref("message", message.pk),
        quote=answer.quote,
        about=ref("case", case.pk),
        condition=answer.condition,
    )

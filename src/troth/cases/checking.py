"""The reply check: what a case asks of an answer, gathered from its messages and promises, and how an answer stands with it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from troth import reading
from troth.cases import queries
from troth.cases.models import Case, Message
from troth.cases.queries import Said
from troth.cases.read_sayings import counts
from troth.cases.rules import checks
from troth.cases.rules.checks import About
from troth.cases.rules.suggested import Known, Missed
from troth.people.models import Staff
from troth.people.queries import within_sight
from troth.promises import queries as promises
from troth.promises.models import Promise
from troth.reading.offer import three_dates
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.hours import Hours
from troth.words.promises import State
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: Of what we said before so much is looked at.
SAID_BEFORE_CHARS_MAX = 20_000


@dataclass(frozen=True)
class Matter:
    """What an answer in a case has to do with."""

    about: About
    known: Known


def matter_of(case: Case, *, staff: Staff, hours: Hours, now: datetime) -> Matter:
    """The same from the tables; two statements."""
    made = promises.about([ref("case", case.pk)]).filter(within_sight(staff))[:30]
    return matter(case, thread=queries.lately_said(case), made=list(made), hours=hours, now=now)


def matter(case: Case, *, thread: Sequence[Said], made: Sequence[Promise], hours: Hours, now: datetime) -> Matter:
    """What the messages of the *thread*, oldest first, and the promises *made* ask of the next answer."""
    answers = [at for at, said in enumerate(thread) if _is_answer(said.message)]
    since = answers[-1] + 1 if answers else 0
    unanswered = [said for said in thread[since:] if said.message.direction == Message.Direction.INBOUND]
    before = "\n".join(thread[at].message.text for at in answers)[-SAID_BEFORE_CHARS_MAX:]
    reads = [(said.message.text, counts(said)) for said in unanswered]
    emotion = next((felt for _text, read in reversed(reads) if (felt := _felt(read))), None)
    if emotion is None and not answers and case.emotion in set(Emotion):
        emotion = Emotion(case.emotion)
    remedies = [found.value for _text, read in reads for found in read.remedies if found.is_confident]
    here = [promise for promise in made if promise.about == ref("case", case.pk)]
    return Matter(
        about=About(
            is_complaint=case.kind == Case.Kind.COMPLAINT,
            emotion=None if emotion is Emotion.SURPRISE else emotion,
            remedies=tuple(dict.fromkeys(remedies)),
            questions=tuple(
                text[asked.start : asked.end] for text, read in reads for asked in read.requests if asked.is_question
            ),
            said_before=before,
            has_date=any(promise.is_owed and promise.due and promise.due > now for promise in here),
        ),
        known=Known(
            hours=hours,
            soon=three_dates(now, hours)[1].at,
            # A name is what anybody says of themselves; nobody vouched for this one.
            name="" if case.unverified else case.customer.name,
            cause=Cause(case.cause) if case.cause in set(Cause) else None,
            emotion=None if emotion is Emotion.SURPRISE else emotion,
            remedies=tuple(dict.fromkeys(remedies)),
            missed=_missed(here),
        ),
    )


def _is_answer(message: Message) -> bool:
    return message.direction == Message.Direction.OUTBOUND and not message.automatic


def _felt(read: reading.Reading) -> Emotion | None:
    return next((found.value for found in read.emotions if found.is_confident), None)


def _missed(made: Sequence[Promise]) -> Missed | None:
    """The first promise that was not kept in time, where its own words are known."""
    missed = [one for one in made if one.state in {State.LATE, State.BROKEN} and one.source_quote and one.first_due]
    first = min(missed, key=lambda one: (one.first_due, one.pk), default=None)
    return Missed(first.source_quote, first.first_due) if first and first.first_due else None


def kept_of(
    case: Case, text: str, *, read: reading.Reading, staff: Staff, hours: Hours, now: datetime
) -> dict[str, list[str]]:
    """What is kept of the checks beside a reply that is sent. A check that fails stops nobody: then nothing is kept."""
    dismissed = queries.dismissed_in(case, staff)
    asked = matter_of(case, staff=staff, hours=hours, now=now)
    try:
        return checks.plain(checks.look(text, asked.about, read=read, now=now, hours=hours), dismissed=dismissed)
    except Exception:
        log.exception("A reply in case %s could not be checked.", case.pk)
        return {}

"""What customers say: taken into its case, or opening one, and acknowledged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from troth.cases import letters, reader
from troth.cases.actions.again import look_again
from troth.cases.actions.clocking import matter_of, of
from troth.cases.actions.giving import first_team, give, reopened
from troth.cases.actions.snoozing import customer_spoke
from troth.cases.actions.state import has_changed
from troth.cases.expecting import told_for
from troth.cases.models import Attachment, Blob, Case, Message
from troth.cases.rules import kept
from troth.cases.rules.filled import filled
from troth.cases.rules.sniffed import sniffed
from troth.cases.rules.snooze import asks_something
from troth.clocks import actions as clocks
from troth.clocks.queries import final_response
from troth.ledger.actions import append_past
from troth.people.models import Handle, Team
from troth.post import actions as post
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.reading import CONFIDENT
from troth.words import facts
from troth.words.emotions import HURT
from troth.words.promises import Sort
from troth.words.refs import ref


@dataclass(frozen=True)
class File:
    """An attachment as it came."""

    name: str
    content_type: str
    content: bytes
    #: What the letter's own HTML calls it.
    content_id: str = ""


@transaction.atomic(savepoint=False)
def open_or_join(
    *,
    handle: Handle,
    case_id: int | None = None,
    subject: str = "",
    text: str,
    quoted: str = "",
    html: str = "",
    channel: str = "email",
    message_id: str = "",
    source: str = "",
    at: datetime,
    verified: bool = False,
    automatic: bool = False,
    unverified: bool = False,
    seems_to_be: int | None = None,
    for_staff_only: bool = False,
    is_public: bool = False,
    team_id: int | None = None,
    files: Sequence[File] = (),
    now: datetime,
) -> Message:
    """Take a customer's message into its case, or open one; the same *source* is taken once only.

    The message is read (emotion, cause, kind, urgency) and the case's clocks start or go on. *unverified* marks a new case whose
    sender may not be who the mail says; *seems_to_be* is the case it would have joined. *for_staff_only* keeps a new case off every
    customer's page. *is_public*: it was said where others can read it, and so is its case from then on. *team_id*
    looks after a new one.
    """
    held = Case.objects.select_for_update(of=("self",)).select_related("customer")
    case = held.filter(pk=case_id).first() if case_id else None
    # Asked with the case in hand: a button pressed twice asks twice at once.
    if source and (known := _taken(source)):
        return known
    read = reader.read(text, at=at)
    fills = filled(read)
    opened, was_resolved = case is None, case is not None and case.status == Case.Status.RESOLVED
    begun = None
    if case is None:
        team = Team.objects.get(pk=team_id) if team_id else first_team()
        case = Case(
            customer=handle.customer,
            subject=one_line(subject),
            kind=fills.kind,
            cause=fills.cause,
            emotion=fills.emotion,
            urgency=fills.urgency,
            channel=channel,
            opened_at=at,
            last_message_at=at,
            unverified=unverified,
            seems_to_be_id=seems_to_be,
            for_staff_only=for_staff_only,
            is_public=is_public,
            team=team,
        )
        if not automatic:
            begun = clocks.begin(matter_of(case), team_id=case.team_id, at=at, now=now)
            case.unanswered_since = at
            case.answer_by = begun.answering.due if begun.answering else None
        case.save(force_insert=True)
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.INBOUND,
        channel=channel,
        at=at,
        handle=handle,
        text=text,
        quoted=quoted,
        html=html,
        message_id=message_id,
        source=source,
        verified=verified,
        automatic=automatic,
        reading=kept.plain(read),
    )
    keep_files(message, files)
    about, customer = ref("case", case.pk), ref("customer", handle.customer_id)
    spoken = ref("message", message.pk)
    told: list[tuple[datetime, facts.Fact]] = [
        (at, facts.CaseOpened(about=about, customer=customer, channel=channel, message=spoken))
        if opened
        else (at, facts.CaseJoined(about=about, customer=customer, message=spoken)),
        (
            now,
            facts.MessageRead(
                about=spoken,
                customer=customer,
                reading=read.version,
                kind_read=fills.kind if read.kind else "",
                cause=fills.cause,
                feeling=fills.emotion,
            ),
        ),
    ]
    news: dict[str, Any] = {"is_public": True} if is_public and not case.is_public else {}
    if begun is not None:
        clocks.case_opened(of(case), begun, beside=told, now=now)
    elif automatic:
        append_past(told, now=now)
        _set(case, news)
    else:
        _now_waits_for_us(case, news=news, felt=fills.emotion, told=told, at=at, now=now)
        customer_spoke(case, asks=asks_something(read, text), now=now)
    if opened:
        look_again(case, now=now)
        give(case, now=now)
    elif was_resolved and case.status == Case.Status.OPEN:
        reopened(case, now=now)
    return message


def _taken(source: str) -> Message | None:
    """What was taken from there before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_message WHERE source = %s AND source <> ''", [source])
        known = cursor.fetchone()
    return Message.objects.select_related("case").get(pk=known[0]) if known else None


def _said_strongly_later(case: Case, *, at: datetime) -> bool:
    """Whether a later message than this one, read before it, already told how the customer feels."""
    later = case.messages.filter(
        at__gt=at,
        automatic=False,
        reading__emotions__0__value__in=sorted(HURT),
        reading__emotions__0__confidence__gte=CONFIDENT,
    )
    return at < case.last_message_at and later.exists()


def seems_to_be(opened: int, *, case_id: int | None) -> None:
    """The case that *opened* would have joined, as is known now; a hint to staff, and no fact."""
    Case.objects.filter(pk=opened).update(seems_to_be=case_id)


def one_line(subject: str) -> str:
    return " ".join(subject.split())[:500]


def _now_waits_for_us(
    case: Case,
    *,
    news: dict[str, Any],
    felt: str,
    told: list[tuple[datetime, facts.Fact]],
    at: datetime,
    now: datetime,
) -> None:
    """The customer said something more in *case*, which is held; *news* is what else changed of it."""
    for name, value in news.items():
        setattr(case, name, value)
    values: dict[str, Any] = {**news, "last_message_at": max(case.last_message_at, at)}
    if case.unanswered_since is None or at < case.unanswered_since:  # letters may overtake each other
        values["unanswered_since"] = at
    if felt in HURT and not _said_strongly_later(case, at=at):
        values["emotion"] = felt
    if case.status != Case.Status.OPEN:
        told = [*told, (now, has_changed(case, field="status", before=case.status, after=Case.Status.OPEN, by=None))]
        values["status"] = Case.Status.OPEN
    clock = clocks.customer_spoke(of(case), at=at, answered_before=case.imported, beside=told, now=now)
    values["answer_by"] = clock.due if clock else None
    _set(case, values)


def _set(case: Case, values: dict[str, Any]) -> None:
    if not values:
        return
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def keep_files(message: Message, files: Sequence[File]) -> None:
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        Blob.objects.get_or_create(digest=digest, defaults={"content": file.content})
        Attachment.objects.create(
            message=message,
            blob_id=digest,
            name=file.name[:255],
            content_type=file.content_type[:120],
            size=len(file.content),
            seen_as=sniffed(file.content),
            content_id=file.content_id[:400],
        )


@transaction.atomic(savepoint=False)
def acknowledge(message: Message, *, hops: int = 0, now: datetime) -> Letter | None:
    """Tell the customer that we have it and by when a person answers, as was measured lately; having been told, that is a promise.

    Whether an acknowledgement may go out at all is decided by `inbox` (loops, floods, unsound senders). Safe to repeat. *hops*:
    through how many systems like ours the message had passed.
    """
    case = message.case
    told = told_for(case, now=now)
    if message.handle is None or told is None:
        return None
    final = _final_response(case, now=now)
    letter, fresh = letters.acknowledgement(message, answer_by=told.by, final=final, hops=hops, now=now)
    if fresh:
        Case.objects.filter(pk=case.pk).update(told=told.to_plain())
        said = [(_("An answer from a person"), told.by, Sort.ANSWER)]
        if final:
            said.append((_("Our final response to your complaint"), final.by, Sort.DEED))
        made = [
            promises.record(
                customer=case.customer,
                what=what,
                due=due,
                said_at=now,
                now=now,
                owner=case.assignee,
                team_id=case.team_id,
                by_itself=case.team is None or case.team.heads_up_by_itself,
                sort=sort,
                source=ref("letter", letter.pk),
                about=ref("case", case.pk),
            )
            for what, due, sort in said
        ]
        post.enclose({letter.pk: [ref("promise", promise.pk) for promise in made]})
    return letter


def _final_response(case: Case, *, now: datetime) -> letters.FinalResponse | None:
    """By when whoever complained has our final response, where that is regulated and still ahead."""
    clock = final_response(ref("case", case.pk), now=now) if case.kind == Case.Kind.COMPLAINT else None
    if clock is None or clock.due <= now:
        return None
    early = clock.early_at if clock.early_at and clock.early_at > now else None
    return letters.FinalResponse(by=clock.due, early=early)

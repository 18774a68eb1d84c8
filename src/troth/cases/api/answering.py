"""Answers with their files, and what became of them."""

from __future__ import annotations

from base64 import b64decode
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from troth.cases import actions, queries
from troth.cases.actions.enclosing import FILES_MOST
from troth.cases.api.cases import CaseStatus
from troth.cases.models import Reply
from troth.cases.rules import gate
from troth.cases.rules.formal import Chosen
from troth.people.operations import (
    FILE_BODY_MOST,
    Asked,
    Id,
    Instant,
    Number,
    Operations,
    Told,
    maybe_text,
    not_sound,
    staff_of,
    text,
)
from troth.people.problems import Problem
from troth.people.queries import NobodyLeft
from troth.people.rules.keys import Scope
from troth.people.rules.problems import Kind
from troth.words.formal import Formal, Point, Without

router = Operations(tags=["cases"])

#: The bytes of a file as they are sent, a third more than it has; larger files people put in by hand.
FILE_MOST = 3 * 1024 * 1024


class AnswerAsked(Asked):
    """What you say of a promise that stands in the answer."""

    quote: Annotated[str, text(2000), Field(description="The sentence, as the gate named it.")]
    nth: Annotated[int, Field(ge=0, le=50, strict=True, description="Which promise of that sentence, from 0.")] = 0
    choice: gate.Choice
    what: Annotated[str, maybe_text(500), Field(description="In short; the sentence itself where left out.")] = ""
    due: Instant | None = None
    condition: Annotated[str, maybe_text(500)] = ""


class FormalAsked(Asked):
    """An answer whose contents rules lay down. What it must say is looked for in its words and the names of its files."""

    letter: Annotated[
        Formal,
        Field(description="final and summary end the case; a holding reply that says all it must moves its clock."),
    ]
    ticked: Annotated[
        list[Point], Field(max_length=20, description="What it says, though you were told that it is missing.")
    ] = []
    without: Annotated[Without | None, Field(description="Why it leaves without what is missing.")] = None


class FileAsked(Asked):
    name: Annotated[str, text(255)]
    content: Annotated[
        str,
        Field(
            min_length=1,
            max_length=FILE_MOST,
            pattern=r"^[A-Za-z0-9+/]+={0,2}$",
            description="Its bytes as base64 (RFC 4648, 4) without line breaks.",
        ),
    ]


class FileTold(Told):
    id: int
    case: int
    name: Annotated[str, Field(description="As it will go out: without what harms on some disk.")]
    size: int


class ReplyAsked(Asked):
    text: Annotated[str, text(50_000)]
    files: Annotated[
        list[Number], Field(max_length=FILES_MOST, description="The numbers that `add_file` gave; they go with it.")
    ] = []
    answers: Annotated[list[AnswerAsked], Field(max_length=50)] = []
    seen_message: Annotated[
        Number | None, Field(description="The newest message you have read; where a newer one came, nothing is sent.")
    ] = None
    seen_reply: Annotated[
        Annotated[int, Field(ge=0, strict=True)] | None,
        Field(
            description="The newest answer you know of, 0 for none; where a colleague sent a newer one, nothing is sent."
        ),
    ] = None
    status_after: CaseStatus = "waiting"
    formal: Annotated[
        FormalAsked | None, Field(description="Which letter of the rules it is (the UK's DISP), if one.")
    ] = None


class ReplyTold(Told):
    id: int
    case: int
    state: Annotated[
        Literal["draft", "held", "sent", "stopped"], Field(description="held for some seconds, then sent or stopped")
    ]
    leaves_at: Instant | None
    problem: Annotated[str, Field(description="Why it was stopped.")]
    message: Annotated[int | None, Field(description="The message it became.")]


@router.does(
    "/cases/{number}/files",
    scope=Scope.REPLIES_WRITE,
    gives=FileTold,
    status=201,
    name="add_file",
    most=FILE_BODY_MOST,
    summary="Put in a file that is to go with an answer",
)
def add_file(request: HttpRequest, number: Id, asked: FileAsked) -> FileTold:
    """It waits for `send_reply` for a day. Those of one answer may be 20, and as large together as the host set."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        content = b64decode(asked.content, validate=True)
        file = actions.put_in(case, staff=staff, name=asked.name, content=content, now=timezone.now())
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.NoRoom as error:
        raise Problem(Kind.TOO_LARGE, f"Too much for one letter: {error}") from error
    except ValueError as error:  # no base64, or nothing in it
        raise not_sound("body", "content", str(error)) from error
    return FileTold(id=file.pk, case=case.pk, name=file.name, size=file.size)


@router.does(
    "/cases/{number}/replies",
    scope=Scope.REPLIES_WRITE,
    gives=ReplyTold,
    status=201,
    name="send_reply",
    summary="Answer the customer",
)
def send_reply(request: HttpRequest, number: Id, asked: ReplyAsked) -> ReplyTold:
    """Every promise in the text needs a date of its own or an answer about it; else the gate stays shut and says which."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        reply = actions.send_reply(
            case,
            staff=staff,
            text=asked.text,
            answers=[_answer(answer) for answer in asked.answers],
            files=asked.files,
            seen_message=asked.seen_message,
            seen_reply=asked.seen_reply,
            status_after=asked.status_after,
            formal=_chosen(asked.formal) if asked.formal else None,
            now=timezone.now(),
        )
    except NobodyLeft as error:
        raise Problem(Kind.SETTLED, str(error)) from error
    except actions.GateShut as shut:
        found = [{"quote": objection.quote, "why": objection.why.value} for objection in shut.objections]
        raise Problem(Kind.GATE_SHUT, objections=found) from shut
    except actions.AnsweredMeanwhile as error:
        words = "A colleague answered meanwhile (reply %(pk)s). Read it, then answer if yours is still needed."
        raise Problem(Kind.CHANGED, words % {"pk": error.reply.pk}) from error
    except actions.SomethingNew as error:
        raise Problem(Kind.CHANGED, "Something new arrived in this case. Read it, then answer.") from error
    except (actions.FileGone, actions.NoRoom, actions.NoFilesInTalk) as error:
        raise not_sound("body", "files", str(error)) from error
    except (actions.PointsMissing, actions.NoFinalResponse, actions.NotAsked, actions.TooLateForSummary) as error:
        raise not_sound("body", "formal", str(error)) from error
    except actions.NothingWritten as error:
        raise not_sound("body", "text", str(error)) from error
    except actions.NoAddress as error:
        raise not_sound("path", "number", str(error)) from error
    return reply_told(reply)


def _chosen(asked: FormalAsked) -> Chosen:
    return Chosen(formal=asked.letter, ticked=tuple(dict.fromkeys(asked.ticked)), without=asked.without)


def _answer(asked: AnswerAsked) -> gate.Answer:
    return gate.Answer(
        quote=asked.quote,
        nth=asked.nth,
        choice=asked.choice,
        what=asked.what.strip() or asked.quote,
        due=asked.due,
        condition=asked.condition,
    )


@router.reads(
    "/replies/{number}",
    scope=Scope.CASES_READ,
    gives=ReplyTold,
    name="read_reply",
    summary="See whether an answer left",
)
def read_reply(request: HttpRequest, number: Id) -> ReplyTold:
    return reply_told(queries.reply_for(staff_of(request), number))


@router.does(
    "/replies/{number}/take-back",
    scope=Scope.REPLIES_WRITE,
    gives=ReplyTold,
    name="take_back_reply",
    summary="Take an answer back before it leaves",
)
def take_back_reply(request: HttpRequest, number: Id) -> ReplyTold:
    staff = staff_of(request)
    if not actions.take_back(queries.reply_for(staff, number), now=timezone.now()):
        raise Problem(Kind.SETTLED, "It is not held any more.")
    return reply_told(queries.reply_for(staff, number))


def reply_told(reply: Reply) -> ReplyTold:
    return ReplyTold(
        id=reply.pk,
        case=reply.case_id,
        state=reply.state,  # type: ignore[arg-type] # the database keeps it to the list
        leaves_at=reply.leaves_at,
        problem=reply.problem,
        message=reply.message_id,
    )

"""Letters that the rules lay down: checked before they are held, kept with how they stood, and what they do to the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from troth.cases.formal import has_its_end, looked, profile_of
from troth.cases.models import Case, FormalReply, Message, Reply
from troth.cases.rules.formal import Chosen, is_of_payments
from troth.cases.rules.formal import Letter as Looked
from troth.clocks import actions as clocks
from troth.clocks.queries import may_end_early
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words import facts
from troth.words.formal import ENDS, Formal, Without
from troth.words.promises import Sort
from troth.words.refs import ref


class PointsMissing(ValueError):
    """The letter does not say all that it must, and nobody said why it is to leave all the same."""

    def __init__(self, letter: Looked) -> None:
        super().__init__(
            f"The letter lacks what the rules ask for: {', '.join(point.value for point in letter.missing)}. "
            "Say it, tick what it says already, or say why it leaves without."
        )
        self.letter = letter


class NoFinalResponse(ValueError):
    """The complaint is to be resolved without the letter that the rules ask for, and nobody said why."""

    def __init__(self) -> None:
        super().__init__("This complaint is owed a final response. Send it, or say why it is resolved without one.")


class NotAsked(ValueError):
    """The rules ask for no such letter in this case."""

    def __init__(self) -> None:
        super().__init__("No rules that ask for such a letter hold for this case. Send it as an answer like any other.")


class TooLateForSummary(ValueError):
    """Only what was settled by the third business day may end with a summary (DISP 1.5.2R)."""

    def __init__(self) -> None:
        super().__init__(
            "Its third business day is over: a summary cannot end this complaint any more. Send a final response."
        )


def status_after(chosen: Chosen | None, *, asked: str) -> str:
    """A final response and a summary end the matter; after a holding reply it is with us."""
    if chosen is None or chosen.formal is None:
        return asked
    return Case.Status.RESOLVED if chosen.formal in ENDS else Case.Status.OPEN


def check(
    case: Case, text: str, chosen: Chosen | None, *, ends: bool, enclosed: Iterable[str], staff: Staff, now: datetime
) -> None:
    """Before an answer is held. Raises PointsMissing, NotAsked, TooLateForSummary; NoFinalResponse where it *ends* a complaint
    without being one.
    """
    if chosen is None or chosen.formal is None:
        if ends:
            demand(case, without=chosen.without if chosen else None)
        return
    profile = profile_of(case)
    if not profile:
        raise NotAsked
    if chosen.formal is Formal.SUMMARY and not may_end_early(ref("case", case.pk), now=now):
        raise TooLateForSummary
    letter = looked(case, text, chosen, profile=profile, enclosed=enclosed, team_id=staff.team_id, now=now)
    if letter and letter.missing and chosen.without is None:
        raise PointsMissing(letter)


def check_again(reply: Reply, *, now: datetime) -> None:
    """The same before it leaves, for while it was held its day may have passed, or the case become another; raises as `check`."""
    check(
        reply.case,
        reply.text,
        Chosen.from_plain(reply.formal) if reply.formal else None,
        ends=reply.status_after == Case.Status.RESOLVED,
        enclosed=reply.files.order_by("pk").values_list("name", flat=True),
        staff=reply.staff,
        now=now,
    )


def demand(case: Case, *, without: Without | None) -> bool:
    """Whether it is resolved without the letter it is owed, *without* saying why. Raises NoFinalResponse where that is not said."""
    if not profile_of(case) or has_its_end(case):
        return False
    if without is None:
        raise NoFinalResponse
    return True


def resolved_without(case: Case, *, without: Without, by: Staff, now: datetime) -> None:
    """Keep why the complaint ended without its letter; in the caller's transaction."""
    row = FormalReply.objects.create(case=case, staff=by, at=now, without=without)
    append(
        facts.ResolvedWithoutFinalResponse(
            about=ref("formal", row.pk),
            customer=ref("customer", case.customer_id),
            case=ref("case", case.pk),
            without=without,
            by=by.reference,
        ),
        now=now,
    )


def said(reply: Reply, message: Message, *, letter: Letter | None, now: datetime) -> None:
    """What the answer just sent is in the sense of the rules, and how it stands with them; in the caller's transaction.

    A holding reply that says all it must moves the clock of the end: of payments to the rule's longer time, else to its day.
    What was promised of the final response is kept by it, and moved by a holding reply, which tells the customer the new date.
    """
    if not reply.formal:
        return
    case, staff, chosen = reply.case, reply.staff, Chosen.from_plain(reply.formal)
    profile = profile_of(case)
    names = message.attachments.order_by("pk").values_list("name", flat=True)
    held = looked(case, reply.text, chosen, profile=profile, enclosed=names, team_id=staff.team_id, now=now)
    if held is None:
        if chosen.without and reply.status_after == Case.Status.RESOLVED and demand(case, without=chosen.without):
            resolved_without(case, without=chosen.without, by=staff, now=now)
        return
    without = chosen.without if held.missing and chosen.without else None
    row = FormalReply.objects.create(
        case=case,
        formal=held.formal,
        decision=held.decision or "",
        message=message,
        staff=staff,
        at=now,
        found=_listed(held.found),
        ticked=_listed(held.ticked),
        missing=_listed(held.missing),
        without=without or "",
        until=held.until,
    )
    append(
        facts.FormalReplySent(
            about=ref("formal", row.pk),
            customer=ref("customer", case.customer_id),
            case=ref("case", case.pk),
            formal=row.formal,
            decision=row.decision,
            message=ref("message", message.pk),
            found=row.found,
            ticked=row.ticked,
            missing=row.missing,
            without=row.without,
            until=row.until,
            by=staff.reference,
        ),
        now=now,
    )
    if held.formal is Formal.HOLDING and not held.missing and profile:
        until = None if is_of_payments(profile) else held.until
        clocks.extend(ref("case", case.pk), until=until, by=staff, now=now)
    if held.formal in ENDS:
        for promise in _promised(case):
            promises.keep(promise, by=staff, now=now)
    elif letter and held.until:
        for promise in _promised(case).exclude(source=ref("message", message.pk)):
            if promise.is_owed and promise.due and promise.due < held.until:
                promises.move(promise, to=held.until, words=reply.text, reason="", by=staff, letter=letter, now=now)


def _promised(case: Case) -> QuerySet[Promise, Promise]:
    """What we said of when the final response comes: with the acknowledgement, and in holding replies."""
    holding = FormalReply.objects.filter(case=case, formal=Formal.HOLDING).values_list("message_id", "until")
    said = Q(source__startswith="letter:")
    for message, until in holding:
        said |= Q(source=ref("message", message or 0), due=until)
    return Promise.objects.filter(
        said, about=ref("case", case.pk), sort=Sort.DEED, done_at=None, settled_at=None
    ).order_by("pk")


def _listed(points: Iterable[str]) -> str:
    return " ".join(points)

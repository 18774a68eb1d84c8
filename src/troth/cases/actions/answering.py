"""All customers of one cause answered in one go: each in their own case, with their own facts, by a reply of their own.

First it is looked at: what each would read is kept, and what is missing. What is then sent is exactly that. The parts are the truth:
each becomes a reply in one transaction with itself, so that whoever is killed in the middle sends every part once. The replies
pass the send gate one by one, are held as any other, and leave through the outbox.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q

from troth.cases.actions.each import one_by_one
from troth.cases.actions.formal import NoFinalResponse
from troth.cases.actions.replies import GateShut, NoAddress, SomethingNew, checked_answers, read_answer, send_reply
from troth.cases.actions.writing import NothingWritten
from troth.cases.models import BulkAnswer, BulkReply, Case, Message, Reply
from troth.cases.rules import gate
from troth.cases.rules.filling import PLACES, fill, order_in, places_in, unknown
from troth.people.models import Staff
from troth.people.queries import NobodyLeft, addresses_of, hours_of, within_sight, zone_of
from troth.people.rules.roles import May
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.words.refs import ref

#: So many are answered in one go, for each is read before it is shown.
ANSWERED_MOST = 500
#: So many letters leave in a second, that no mail server takes it for a flood.
A_SECOND = 10
#: Customers' words are looked through for an order so many cases at a time: of each the newest messages, of those the beginning.
LOOKED_AT_ONCE, NEWEST_LOOKED, SIGNS_LOOKED = 50, 20, 20_000
State = BulkReply.State


class UnknownPlace(ValueError):
    """The text asks for something that nothing can be filled into."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"There is no {', '.join(f'{{{name}}}' for name in names)}.")
        self.names = tuple(names)


class NobodyToAnswer(ValueError):
    """No case was chosen, or none of them is there."""


@transaction.atomic
def prepare_answer(
    parent: Case,
    *,
    numbers: Sequence[int],
    text: str,
    answers: Sequence[gate.Answer] = (),
    status_after: str = Case.Status.WAITING,
    staff: Staff,
    now: datetime,
) -> BulkAnswer:
    """What each customer of these linked cases would read, and whose part is held back and why; nothing leaves yet.

    *answers*: what the writer said of the promises in the text as it stands, with its places. Raises NothingWritten,
    UnknownPlace, NobodyToAnswer.
    """
    if not text.strip():
        raise NothingWritten("Write something first.")
    if names := unknown(text):
        raise UnknownPlace(names)
    rows = Case.objects.filter(within_sight(staff), parent=parent, pk__in=list(numbers)[:ANSWERED_MOST])
    cases = list(rows.select_related("customer").order_by("pk"))
    if not cases:
        raise NobodyToAnswer("Choose whom to answer.")
    made = BulkAnswer.objects.create(
        parent=parent,
        staff=staff,
        key_id=staff.through_key,
        text=text.strip(),
        answers=[answer.to_plain() for answer in answers],
        status_after=Case.Status(status_after),
        made_at=now,
    )
    known, seen = facts_of(cases, wanted=_wanted(made.text, answers)), _seen(cases)
    reachable = addresses_of({case.customer_id for case in cases})
    parts = []
    for case in cases:
        filled = fill(made.text, known[case.pk])
        part = BulkReply(answer=made, case=case, state=State.READY, text=filled.text, seen_message=seen.get(case.pk, 0))
        if case.customer.erased_at is not None:
            part.state, part.reason, part.text = State.HELD_BACK, "erased", ""
        elif case.unverified or case.for_staff_only:
            part.state, part.reason = State.HELD_BACK, "unproven"
        elif case.customer_id not in reachable and case.channel != "chat":
            part.state, part.reason = State.HELD_BACK, "no_address"
        elif filled.missing:
            part.state, part.reason, part.about = State.HELD_BACK, "missing", " ".join(filled.missing)
        else:
            _hold_back_at_the_gate(part, answers=_own(answers, known[case.pk]), staff=staff, now=now)
        parts.append(part)
    BulkReply.objects.bulk_create(parts)
    return made


def _hold_back_at_the_gate(part: BulkReply, *, answers: Sequence[gate.Answer], staff: Staff, now: datetime) -> None:
    try:
        hours = hours_of(part.case.team_id or staff.team_id)
        checked_answers(
            part.text, read=read_answer(part.text, hours=hours, now=now), answers=answers, hours=hours, now=now
        )
    except GateShut as shut:
        first = shut.objections[0]
        part.state, part.reason, part.about = State.HELD_BACK, f"gate_{first.why}", first.quote


def _own(answers: Sequence[gate.Answer], known: Mapping[str, str]) -> list[gate.Answer]:
    """What the writer said of the text's sentences, said of the same sentences as one customer reads them."""
    return [
        gate.Answer(
            quote=fill(answer.quote, known).text,
            choice=answer.choice,
            what=fill(answer.what, known).text,
            due=answer.due,
            condition=fill(answer.condition, known).text,
            nth=answer.nth,
        )
        for answer in answers
    ]


def _wanted(text: str, answers: Sequence[gate.Answer]) -> frozenset[str]:
    """Which places stand in the text, and in what was said of its promises."""
    return places_in("\n".join([text, *(f"{one.quote} {one.what} {one.condition}" for one in answers)]))


def facts_of(cases: Sequence[Case], *, wanted: Collection[str] = PLACES) -> dict[int, dict[str, str]]:
    """Of each case what can be filled in: of its own customer's, and of nobody else's.

    What customers wrote is read only where their order is *wanted*.
    """
    owed: dict[str, Promise] = {}
    rows = Promise.objects.filter(OWED, about__in=[ref("case", case.pk) for case in cases])
    for promise in rows.order_by("due", "pk"):
        owed.setdefault(promise.about, promise)
    orders = _orders(cases) if "order" in wanted else {}
    found = {}
    for case in cases:
        promise_ = owed.get(ref("case", case.pk))
        due = promise_.due if promise_ else None
        found[case.pk] = {
            "name": case.customer.name,
            "case": str(case.pk),
            "subject": case.subject,
            "promised": promise_.what if promise_ else "",
            "due": spoken(due, zone_of(case.customer)) if due else "",
            "order": orders.get(case.pk, ""),
        }
    return found


def _orders(cases: Sequence[Case]) -> dict[int, str]:
    """The order that each case's customer named last; one statement for each batch of cases, and never all their words at once."""
    found: dict[int, str] = {}
    for start in range(0, len(cases), LOOKED_AT_ONCE):
        said = {case.pk: [case.subject] for case in cases[start : start + LOOKED_AT_ONCE]}
        with connection.cursor() as cursor:
            cursor.execute(_SAID, {"cases": list(said), "most": NEWEST_LOOKED, "signs": SIGNS_LOOKED})
            for number, text in cursor.fetchall():
                said[number].append(text)
        found |= {number: order_in(texts) for number, texts in said.items()}
    return found


_SAID = """
SELECT k.id, m.text FROM unnest(%(cases)s::bigint[]) AS k(id)
 CROSS JOIN LATERAL (
    SELECT left(text, %(signs)s) AS text, at, id FROM cases_message
     WHERE case_id = k.id AND direction = 'inbound' ORDER BY at DESC, id DESC LIMIT %(most)s) AS m
 ORDER BY k.id, m.at DESC, m.id DESC
"""


def _seen(cases: Sequence[Case]) -> dict[int, int]:
    rows = Message.objects.filter(case__in=cases, direction=Message.Direction.INBOUND).order_by()
    return dict(rows.values("case").annotate(last=Max("pk")).values_list("case", "last"))


@transaction.atomic
def send_answer(answer: BulkAnswer, *, leave_out: Sequence[int] = (), now: datetime) -> bool:
    """All that is ready leaves, but for those cases; False if it was sent before, or nothing is ready."""
    ready = BulkReply.objects.filter(answer=answer, state=State.READY)
    if not ready.exclude(case__in=list(leave_out)).exists():
        return False
    if BulkAnswer.objects.filter(pk=answer.pk, sent_at=None).update(sent_at=now) != 1:
        return False
    ready.filter(case__in=list(leave_out)).update(state=State.LEFT_OUT)
    ready.update(state=State.WAITING)
    return True


@transaction.atomic
def stop_answer(answer: BulkAnswer, *, now: datetime) -> int:
    """What has not left stays here; how many parts. What leaves in this moment leaves."""
    BulkAnswer.objects.filter(pk=answer.pk, stopped_at=None).update(stopped_at=now)
    held = Reply.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        bulk__answer=answer, state=Reply.State.HELD
    )
    numbers = list(held.values_list("pk", flat=True))
    stopped = BulkReply.objects.filter(Q(state=State.WAITING) | Q(reply__in=numbers), answer=answer)
    count = stopped.update(state=State.LEFT_OUT, reason="stopped", reply=None)
    Reply.objects.filter(pk__in=numbers).delete()
    return count


def work_answers(*, now: datetime, most: int = 50) -> int:
    """Write the next parts that wait, each in its own transaction; how many were dealt with."""
    due = BulkReply.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True)
    return one_by_one(
        list(due[:most]),
        lambda number: _work(number, now=now),
        failed=lambda number: bool(
            BulkReply.objects.filter(pk=number, state=State.WAITING).update(state=State.REFUSED, reason="failed")
        ),
        what="Part %s of an answer to many",
    )


@transaction.atomic
def _work(number: int, *, now: datetime) -> bool:
    part = (
        BulkReply.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("answer__staff__team", "case__customer", "case__team")
        .filter(pk=number, state=State.WAITING)
        .first()
    )
    if part is None:
        return False
    try:
        with transaction.atomic():
            part.reply = _reply(part, now=now)
            part.state = State.WRITTEN
    except GateShut as shut:
        part.reason, part.about = f"gate_{shut.objections[0].why}", shut.objections[0].quote
    except (SomethingNew, NoAddress, NobodyLeft, NoFinalResponse, _NotNow) as error:
        part.reason = WHY[type(error)]
    if part.reply is None:
        part.state = State.REFUSED
    part.save(update_fields=["state", "reason", "about", "reply"])
    return True


class _NotNow(RuntimeError):
    """Who sends it may not see or answer this case any more."""


WHY: dict[type[Exception], str] = {
    SomethingNew: "something_new",
    NoAddress: "no_address",
    NobodyLeft: "erased",
    NoFinalResponse: "no_final_response",
    _NotNow: "out_of_sight",
}


def _reply(part: BulkReply, *, now: datetime) -> Reply:
    answer, case = part.answer, part.case
    by = answer.staff
    by.through_key = answer.key_id
    if not by.may(May.ANSWER) or not Case.objects.filter(within_sight(by), pk=case.pk).exists():
        raise _NotNow("This case is somebody else's now.")
    before = BulkReply.objects.filter(answer=answer, pk__lt=part.pk, state__in=[State.WAITING, State.WRITTEN]).count()
    given = [gate.Answer.from_plain(plain) for plain in answer.answers]
    begun = max(now, (answer.sent_at or now)) + timedelta(seconds=settings.TROTH_UNDO_SECONDS)
    return send_reply(
        case,
        staff=by,
        text=part.text,
        answers=_own(given, facts_of([case], wanted=_wanted(answer.text, given))[case.pk]),
        seen_message=part.seen_message,
        status_after=answer.status_after,
        keeps_draft=True,
        leaves_at=begun + timedelta(seconds=before // A_SECOND),
        now=now,
    )

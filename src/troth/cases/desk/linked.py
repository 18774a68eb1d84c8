"""One cause, many cases: who they are and what each was promised, one answer to all of them, and closing them together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.actions.answering import ANSWERED_MOST
from troth.cases.actions.bulk import AT_ONCE
from troth.cases.checking import matter_of
from troth.cases.desk.bulk import reason_words
from troth.cases.desk.composer import answers_in, found_in
from troth.cases.models import BulkAnswer, BulkReply, Case, Message, Reply
from troth.cases.rules import gate
from troth.cases.sayings import status_choices, why_words
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.pressed import page_name, pressed_once
from troth.people.queries import hours_of, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.words.refs import ref

MOST = ANSWERED_MOST


def beside(case: Case) -> dict[str, Any]:
    """What the page of a case says of the others with its cause; `queries.with_count` annotates it."""
    return {
        "parent": case.parent_id if getattr(case, "parent_seen", False) else None,
        "is_linked": case.parent_id is not None,
        "children": getattr(case, "children_seen", None) or 0,
    }


@staff_door(May.READ)
def linked(request: HttpRequest, number: int) -> HttpResponse:
    staff = staff_of(request)
    parent = queries.case_for(staff, number)
    again = request.GET.get("again", "")
    mine = BulkAnswer.objects.filter(parent=parent, staff=staff, pk=int(again[:18])) if again.isdecimal() else None
    earlier = mine.first() if mine is not None else None
    return _page(request, parent, text=earlier.text if earlier else "")


def _page(
    request: HttpRequest, parent: Case, *, text: str, wrong: str = "", untold: list[dict[str, Any]] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    staff, now = staff_of(request), timezone.now()
    children = _children(parent, staff=staff)
    hours = hours_of(parent.team_id or staff.team_id)
    answers = BulkAnswer.objects.filter(parent=parent, staff=staff, sent_at__isnull=False).order_by("-pk")[:5]
    asks = matter_of(parent, staff=staff, hours=hours, now=now)
    values = desk_values(
        request,
        now=now,
        parent={"number": parent.pk, "subject": str(parent), "href": page_of(ref("case", parent.pk)), "status": parent.status},
        children=children,
        most=MOST,
        text=text,
        wrong=wrong,
        untold=untold,
        before=[{"pk": one.pk, "at": one.sent_at, "start": one.text[:80]} for one in answers],
        once=page_name(),
        may_answer=staff.may(May.ANSWER),
        **found_in(text, staff=staff, hours=hours, matter=asks, now=now, typed=request.POST.dict()),
    )  # fmt: skip
    return render(request, "cases/linked.html", values, status=status)


def _children(parent: Case, *, staff: Staff) -> list[dict[str, Any]]:
    """Each linked case with its customer, what they were promised next, and whether they were told since they wrote."""
    spoken = (
        Message.objects.filter(case=OuterRef("pk"), automatic=False).exclude(direction="note").order_by("-at", "-pk")
    )
    rows = (
        Case.objects.filter(within_sight(staff), parent=parent)
        .annotate(last_way=Subquery(spoken.values("direction")[:1]))
        .select_related("customer")
        .order_by("pk")[:MOST]
    )
    cases = list(rows)
    owed: dict[str, list[Promise]] = {}
    for promise in Promise.objects.filter(
        OWED, within_sight(staff), about__in=[ref("case", case.pk) for case in cases]
    ).order_by("due", "pk"):
        owed.setdefault(promise.about, []).append(promise)
    words = dict(status_choices())
    return [
        {
            "number": case.pk,
            "href": page_of(ref("case", case.pk)),
            "customer": str(case.customer),
            "subject": str(case),
            "status": words[case.status],
            "open": case.status != Case.Status.RESOLVED,
            "told": case.last_way == Message.Direction.OUTBOUND,
            "promises": [
                {"href": page_of(ref("promise", one.pk)), "words": one.what, "due": one.due, "state": one.state, "quote": None}
                for one in owed.get(ref("case", case.pk), [])[:3]
            ],
        }
        for case in cases
    ]  # fmt: skip


@require_POST
@staff_door(May.ANSWER)
def link(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """Link the case to another, or to none any more."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    chosen = typed(request.POST, "parent").strip().removeprefix("#")
    parent = None
    if chosen:
        parent = Case.objects.filter(within_sight(staff), pk=int(chosen[:18])).first() if chosen.isdecimal() else None
        if parent is None:
            messages.error(request, _("There is no such case to link to."))
            return redirect("cases:case", case.pk)
    try:
        if actions.link(case, parent=parent, by=staff, now=timezone.now()):
            said = _("Linked to case #%(number)s.") % {"number": parent.pk} if parent else _("It is linked to none.")
            messages.success(request, said)
    except actions.NotToBeLinked as error:
        messages.error(request, reason_words(error.why))
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
@pressed_once
def prepare(request: HttpRequest, number: int) -> HttpResponse:
    """See what each would read; nothing leaves yet."""
    staff, now = staff_of(request), timezone.now()
    parent = queries.case_for(staff, number)
    text = typed(request.POST, "body")
    try:
        made = actions.prepare_answer(
            parent,
            numbers=[int(one[:18]) for one in request.POST.getlist("case") if one.isdecimal()],
            text=text,
            answers=answers_in(request, text, case=parent, staff=staff, now=now),
            status_after=Case.Status.RESOLVED if request.POST.get("resolve") else Case.Status.WAITING,
            staff=staff,
            now=now,
        )
    except actions.NothingWritten:
        wrong = _("There is nothing written yet.")
    except actions.NobodyToAnswer:
        wrong = _("Choose whom to answer.")
    except actions.UnknownPlace as error:
        names = ", ".join(f"{{{name}}}" for name in error.names)
        wrong = _("Nothing can be put in for %(names)s.") % {"names": names}
    else:
        return redirect("cases:answer", made.pk)
    return _page(request, parent, text=text, wrong=wrong, status=422)


@staff_door(May.READ)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What each reads: looked at before it leaves, and afterwards how far it is."""
    staff = staff_of(request)
    found = answer_for(staff, pk)
    rows = BulkReply.objects.filter(within_sight(staff, team="case__team"), answer=found)
    parts = [_part(part) for part in rows.select_related("case__customer", "reply").order_by("pk")]
    left = sum(part["state"] == BulkReply.State.WAITING or part["is_held"] for part in parts)
    values = desk_values(
        request,
        answer={"pk": found.pk, "text": found.text, "sent_at": found.sent_at, "is_stopped": found.stopped_at is not None},
        parent={"number": found.parent_id},
        parts=[part for part in parts if part["state"] != BulkReply.State.HELD_BACK],
        held_back=[part for part in parts if part["state"] == BulkReply.State.HELD_BACK],
        ready=sum(part["state"] == BulkReply.State.READY for part in parts),
        left_to_do=left,
        total=sum(part["state"] not in {BulkReply.State.HELD_BACK, BulkReply.State.LEFT_OUT} for part in parts),
        may_answer=staff.may(May.ANSWER),
        once=page_name(),
    )  # fmt: skip
    return render(request, "cases/answer.html", values)


def _part(part: BulkReply) -> dict[str, Any]:
    reply = part.reply
    states = {
        BulkReply.State.READY: _("Ready"),
        BulkReply.State.HELD_BACK: _("Held back"),
        BulkReply.State.LEFT_OUT: _("Left out"),
        BulkReply.State.WAITING: _("Waits"),
        BulkReply.State.WRITTEN: _("Written"),
        BulkReply.State.REFUSED: _("Not sent"),
    }
    words, why = states[BulkReply.State(part.state)], _why(part) if part.reason else ""
    if reply is not None:
        words = {
            Reply.State.HELD: _("Leaves in a moment"),
            Reply.State.SENT: _("Sent"),
            Reply.State.STOPPED: _("Not sent: it is a draft in the case"),
            Reply.State.DRAFT: _("A draft in the case"),
        }[Reply.State(reply.state)]
        why = reply.problem
    return {
        "number": part.case_id,
        "href": page_of(ref("case", part.case_id)),
        "customer": str(part.case.customer),
        "text": part.text,
        "state": part.state,
        "words": words,
        "why": why,
        "is_held": reply is not None and reply.state == Reply.State.HELD,
    }


def _why(part: BulkReply) -> str:
    kind, _sep, why = part.reason.partition("_")
    if kind == "gate":
        return why_words(gate.Objection(part.about, gate.Why(why)))
    if part.reason == "missing":
        names = ", ".join(f"{{{name}}}" for name in part.about.split())
        return _("Not known of them: %(names)s. Answer in the case, or give words for it: {name|there}.") % {
            "names": names
        }
    return {
        "unproven": _("Nobody has proved that this is the customer. Look into the case."),
        "no_address": _("There is no address to answer to."),
        "erased": _("This person was erased."),
        "no_final_response": _("It is owed a final response of its own: answer it in the case itself."),
        "something_new": _("They wrote meanwhile. Read it, then answer."),
        "out_of_sight": _("It belongs to a closed team now."),
        "stopped": _("Stopped before it left."),
        "failed": _("Something went wrong; the log tells what. Answer in the case."),
    }.get(part.reason, part.reason)


@require_POST
@staff_door(May.ANSWER)
def send(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    found = answer_for(staff_of(request), pk)
    into = {int(one[:18]) for one in request.POST.getlist("case") if one.isdecimal()}
    ready = BulkReply.objects.filter(answer=found, state=BulkReply.State.READY).values_list("case", flat=True)
    out = [number for number in ready if number not in into]
    if not actions.send_answer(found, leave_out=out, now=timezone.now()):
        messages.info(request, _("There is nothing to send, or it was sent before."))
    return redirect("cases:answer", found.pk)


@require_POST
@staff_door(May.ANSWER)
def stop(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    found = answer_for(staff_of(request), pk)
    count = actions.stop_answer(found, now=timezone.now())
    if count:
        messages.success(request, ngettext("One was stopped.", "%(n)s were stopped.", count) % {"n": count})
    else:
        messages.info(request, _("All of it has left already."))
    return redirect("cases:answer", found.pk)


@require_POST
@staff_door(May.ANSWER)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Resolve the case and those linked to it; where a customer was not told, it is asked what to do."""
    staff, now = staff_of(request), timezone.now()
    parent = queries.case_for(staff, number)
    children = [child for child in _children(parent, staff=staff) if child["open"]]
    untold = [child for child in children if not child["told"]]
    choice = request.POST.get("untold", "")
    if untold and choice not in {"leave", "close"}:
        return _page(request, parent, text="", untold=untold)
    numbers = [child["number"] for child in children if child["told"] or choice == "close"]
    act = actions.begin_bulk(
        staff=staff, changes={"status": Case.Status.RESOLVED}, numbers=[parent.pk, *numbers], now=now
    )
    if act.total <= AT_ONCE:
        actions.work_bulk(act, now=now)
    return redirect("cases:bulk_act", act.pk)


def answer_for(staff: Staff, pk: int) -> BulkAnswer:
    """One of their own, of a case they may see; raises Http404."""
    found = BulkAnswer.objects.filter(within_sight(staff, team="parent__team"), staff=staff, pk=pk).first()
    if found is None:
        raise Http404
    return found

"""Cases for staff: the list, one case with what was promised beside it, and everything done there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth import reading
from troth.cases import actions, queries
from troth.cases.files import download
from troth.cases.models import Case, Message, Reply
from troth.cases.rules import gate
from troth.people.doors import staff_door
from troth.people.models import Handle, Staff
from troth.people.queries import address_of, company_name, family, hours_of, owner_choices
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, page_of, staff_of, typed
from troth.post.models import Letter, LetterState
from troth.promises import actions as promises
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.promises.queries import to_customer
from troth.promises.sayings import strength_words, told_apart
from troth.reading.offer import three_dates
from troth.words.hours import Hours
from troth.words.messages import Direction
from troth.words.promises import Strength
from troth.words.refs import number_of, ref

PAGE = 50
WAYS = {"inbound": "in", "outbound": "out", "note": "note"}


def kind_choices() -> list[tuple[str, str]]:
    return [
        ("enquiry", _("Enquiry")),
        ("complaint", _("Complaint")),
        ("suggestion", _("Suggestion")),
        ("compliment", _("Compliment")),
    ]


def status_choices() -> list[tuple[str, str]]:
    return [("open", _("Open")), ("waiting", _("Waits for the customer")), ("resolved", _("Resolved"))]


def channel_words(channel: str) -> str:
    return {
        "email": _("by mail"),
        "webform": _("by the web form"),
        "phone": _("on the phone"),
        "talk": _("face to face"),
        "social": _("in public"),
        "import": _("from an import"),
    }.get(channel, channel)


# The list


@staff_door(May.READ)
def cases_list(request: HttpRequest) -> HttpResponse:
    staff = staff_of(request)
    view, search = request.GET.get("view", "open"), typed(request.GET, "search").strip()
    newest = Message.objects.filter(case=OuterRef("pk")).exclude(direction="note").order_by("-at", "-pk")
    rows = (
        Case.objects.filter(
            _view(view, staff) if not search else _search(search), _older_than(request.GET.get("older", ""))
        )
        .select_related("customer", "assignee")
        .annotate(snippet=Subquery(newest.values(start=Left("text", 240))[:1]))
        .order_by("-last_message_at", "-pk")[: PAGE + 1]
    )
    found = list(rows)
    owed = _owed_in(found[:PAGE])
    page = reverse("cases:list")
    older = None
    if len(found) > PAGE:
        mark = f"{found[PAGE - 1].last_message_at.isoformat()}~{found[PAGE - 1].pk}"
        older = f"{page}?{urlencode({'view': view, 'search': search, 'older': mark})}"
    paged = bool(request.GET.get("older"))
    newer = f"{page}?{urlencode({'view': view, 'search': search})}" if paged else None
    values = desk_values(
        request,
        views=[
            {"words": words, "href": f"{page}?view={key}", "here": key == view and not search}
            for key, words in (
                ("open", _("Open")),
                ("mine", _("Mine")),
                ("unanswered", _("Unanswered")),
                ("waiting", _("Waiting for the customer")),
                ("resolved", _("Resolved")),
                ("all", _("All")),
            )
        ],
        search=search,
        cases=[_row(case, promises_owed=owed.get(case.pk, 0)) for case in found[:PAGE]],
        pages={"words": "", "newer": newer, "older": older} if older or paged else None,
    )
    return render(request, "cases/list.html", values)


def _view(view: str, staff: Staff) -> Q:
    return {
        "mine": Q(assignee=staff) & ~Q(status="resolved"),
        "unanswered": Q(unanswered_since__isnull=False, imported=False),
        "waiting": Q(status="waiting"),
        "resolved": Q(status="resolved"),
        "all": Q(),
    }.get(view, Q(status="open"))


def _search(search: str) -> Q:
    found = Q(subject__icontains=search) | Q(customer__name__icontains=search)
    reached = Handle.objects.filter(customer=OuterRef("customer"), address__icontains=search)
    found |= Q(Exists(reached)) if "@" in search else Q()
    number = search.removeprefix("#")
    return Q(pk=int(number)) if number.isdecimal() and len(number) < 19 else found


def _older_than(mark: str) -> Q:
    at, _sep, number = mark.partition("~")
    last = local_time(at, "UTC")
    if last is None or not number.isdecimal():
        return Q()
    return Q(last_message_at__lt=last) | Q(last_message_at=last, pk__lt=int(number[:18]))


def _owed_in(cases: Sequence[Case]) -> dict[int, int]:
    """How many promises are owed in each case; one statement."""
    rows = (
        Promise.objects.filter(
            about__in=[ref("case", case.pk) for case in cases], state__in=["open", "moved", "late"], done_at=None
        )
        .values_list("about")
        .annotate(Count("pk"))
    )
    return {number_of(about, "case"): count for about, count in rows}


def _row(case: Case, *, promises_owed: int) -> dict[str, Any]:
    return {
        "id": case.pk,
        "href": page_of(ref("case", case.pk)),
        "number": case.pk,
        "customer": str(case.customer),
        "subject": str(case),
        "snippet": getattr(case, "snippet", "") or "",
        "kind": case.kind,
        "channel": case.channel,
        "owner": case.assignee.name if case.assignee else None,
        "last_at": case.last_message_at,
        "due": None if case.imported else case.answer_by,
        "unread": case.unanswered_since is not None and not case.imported,
        "reasons": reasons(case),
        "promises": promises_owed,
    }


def reasons(case: Case) -> list[dict[str, str]]:
    found = []
    if case.unanswered_since and not case.imported:
        found.append({"kind": "unanswered"})
    if case.feeling == "anger":
        found.append({"kind": "angry"})
    if case.unverified:
        found.append({"kind": "unverified", "words": _("Sender not verified")})
    return found


# One case


@dataclass(frozen=True)
class Said:
    """What was typed into a form that was refused, and why."""

    text: str | None = None
    stopped: str = ""
    errors: tuple[dict[str, str], ...] = ()
    record: dict[str, Any] | None = None
    answers: tuple[gate.Answer, ...] = ()
    rich: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


@staff_door(May.READ)
def case_page(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, queries.case_for(staff_of(request), number))


@staff_door(May.READ)
def message_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a message stands: its case, at the message."""
    message = queries.message_for(staff_of(request), pk)
    return redirect(f"{reverse('cases:case', args=[message.case_id])}#message-{message.pk}")


def _page(request: HttpRequest, case: Case, *, said: Said | None = None, status: int = 200) -> HttpResponse:
    said = said or Said()
    now, staff = timezone.now(), staff_of(request)
    ids = family(case.customer_id)
    thread = queries.thread(case, notes=True)
    owed = list(to_customer(ids).select_related("owner")[:60])
    drafts = {draft.is_note: draft for draft in queries.drafts_of(case, staff)}
    held = queries.held_in(case)
    draft = drafts.get(False)
    text = said.text if said.text is not None else (draft.text if draft else "")
    hours = hours_of(case.team_id or staff.team_id)
    stopped = said.stopped or (draft.problem if draft and draft.state == Reply.State.STOPPED else "")
    values = desk_values(
        request,
        now=now,
        case=_shown(case, ids=ids),
        reasons=reasons(case),
        messages=_messages(thread, case=case, owed=owed),
        last_message=max((m.pk for m in thread if m.direction == Message.Direction.INBOUND), default=0),
        promises=told_apart([_beside(promise) for promise in _live_first(owed)[:20]]),
        staff=[(person.pk, person.name) for person in owner_choices()],
        owner_pk=case.assignee_id,
        kinds=kind_choices(),
        statuses=status_choices(),
        composer=_composer(
            case, staff=staff, text=text, note=drafts.get(True), said=said, draft=draft, hours=hours, now=now
        ),
        **_found(text, staff=staff, hours=hours, now=now, answers=said.answers or _answers_of(draft), typed=said.typed),
        record=_record_form(said.record),
        errors=list(said.errors),
        stopped={"words": stopped} if stopped else None,
        undo=_undo(held, staff=staff, now=now),
        may_answer=staff.may(May.ANSWER),
    )
    return render(request, "cases/case.html", values, status=status)


def _shown(case: Case, *, ids: list[int]) -> dict[str, Any]:
    return {
        "number": case.pk,
        "subject": str(case),
        "status": case.status,
        "kind": case.kind,
        "owner": case.assignee.name if case.assignee else None,
        "channel_words": channel_words(case.channel),
        "opened_at": case.opened_at,
        "public": False,
        "unverified": case.unverified,
        "seems_to_be": case.seems_to_be_id,
        "customer": {
            "name": str(case.customer),
            "href": page_of(ref("customer", case.customer.root_pk)),
            "since": case.customer.met_at,
            "cases": Case.objects.filter(customer_id__in=ids).count(),
        },
    }


def _live_first(owed: list[Promise]) -> list[Promise]:
    return sorted(owed, key=lambda promise: (not promise.is_owed and promise.state != "armed", promise.due is None))


def _beside(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.pk,
        "href": page_of(ref("promise", promise.pk)),
        "quote": promise.source_quote or None,
        "words": promise.what,
        "state": promise.state,
        "due": promise.due,
        "settled": bool(promise.done_at or promise.settled_at),
        "owner": promise.owner.name if promise.owner else None,
    }


def _messages(thread: list[Message], *, case: Case, owed: list[Promise]) -> list[dict[str, Any]]:
    deliveries = {
        letter.pk: letter
        for letter in Letter.objects.defer("raw").filter(
            pk__in=[number_of(m.source, "letter") for m in thread if m.source.startswith("letter:")]
        )
    }
    made: dict[str, list[dict[str, Any]]] = {}
    for promise in owed:
        made.setdefault(promise.source, []).append(_beside(promise))
    return [_said(message, case=case, deliveries=deliveries, made=made) for message in thread]


def _said(
    message: Message, *, case: Case, deliveries: dict[int, Letter], made: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    letter = deliveries.get(number_of(message.source, "letter")) if message.source.startswith("letter:") else None
    return {
        "id": message.pk,
        "way": WAYS[message.direction],
        "who": _who(message, case),
        "channel": message.channel,
        "at": message.at,
        "body": message.text or message.quoted,
        "original_href": reverse("cases:body", args=[message.pk]) if message.html else None,
        "attachments": [
            {
                "name": attachment.name,
                "size": filesizeformat(attachment.size),
                "href": reverse("cases:attachment", args=[attachment.pk]),
            }
            for attachment in message.attachments.all()
        ],
        "to": message.handle.address if message.handle and message.direction == "outbound" else None,
        "delivery": _delivery(letter),
        "reading": _read_words(message),
        "promises": told_apart(made.get(ref("message", message.pk), [])),
    }


def _who(message: Message, case: Case) -> str:
    if message.direction == Message.Direction.INBOUND:
        return case.customer.name or str(message.handle or case.customer)
    return message.staff.name if message.staff else company_name()


def _delivery(letter: Letter | None) -> dict[str, str] | None:
    if letter is None:
        return None
    words, tone = {
        LetterState.SENT: (_("Delivered"), "good"),
        LetterState.REFUSED: (_("Refused: %(reply)s") % {"reply": letter.last_reply or _("no reason given")}, "alarm"),
        LetterState.UNCLEAR: (_("Not known whether it arrived"), "warn"),
        LetterState.TAKEN_BACK: (_("Taken back"), ""),
    }.get(LetterState(letter.state), (_("On its way"), "calm"))
    if letter.bounced_at:
        words, tone = _("Came back: %(reason)s") % {"reason": letter.bounce_reason}, "alarm"
    return {"words": words, "tone": tone}


def _read_words(message: Message) -> list[dict[str, str]]:
    read = message.reading or {}
    feelings = {"anger": _("Angry"), "worry": _("Worried"), "sadness": _("Sad"), "thanks": _("Thankful")}
    causes = {
        "late": _("Late"),
        "never_delivered": _("Never delivered"),
        "poor_quality": _("Poor quality"),
        "not_as_described": _("Not as described"),
        "treated_poorly": _("Treated poorly"),
        "hidden_fee": _("Hidden fee"),
        "no_acknowledgement": _("No acknowledgement"),
        "safety_or_breach": _("Safety or breach"),
        "other": _("Another cause"),
    }
    words = []
    if read.get("feeling") in feelings:
        words.append({"words": feelings[read["feeling"]], "tone": "alarm" if read["feeling"] == "anger" else "calm"})
    if read.get("cause") in causes:
        words.append({"words": causes[read["cause"]], "tone": "warn"})
    return words


def _answers_of(draft: Reply | None) -> tuple[gate.Answer, ...]:
    """What was said of the promises in a reply before it was taken back or stopped."""
    return tuple(gate.Answer.from_plain(plain) for plain in draft.answers) if draft else ()


def _composer(
    case: Case,
    *,
    staff: Staff,
    text: str,
    note: Reply | None,
    said: Said,
    draft: Reply | None,
    hours: Hours,
    now: datetime,
) -> dict[str, Any]:
    rich = said.rich or (said.text is None and draft is not None and draft.rich)
    next_word = said.typed.get("next_word", "") or _next_word_of(said.answers or _answers_of(draft))
    offers = [
        {"value": offer.at.isoformat(), "words": spoken(offer.at, staff.zone)} for offer in three_dates(now, hours)
    ]
    chosen = local_time(next_word, staff.zone)
    if chosen and chosen > now and next_word not in [offer["value"] for offer in offers]:
        offers.append({"value": next_word, "words": spoken(chosen, staff.zone)})
    handle = address_of(case.customer_id)
    values = {"name": case.customer.name or _("there"), "case": case.pk, "me": staff.name}
    return {
        "draft": text,
        "note_draft": said.note if said.note is not None else (note.text if note else ""),
        "way": "out" if said.note is None else "note",
        "format": "rich" if rich else "plain",
        "to": handle.address if handle else _("no e-mail address: note a talk instead"),
        "templates": [
            {"name": template.name, "body": _filled(template.text, values)} for template in queries.templates()
        ],
        "next_word": {
            "value": next_word,
            "offers": offers,
        },
    }


def _next_word_of(answers: Sequence[gate.Answer]) -> str:
    """The next word that was promised beside the text, before the reply was taken back or stopped."""
    due = next((answer.due for answer in answers if answer.quote == _next_word_words() and answer.due), None)
    return due.isoformat() if due else ""


def _next_word_words() -> str:
    return _("You will hear from us")


def _filled(text: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _record_form(record: dict[str, Any] | None) -> dict[str, Any]:
    blank = {"errors": [], "quote": "", "due": "", "strength": Strength.PROMISE, "open": False}
    strengths = [(strength.value, strength_words(strength)) for strength in Strength]
    return {**blank, "strengths": strengths, **(record or {})}


def _undo(held: list[Reply], *, staff: Staff, now: datetime) -> dict[str, Any] | None:
    mine = next((reply for reply in held if reply.staff_id == staff.pk and reply.leaves_at), None)
    if mine is None or mine.leaves_at is None:
        return None
    seconds = max(1, round((mine.leaves_at - now).total_seconds()))
    return {"seconds": seconds, "words": _("Your answer leaves in a moment.")}


# Promises found while writing


def key_of(key: gate.Key) -> str:
    """A found promise's name in a form."""
    return f"{hashlib.sha256(key[0].encode()).hexdigest()[:12]}-{key[1]}"


def _found(
    text: str,
    *,
    staff: Staff,
    hours: Hours,
    now: datetime,
    answers: Sequence[gate.Answer] = (),
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The promises in *text* as `cases/_found.html` shows them, with what was chosen or typed about them before."""
    typed = typed or {}
    found = reading.read(text, at=now, hours=hours, direction=Direction.OUTBOUND).promises if text.strip() else ()
    given = {answer.key: answer for answer in answers}
    offers = three_dates(now, hours)
    shown = []
    for key, promise in gate.keyed(found):
        answer = given.get(key)
        asks = promise.due is None and not promise.condition
        chosen = typed.get(f"due-{key_of(key)}", "")
        own = typed.get(f"due-own-{key_of(key)}", "")
        word = _next_word(answer, offers[1].at, now=now)
        if answer and answer.due and not own and not chosen:
            only_word = answer.choice == gate.Choice.NEXT_WORD
            chosen = f"word:{answer.due.isoformat()}" if only_word else answer.due.isoformat()
        if not own and chosen not in {f"word:{word.isoformat()}", *(offer.at.isoformat() for offer in offers)}:
            own = field_time(answer.due if answer else None, staff.zone)
        shown.append(
            {
                "key": key_of(key),
                "quote": promise.quote,
                "words": promise.what,
                "due": promise.due.at if promise.due else None,
                "asks": asks,
                "condition": promise.condition or None,
                "strength": None if promise.strength == Strength.PROMISE else strength_words(promise.strength),
                "warning": _("This date can be read in two ways.") if promise.due and promise.due.ambiguous else None,
                "chosen": chosen,
                "own": own,
                "kept": answer is None or answer.choice != gate.Choice.NOT_A_PROMISE,
                "offers": [
                    *(
                        {"value": offer.at.isoformat(), "words": spoken(offer.at, staff.zone), "about": about}
                        for offer, about in zip(offers, (_("soon"), _("comfortable"), _("safe")), strict=True)
                    ),
                    {
                        "value": f"word:{word.isoformat()}",
                        "words": spoken(word, staff.zone),
                        "about": _("only the next word, by"),
                    },
                ]
                if asks
                else [],
            }
        )
    return {"found": told_apart(shown), "checks": []}


def _next_word(answer: gate.Answer | None, offered: datetime, *, now: datetime) -> datetime:
    """By when only the next word is offered: as it was chosen before, if that still lies ahead."""
    if answer and answer.choice == gate.Choice.NEXT_WORD and answer.due and answer.due > now:
        return answer.due
    return offered


def answers_in(request: HttpRequest, text: str, *, case: Case, staff: Staff, now: datetime) -> list[gate.Answer]:
    """What the writer said of each promise found in *text*; those left alone are not in it."""
    hours = hours_of(case.team_id or staff.team_id)
    found = reading.read(text, at=now, hours=hours, direction=Direction.OUTBOUND).promises
    answers = []
    for key, promise in gate.keyed(found):
        name = key_of(key)
        if f"quote-{name}" not in request.POST:
            continue
        if answer := _answer(request, name, key=key, promise=promise, zone=staff.zone):
            answers.append(answer)
    next_word = local_time(request.POST.get("next_word", ""), staff.zone)
    if next_word:
        what = _next_word_words()
        answers.append(gate.Answer(quote=what, choice=gate.Choice.NEXT_WORD, what=what, due=next_word))
    return answers


def _answer(
    request: HttpRequest, name: str, *, key: gate.Key, promise: reading.FoundPromise, zone: str
) -> gate.Answer | None:
    if not request.POST.get(f"keep-{name}"):
        return gate.Answer(quote=key[0], nth=key[1], choice=gate.Choice.NOT_A_PROMISE, what=promise.what)
    chosen = request.POST.get(f"due-{name}", "")
    due = local_time(request.POST.get(f"due-own-{name}", "") or chosen.removeprefix("word:"), zone)
    if due is None:
        return None  # the sentence's own date or condition counts; the gate asks where it has neither
    choice = gate.Choice.NEXT_WORD if chosen.startswith("word:") else gate.Choice.PROMISE
    return gate.Answer(quote=key[0], nth=key[1], choice=choice, what=promise.what, due=due)


def why_words(objection: gate.Objection) -> str:
    return {
        gate.Why.UNANSWERED: _("“%(quote)s” is a promise without a date. Give it one, or say that it is none."),
        gate.Why.NO_DATE: _("“%(quote)s” needs a date."),
        gate.Why.PASSED: _("The date of “%(quote)s” has passed already."),
        gate.Why.NO_ONE_THERE: _("“%(quote)s” falls due before anybody is at work again."),
    }[objection.why] % {"quote": objection.quote}


@require_POST
@staff_door(May.ANSWER)
def read(request: HttpRequest, number: int) -> HttpResponse:
    """The promises in the words being written."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    now = timezone.now()
    hours = hours_of(case.team_id or staff.team_id)
    values = _found(typed(request.POST, "body"), staff=staff, hours=hours, now=now)
    return render(request, "cases/_found.html", {**values, "now": now, "zone": staff.zone})


@require_POST
@staff_door(May.ANSWER)
def draft(request: HttpRequest, number: int) -> HttpResponse:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    is_note = request.POST.get("way") == "note"
    actions.save_draft(case, staff=staff, text=typed(request.POST, "body"), is_note=is_note, now=timezone.now())
    return JsonResponse({"kept": True})


@require_POST
@staff_door(May.ANSWER)
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Send an answer: through the gate, then held for a few seconds."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    text, now = typed(request.POST, "body"), timezone.now()
    seen = request.POST.get("last_message", "")
    rich = request.POST.get("format") == "rich"
    answers = answers_in(request, text, case=case, staff=staff, now=now)
    status_after = Case.Status.RESOLVED if request.POST.get("resolve") else Case.Status.WAITING
    errors: list[dict[str, str]] = []
    try:
        actions.send_reply(
            case,
            staff=staff,
            text=text,
            answers=answers,
            rich=rich,
            seen_message=int(seen[:18]) if seen.isdecimal() else None,
            status_after=status_after,
            now=now,
        )
    except actions.GateShut as shut:
        errors = [{"id": "reply-body", "words": why_words(objection)} for objection in shut.objections]
        stopped = _("A promise in it needs a date.")
    except actions.SomethingNew:
        stopped = _("Something new arrived while you were writing. Read it, then send.")
    except actions.NothingWritten:
        stopped = _("There is nothing written yet.")
    except actions.NoAddress:
        stopped = _("This customer has no e-mail address. Note a talk instead.")
    else:
        return redirect("cases:case", case.pk)
    actions.save_draft(case, staff=staff, text=text, now=now)
    said = Said(
        text=text, stopped=stopped, errors=tuple(errors), answers=tuple(answers), rich=rich, typed=request.POST.dict()
    )
    return _page(request, case, said=said, status=422)


@require_POST
@staff_door(May.ANSWER)
def undo(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """Take the held answer back; it becomes the draft again."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    mine = [held for held in queries.held_in(case) if held.staff_id == staff.pk]
    if sum(actions.take_back(held, now=timezone.now()) for held in mine):
        messages.success(request, _("Taken back. Your words are in the draft."))
    else:
        messages.info(request, _("It has left already."))
    return redirect(f"{reverse('cases:case', args=[case.pk])}#reply")


@require_POST
@staff_door(May.ANSWER)
def note(request: HttpRequest, number: int) -> HttpResponse:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    try:
        actions.write_note(case, staff=staff, text=typed(request.POST, "body"), now=timezone.now())
    except actions.NothingWritten:
        errors = ({"id": "note-body", "words": _("There is nothing written yet.")},)
        return _page(request, case, said=Said(note="", errors=errors), status=422)
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def assign(request: HttpRequest, number: int) -> HttpResponseRedirect:
    case = queries.case_for(staff_of(request), number)
    chosen = request.POST.get("owner", "")
    assignee = next((person for person in owner_choices() if str(person.pk) == chosen), None)
    if chosen and assignee is None:
        messages.info(request, _("Nobody by that name answers customers here."))
        return redirect("cases:case", case.pk)
    actions.assign(case, assignee=assignee, by=staff_of(request), now=timezone.now())
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def status(request: HttpRequest, number: int) -> HttpResponseRedirect:
    case = queries.case_for(staff_of(request), number)
    chosen = request.POST.get("status", "")
    if chosen in Case.Status.values:
        actions.set_status(case, status=chosen, by=staff_of(request), now=timezone.now())
        owed = Promise.objects.filter(about=ref("case", case.pk), done_at=None, state__in=["open", "moved", "late"])
        if chosen == Case.Status.RESOLVED and owed.exists():
            messages.info(request, _("Resolved. What was promised in it is still owed, and stays on Today."))
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def kind(request: HttpRequest, number: int) -> HttpResponseRedirect:
    case = queries.case_for(staff_of(request), number)
    if request.POST.get("kind") in Case.Kind.values:
        actions.set_kind(case, kind=request.POST["kind"], by=staff_of(request), now=timezone.now())
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def verify(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """Staff say that the sender is who the mail says."""
    case = queries.case_for(staff_of(request), number)
    if actions.accept_sender(case, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Noted: it is the customer, who sees this case from now on."))
    return redirect("cases:case", case.pk)


@require_POST
@staff_door(May.ANSWER)
def promise(request: HttpRequest, number: int) -> HttpResponse:
    """Record a promise by hand."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    now = timezone.now()
    written = {name: typed(request.POST, name) for name in ("quote", "due", "strength")}
    due = local_time(written["due"], staff.zone)
    errors = []
    if not written["quote"].strip():
        errors.append({"id": "record_quote", "words": _("Write what was promised.")})
    if due is None:
        errors.append({"id": "record_due", "words": _("Give it a date.")})
    elif due <= now:
        errors.append({"id": "record_due", "words": _("That date has passed already.")})
    if errors:
        return _page(request, case, said=Said(record={**written, "errors": errors, "open": True}), status=422)
    strength = Strength(written["strength"]) if written["strength"] in set(Strength) else Strength.PROMISE
    promises.record(
        customer=case.customer,
        what=written["quote"].strip(),
        quote=written["quote"].strip(),
        due=due,
        said_at=now,
        now=now,
        owner=staff,
        team_id=case.team_id or staff.team_id,
        strength=strength,
        about=ref("case", case.pk),
    )
    messages.success(request, _("On record, with its date."))
    return redirect("cases:case", case.pk)


# What came with a message


@staff_door(May.READ)
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail's own HTML, cleaned when it came in; under a policy that runs nothing and loads nothing."""
    message = queries.message_for(staff_of(request), pk)
    if not message.html:
        raise Http404
    page = f'<!DOCTYPE html><meta charset="utf-8"><title>-</title><style>{BODY_STYLE}</style>{message.html}'
    response = HttpResponse(page)
    response["Content-Security-Policy"] = BODY_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_exempt = True  # type: ignore[attr-defined] # this page brings its own, stricter policy
    return response


BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'"
)
BODY_STYLE = "body{font:15px/1.5 system-ui,sans-serif;margin:1rem;background:#fff;color:#111;overflow-wrap:anywhere}"


@staff_door(May.READ)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    return download(queries.attachment_for(staff_of(request), pk))


# A talk, or a new case


@staff_door(May.ANSWER)
def new(request: HttpRequest) -> HttpResponse:
    """Note a talk on the phone or face to face, with what was promised in it."""
    staff, now = staff_of(request), timezone.now()
    form = {name: typed(request.POST, name).strip() for name in TALK_FIELDS}
    if request.method != "POST":
        form |= {"channel": "phone", "talked_at": field_time(now, staff.zone), "kind": "enquiry"}
        form |= {name: typed(request.GET, name) for name in ("customer", "handle")}
        return _talk_page(request, form, errors=[])
    errors, talked = [], None
    try:
        talked = _talked(form, now=now)
    except NotAnAddress:
        errors.append({"id": "id_handle", "words": _("This is no address or number.")})
    if not form["customer"]:
        errors.append({"id": "id_customer", "words": _("Say who it was.")})
    if not form["subject"]:
        errors.append({"id": "id_subject", "words": _("Say in a few words what it was about.")})
    if not form["body"]:
        errors.append({"id": "id_body", "words": _("Write down what was said.")})
    at = local_time(form["talked_at"], staff.zone) or now
    if at > now + timedelta(minutes=5):
        errors.append({"id": "id_talked_at", "words": _("The talk lies in the future.")})
    due = local_time(form["promise_due"], staff.zone)
    if form["promise"] and (due is None or due <= now):
        errors.append({"id": "id_promise_due", "words": _("Give the promise a date that lies ahead.")})
    if errors or talked is None:
        return _talk_page(request, form, errors=errors, status=422)
    message = actions.open_by_talk(
        talked,
        staff=staff,
        channel=form["channel"] if form["channel"] in {"phone", "talk"} else "talk",
        subject=form["subject"],
        text=form["body"],
        kind=form["kind"] if form["kind"] in Case.Kind.values else Case.Kind.ENQUIRY,
        promised=form["promise"],
        due=due,
        at=min(at, now),
        now=now,
    )
    return redirect("cases:case", message.case_id)


TALK_FIELDS = (
    "customer", "handle", "channel", "subject", "body", "talked_at", "kind", "promise", "promise_due",
)  # fmt: skip


def _talked(form: dict[str, str], *, now: datetime) -> actions.Talked:
    """Who it was: by address or number where one was given, else by the name alone; raises NotAnAddress."""
    address, kind = form["handle"], Handle.Kind.EMAIL
    if not address:
        address, kind = f"{form['customer']} ({now:%Y-%m-%d %H:%M:%S})", Handle.Kind.SOCIAL
    elif known := Handle.objects.filter(address__iexact=address).order_by("pk").first():
        address, kind = known.address, Handle.Kind(known.kind)
    elif "@" in address:
        email_address(address)
    elif any(character.isdigit() for character in address):
        kind = Handle.Kind.PHONE
    else:
        raise NotAnAddress("A number holds digits.")
    return actions.Talked(name=form["customer"], kind=kind, address=address)


def _talk_page(
    request: HttpRequest, form: dict[str, str], *, errors: list[dict[str, str]], status: int = 200
) -> HttpResponse:
    wrong = {f"{error['id'].removeprefix('id_')}_error": error["words"] for error in errors}
    values = desk_values(
        request,
        errors=errors,
        form={**form, **wrong},
        channels=[("phone", _("On the phone")), ("talk", _("Face to face"))],
        kinds=kind_choices(),
        customers=[],
    )
    return render(request, "cases/new.html", values, status=status)

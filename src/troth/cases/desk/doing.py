"""Everything done on the page of a case."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import actions, queries, ways
from troth.cases.checking import matter_of
from troth.cases.desk import formal
from troth.cases.desk.composer import Said, answers_in, found_in
from troth.cases.desk.elsewhere import elsewhere_told, elsewhere_words
from troth.cases.desk.files import no_room_words
from troth.cases.desk.page import show
from troth.cases.formal import profile_of
from troth.cases.models import Case
from troth.cases.rules import gate
from troth.cases.sayings import why_words
from troth.people.doors import staff_door
from troth.people.pressed import pressed_once
from troth.people.queries import NobodyLeft, hours_of, owner_choices
from troth.people.rules.roles import May
from troth.people.shell import local_time, staff_of, typed
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words.causes import Cause
from troth.words.formal import Without
from troth.words.promises import Strength
from troth.words.refs import ref


@require_POST
@staff_door(May.ANSWER)
def read(request: HttpRequest, number: int) -> HttpResponse:
    """The promises in the words being written, and how they stand with what the case asks of an answer."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    now = timezone.now()
    hours = hours_of(case.team_id or staff.team_id)
    ways.writing(case)
    values = found_in(
        typed(request.POST, "body"),
        staff=staff,
        hours=hours,
        matter=matter_of(case, staff=staff, hours=hours, now=now),
        dismissed=queries.dismissed_in(case, staff),
        now=now,
    )
    if chosen := formal.chosen_in(request.POST.dict()):
        values["formal_letter"] = formal.letter_values(
            typed(request.POST, "body"),
            chosen,
            profile=profile_of(case),
            enclosed=queries.waiting_names(case, staff),
            hours=hours,
            now=now,
        )
    return render(request, "cases/_found.html", {**values, "now": now, "zone": staff.zone})


@require_POST
@staff_door(May.ANSWER)
def draft(request: HttpRequest, number: int) -> HttpResponse:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    is_note = request.POST.get("way") == "note"
    text, now = typed(request.POST, "body"), timezone.now()
    try:
        actions.save_draft(case, staff=staff, text=text, is_note=is_note, over=_over(request), now=now)
    except NobodyLeft:
        return JsonResponse({"kept": False}, status=409)
    except actions.WrittenElsewhere as elsewhere:
        return JsonResponse(
            {"kept": False, "elsewhere": elsewhere_told(elsewhere.draft, staff=staff, now=now)}, status=409
        )
    return JsonResponse({"kept": True, "words": elsewhere_words(now, staff=staff, now=now)})


def _over(request: HttpRequest) -> list[str] | None:
    """The words that the page it comes from knows to be kept; None where it says nothing of them."""
    if "over" not in request.POST:
        return None
    return [words.replace("\x00", "").replace("\r\n", "\n") for words in request.POST.getlist("over")[:20]]


@require_POST
@staff_door(May.ANSWER)
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Send an answer: through the gate, then held for a few seconds."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    text, now = typed(request.POST, "body"), timezone.now()
    seen, seen_answer = request.POST.get("last_message", ""), request.POST.get("last_answer", "")
    rich = request.POST.get("format") == "rich"
    answers = answers_in(request, text, case=case, staff=staff, now=now)
    status_after = Case.Status.RESOLVED if request.POST.get("resolve") else Case.Status.WAITING
    errors: list[dict[str, str]] = []
    theirs: dict[str, str] | None = None
    over, elsewhere = _over(request), None
    try:
        actions.send_reply(
            case,
            staff=staff,
            text=text,
            answers=answers,
            rich=rich,
            files=[int(pk) for pk in request.POST.getlist("files")[:100] if pk.isdecimal() and len(pk) < 19],
            seen_message=int(seen[:18]) if seen.isdecimal() else None,
            seen_reply=int(seen_answer[:18]) if seen_answer.isdecimal() else None,
            over=over,
            status_after=status_after,
            formal=formal.chosen_in(request.POST.dict()),
            now=now,
        )
    except NobodyLeft:
        return _refused(request, case, text)
    except actions.GateShut as shut:
        errors = [{"id": "reply-body", "words": why_words(objection)} for objection in shut.objections]
        stopped = _stopped_words(shut)
    except actions.WrittenElsewhere as other:
        elsewhere, stopped = other.draft, _("You went on writing this elsewhere. Choose which words count, then send.")
    except actions.AnsweredMeanwhile as answered:
        theirs = {"who": answered.reply.staff.name, "words": answered.reply.text}
        stopped = _("%(who)s answered while you were writing. Read it, then send if yours is still needed.") % theirs
    except actions.SomethingNew:
        stopped = _("Something new arrived while you were writing. Read it, then send.")
    except actions.NothingWritten:
        stopped = _("There is nothing written yet.")
    except actions.FileGone:
        stopped = _("A file that was to go with it was taken out elsewhere. These are the files that are in now.")
    except actions.NoRoom:
        stopped = no_room_words()
    except actions.NoFilesInTalk:
        stopped = _(
            "The customer is in a talk just now, which carries words only. Leave the files out, or send them later."
        )
    except actions.PointsMissing:
        stopped = _(
            "It does not say all that the rules ask for. Say it, tick what it says, or choose why it leaves without."
        )
    except actions.NoFinalResponse:
        stopped = _("This complaint is owed a final response. Choose that this is it, or say why it ends without.")
    except actions.TooLateForSummary:
        stopped = _("Its third business day is over: a summary cannot end it any more. Send a final response.")
    except actions.NotAsked:
        stopped = _("No rules that ask for such a letter hold for this case any more. Send it as an answer.")
    except actions.NoAddress:
        stopped = _("This customer has no e-mail address. Note a talk instead.")
    else:
        return _next(request, after=case.pk) if request.POST.get("then") == "next" else redirect("cases:case", case.pk)
    if elsewhere is None:
        with suppress(actions.WrittenElsewhere):  # what is kept stays; what was typed here stands in the page
            actions.save_draft(case, staff=staff, text=text, over=over, now=now)
    said = Said(
        text=text,
        elsewhere=elsewhere,
        stopped=stopped,
        errors=tuple(errors),
        answers=tuple(answers),
        rich=rich,
        typed=request.POST.dict(),
        theirs=theirs,
    )
    return show(request, case, said=said, status=422)


def _stopped_words(shut: actions.GateShut) -> str:
    if any(objection.why is gate.Why.BLANK for objection in shut.objections):
        return _("A place in it is still to be filled in.")
    if any(objection.why is gate.Why.UNCONFIRMED for objection in shut.objections):
        return _("A machine wrote a promise in it. Say whether it is right.")
    return _("A promise in it needs a date.")


@staff_door(May.ANSWER)
def next_case(request: HttpRequest) -> HttpResponse:
    """The next case that waits for an answer."""
    after = request.GET.get("after", "")
    return _next(request, after=int(after[:18]) if after.isdecimal() else 0)


def _next(request: HttpRequest, *, after: int) -> HttpResponse:
    found = queries.next_unanswered(staff_of(request), after=after, now=timezone.now())
    if found:
        return redirect("cases:case", found)
    messages.success(request, _("No other case waits for an answer from you."))
    # The case just answered, where the answer can still be taken back.
    return redirect("cases:case", after) if after else redirect("desk:today")


def _refused(request: HttpRequest, case: Case, text: str) -> HttpResponse:
    """Their page says that they were erased, and shows what was typed, for nothing of it is kept."""
    return show(request, case, said=Said(refused=text), status=409)


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
@pressed_once
def note(request: HttpRequest, number: int) -> HttpResponse:
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    text = typed(request.POST, "body")
    try:
        actions.write_note(case, staff=staff, text=text, over=_over(request), now=timezone.now())
    except NobodyLeft:
        return _refused(request, case, text)
    except actions.WrittenElsewhere as other:
        stopped = _("You went on writing this elsewhere. Choose which words count, then keep the note.")
        return show(request, case, said=Said(note=text, stopped=stopped, elsewhere=other.draft), status=422)
    except actions.NothingWritten:
        errors = ({"id": "note-body", "words": _("There is nothing written yet.")},)
        return show(request, case, said=Said(note="", errors=errors), status=422)
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
def status(request: HttpRequest, number: int) -> HttpResponse:
    case = queries.case_for(staff_of(request), number)
    chosen = request.POST.get("status", "")
    without = request.POST.get("without", "")
    if chosen in Case.Status.values:
        try:
            actions.set_status(
                case,
                status=chosen,
                without=Without(without) if without in set(Without) else None,
                by=staff_of(request),
                now=timezone.now(),
            )
        except actions.NoFinalResponse:
            return show(request, case, said=Said(ends_without=True), status=422)
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
def cause(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """What the trouble is; whether it is the same again is looked at anew."""
    case = queries.case_for(staff_of(request), number)
    chosen = request.POST.get("cause", "")
    if chosen in {"", *Cause}:
        actions.set_cause(case, cause=chosen, by=staff_of(request), now=timezone.now())
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
@pressed_once
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
        return show(request, case, said=Said(record={**written, "errors": errors, "open": True}), status=422)
    strength = Strength(written["strength"]) if written["strength"] in set(Strength) else Strength.PROMISE
    try:
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
    except NobodyLeft:
        return _refused(request, case, written["quote"])
    messages.success(request, _("On record, with its date."))
    return redirect("cases:case", case.pk)

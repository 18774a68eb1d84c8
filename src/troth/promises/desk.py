"""Promises for staff: the list with its rates, one promise with its history, and what can be done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.cache import caches
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import hours_of, sight_of, staff_choices, teams, within_sight
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.promises import actions, queries
from troth.promises.history import history
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.promises.rules.due import MOVES_MAX
from troth.promises.rules.rates import Tally
from troth.promises.sayings import percent, strength_words, told_apart
from troth.reading.offer import three_dates
from troth.words.promises import MissReason, State, Strength
from troth.words.refs import NotAReference, number_of, ref

PAGE = 50
SPANS = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=90)}


def reason_choices() -> list[tuple[str, str]]:
    named = {
        MissReason.OVER_PROMISED: _("We promised too much"),
        MissReason.WAITED: _("We waited for somebody else"),
        MissReason.FORGOT: _("We forgot"),
        MissReason.NO_CAPACITY: _("Too few hands"),
        MissReason.SUPPLIER: _("A supplier"),
        MissReason.UNFORESEEN: _("Something unforeseen"),
        MissReason.OTHER: _("Something else"),
    }
    return [(reason.value, words) for reason, words in named.items()]


def shown(promise: Promise) -> dict[str, Any]:
    """A promise as the rows of a list show it."""
    return {
        "id": promise.pk,
        "href": page_of(ref("promise", promise.pk)),
        "quote": promise.source_quote or None,
        "words": promise.what,
        "customer": str(promise.customer) if promise.customer else _("The public"),
        "due": promise.due,
        "state": promise.state,
        "settled": bool(promise.done_at or promise.settled_at),
        "owner": promise.owner.name if promise.owner else None,
        "moves": promise.moves,
        "strength": "" if promise.strength == Strength.PROMISE else strength_words(promise.strength),
        "reasons": reasons(promise),
    }


def reasons(promise: Promise) -> list[dict[str, str]]:
    if not promise.is_owed:
        return []
    found = []
    if promise.escalated_at:
        found.append({"kind": "escalated"})
    elif promise.warned_at:
        found.append({"kind": "warned"})
    if promise.telling_at:
        found.append({"kind": "told", "words": _("Customer told")})
    return found


def figures(tally: Tally, *, window: str) -> list[dict[str, Any]]:
    """The rates, each with its n and window."""
    named = [
        (_("Kept"), tally.kept, "kept"),
        (_("Moved in time"), tally.moved, "moved"),
        (_("Late"), tally.late, "late"),
        (_("Broken"), tally.broken, "broken"),
    ]
    rates = [
        {"name": name, "value": percent(tally.share(count)), "n": tally.decided, "window": window, "state": state}
        for name, count, state in named
    ]
    tone = "alarm" if tally.surprise_rate else None
    return [
        *rates,
        {
            "name": _("Surprise rate"),
            "value": percent(tally.surprise_rate),
            "n": tally.decided,
            "window": window,
            "tone": tone,
        },
    ]


def method() -> str:
    return _(
        "Judged against the first date given. Kept: done by it. Moved: told in time, with a new date. Late: the date passed"
        " first. Broken: not done, or moved a third time. Surprise: late or broken, and the customer had not been told before."
    )


@staff_door(May.READ)
def promises_list(request: HttpRequest) -> HttpResponse:
    """Promises by filter, the newest date first, with the rates of the same choice above them."""
    now = timezone.now()
    chosen = {name: typed(request.GET, name) for name in ("state", "owner", "team", "due", "made", "search")}
    only = within_sight(staff_of(request)) & _only(staff_of(request), chosen, now=now)
    rows = list(
        Promise.objects.filter(only, _state(chosen["state"]), _older_than(request.GET.get("older", "")))
        .select_related("customer", "owner")
        .only(*SHOWN)
        .order_by("-made_at", "-pk")[: PAGE + 1]
    )
    tally = _tally(staff_of(request), chosen, only=only, now=now)
    values = desk_values(
        request,
        now=now,
        figures=figures(tally, window=_("last 90 days")),
        method=method(),
        states=_state_chips(chosen),
        filters=chosen,
        filtered=any(chosen.values()),
        owners=[("", _("Anyone")), ("none", _("Nobody yet")), *((s.pk, s.name) for s in staff_choices())],
        teams=[("", _("Any team")), *((team.pk, team.name) for team in teams())],
        dues=[
            ("", _("Any time")),
            ("past", _("In the past")),
            ("week", _("Within a week")),
            ("month", _("Within 30 days")),
        ],
        mades=[
            ("", _("Any time")),
            ("week", _("In the last week")),
            ("month", _("In the last 30 days")),
            ("quarter", _("In the last 90 days")),
        ],
        promises=told_apart([shown(promise) for promise in rows[:PAGE]]),
        pages=_pages(request, rows, chosen),
    )
    return render(request, "promises/list.html", values)


#: What a row shows; `shown` reads nothing else.
SHOWN = (
    "source_quote", "what", "due", "state", "done_at", "settled_at", "moves", "strength", "warned_at", "escalated_at", "telling_at",
    "made_at", "customer__name", "customer__erased_at", "owner__name",
)  # fmt: skip


def _tally(staff: Staff, chosen: dict[str, str], *, only: Q, now: datetime) -> Tally:
    """The rates of what was chosen, a minute old at most: they move slowly and are dear to count. The state plays no part."""
    chosen_but_state = {**chosen, "state": ""}
    key = f"promises.tally.{sha256(repr((sight_of(staff), chosen_but_state)).encode()).hexdigest()}"
    found: Tally | None = caches["process"].get(key)
    if found is None:
        found = queries.tally(queries.Window(since=now - SPANS["quarter"], until=now), now=now, only=only)
        caches["process"].set(key, found, 60)
    return found


#: What finds promises by their words, and customers by their names; it stands above this room and is looked up late.
FINDER = "troth.search.queries.promised"


def _only(staff: Staff, chosen: dict[str, str], *, now: datetime) -> Q:
    only = Q()
    if chosen["owner"] == "none":
        only &= Q(owner=None)
    elif chosen["owner"].isdecimal():
        only &= Q(owner_id=int(chosen["owner"][:18]))
    if chosen["team"].isdecimal():
        only &= Q(team_id=int(chosen["team"][:18]))
    if chosen["due"] == "past":
        only &= Q(due__lt=now)
    elif chosen["due"] in SPANS:
        only &= Q(due__gte=now, due__lt=now + SPANS[chosen["due"]])
    if chosen["made"] in SPANS:
        only &= Q(made_at__gte=now - SPANS[chosen["made"]])
    if search := chosen["search"].strip():
        held, whose = import_string(FINDER)(staff, search, now=now)
        only &= Q(pk__in=held) | Q(customer__in=whose)
    return only


def _state(state: str) -> Q:
    return Q(state=state) if state in set(State) else Q()


def _older_than(mark: str) -> Q:
    """Keyset paging: what was made before the last row shown."""
    at, _sep, number = mark.partition("~")
    made_at = local_time(at, "UTC")
    if made_at is None or not number.isdecimal():
        return Q()
    return Q(made_at__lt=made_at) | Q(made_at=made_at, pk__lt=int(number[:18]))


def _pages(request: HttpRequest, rows: list[Promise], chosen: dict[str, str]) -> dict[str, Any] | None:
    older = len(rows) > PAGE
    paged = bool(request.GET.get("older"))
    if not older and not paged:
        return None
    kept = {name: value for name, value in chosen.items() if value}
    page = reverse("promises:list")
    last = rows[PAGE - 1] if older else None
    return {
        "words": "",
        "newer": f"{page}?{urlencode(kept)}" if paged else None,
        "older": f"{page}?{urlencode({**kept, 'older': f'{last.made_at.isoformat()}~{last.pk}'})}" if last else None,
    }


def _state_chips(chosen: dict[str, str]) -> list[dict[str, Any]]:
    page = reverse("promises:list")
    rest = {name: value for name, value in chosen.items() if value and name != "state"}
    named = [
        ("", _("All")),
        ("open", _("Open")),
        ("armed", _("Armed")),
        ("kept", _("Kept")),
        ("moved", _("Moved")),
        ("late", _("Late")),
        ("broken", _("Broken")),
        ("proposed", _("Proposed")),
        ("released", _("Released")),
        ("void", _("Void")),
    ]
    return [
        {
            "words": words,
            "href": f"{page}?{urlencode({**rest, **({'state': state} if state else {})})}",
            "here": chosen["state"] == state,
            "state": state or None,
        }
        for state, words in named
    ]


@staff_door(May.READ)
def promise_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, queries.promise_for(staff_of(request), pk))


def _page(request: HttpRequest, promise: Promise, *, status: int = 200, **said: dict[str, Any]) -> HttpResponse:
    """The page of one promise, with what was typed into a form that was refused."""
    now = timezone.now()
    staff = staff_of(request)
    forms: dict[str, Any] = {
        "move": {
            "errors": [],
            "due": "",
            "offer": "",
            "words": _move_words(),
            "reason": "",
            "reasons": [("", _("No reason given")), *reason_choices()],
            "offers": _offers(promise, now=now, zone=staff.zone),
            "third": promise.moves + 1 >= MOVES_MAX and promise.state != State.LATE,
            "open": False,
        },
        "open_up": {
            "errors": [],
            "due": "",
            **_opening(promise, now=now, zone=staff.zone),
            "armed": promise.state == State.ARMED,
            "open": False,
        },
        "void": {"errors": [], "reason": "", "open": False},
        "release": {"errors": [], "words": "", "open": False},
    }
    for name, values in said.items():
        forms[name].update(values)
    values = desk_values(
        request,
        now=now,
        p=_whole(promise, zone=staff.zone),
        source=_source(promise),
        events=history(ref("promise", promise.pk), zone=staff.zone),
        can=_can(promise, may_lead=staff.may(May.LEAD), may_answer=staff.may(May.ANSWER)),
        **forms,
    )
    values["p"]["mine"] = promise.owner_id == staff.pk
    return render(request, "promises/promise.html", values, status=status)


def _whole(promise: Promise, *, zone: str) -> dict[str, Any]:
    customer = promise.customer
    reasons_said = dict(reason_choices())
    return {
        **shown(promise),
        "first_due": promise.first_due,
        "strength": strength_words(promise.strength),
        "made_at": promise.made_at,
        "made_by": promise.owner.name if promise.owner else _("us"),
        "team": promise.team.name if promise.team else None,
        "condition": promise.condition or None,
        "calendar": promise.zone.replace("_", " "),
        "told_by": promise.told_by if promise.is_owed and promise.state != State.LATE else None,
        "notice": _("Words that arrive by then let a new date count as moved."),
        "miss_reason": reasons_said.get(promise.miss_reason) or promise.reason or None,
        "customer": {
            "name": str(customer) if customer else _("The public"),
            "href": page_of(ref("customer", customer.root_pk)) if customer else reverse("promises:list"),
        },
        "case": _case(promise),
    }


def _case(promise: Promise) -> dict[str, Any] | None:
    try:
        number = number_of(promise.about, "case")
    except NotAReference:
        return None
    return {"number": number, "href": page_of(promise.about)}


def _source(promise: Promise) -> dict[str, Any] | None:
    href = page_of(promise.source)
    if not href or not promise.source_quote:
        return None
    return {
        "before": "",
        "marked": promise.source_quote,
        "after": "",
        "href": href,
        "at": promise.said_at,
        "who": promise.owner.name if promise.owner else _("ours"),
    }


def _can(promise: Promise, *, may_answer: bool, may_lead: bool) -> list[str]:
    if not may_answer or promise.done_at or promise.settled_at:
        return []
    waits = promise.state in {State.ARMED, State.PROPOSED}
    can = ["own", "release"]
    can += ["confirm"] if waits else ["keep", "move"]
    return [*can, "void"] if may_lead or promise.state == State.PROPOSED else can


def _offers(promise: Promise, *, now: datetime, zone: str) -> list[dict[str, str]]:
    """Dates to give with one key: later than the one they replace."""
    since = max(now, promise.due or now)
    offered = three_dates(since, hours_of(promise.team_id))
    return [_offer(offer.at, zone) for offer in offered if offer.at > since]


def _opening(promise: Promise, *, now: datetime, zone: str) -> dict[str, Any]:
    """By when it is owed from now on: its own date, chosen already, where it has one ahead, and three that can be kept."""
    if promise.state not in {State.ARMED, State.PROPOSED}:
        return {"offers": [], "offer": ""}
    own = [promise.due] if promise.due and promise.due > now else []
    offered = [offer.at for offer in three_dates(now, hours_of(promise.team_id))]
    offers = [_offer(at, zone) for at in [*own, *(at for at in offered if at not in own)]]
    return {"offers": offers, "offer": offers[0]["value"] if own else ""}


def _offer(at: datetime, zone: str) -> dict[str, str]:
    return {"value": at.isoformat(), "words": spoken(at, zone)}


def _move_words() -> str:
    """How the letter begins; the writer finishes the sentence."""
    return _("We know you counted on it. What held us up: ")


# What can be done


def _back(promise: Promise) -> HttpResponseRedirect:
    return redirect("promises:promise", promise.pk)


@require_POST
@staff_door(May.ANSWER)
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    if actions.keep(promise, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Done. It stands in the record."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new date and tell the customer."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    written = {name: typed(request.POST, name) for name in ("due", "offer", "reason", "words")}
    to = local_time(written["due"] or written["offer"], staff.zone)
    wrong = "move_due"
    if to is None:
        error = _("Choose the new date.")
    elif written["words"].strip() in {"", _move_words().strip()}:
        wrong, error = "move_words", _("Tell the customer what held us up.")
    else:
        reason = written["reason"] if written["reason"] in set(MissReason) else ""
        try:
            actions.move(promise, to=to, words=written["words"], reason=reason, by=staff, now=timezone.now())
        except actions.NothingOwed:
            messages.info(request, _("It was settled already."))
            return _back(promise)
        except actions.SomeoneWasQuicker:
            error = _("Somebody gave another date meanwhile. Look again, then choose.")
        except actions.DateAlreadyPassed:
            error = _("The new date must lie ahead, and be later than the one it replaces.")
        else:
            promise.refresh_from_db()
            if promise.state == State.BROKEN:
                words = _("Moved a third time, so it counts as broken; the new date is a promise of its own.")
                messages.info(request, f"{words} {_('The letter to the customer is on its way.')}")
            else:
                messages.success(request, _("Moved. The letter to the customer is on its way."))
            return _back(promise)
    said = {**written, "errors": [{"id": wrong, "words": error}], "open": True}
    return _page(request, promise, status=422, move=said)


@require_POST
@staff_door(May.ANSWER)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    words = typed(request.POST, "words").strip()
    if not words:
        error = [{"id": "release_words", "words": _("Write down how they said it.")}]
        return _page(request, promise, status=422, release={"errors": error, "open": True})
    if actions.release(promise, reason=words, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Released."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Found ones anybody may set aside; a promise on record takes a lead."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    if "void" not in _can(promise, may_answer=True, may_lead=staff.may(May.LEAD)):
        messages.info(request, _("Only a lead can void a promise that is on record."))
        return _back(promise)
    reason = typed(request.POST, "reason").strip()
    if not reason:
        error = [{"id": "void_reason", "words": _("Say what the mistake was; it stays in the record.")}]
        return _page(request, promise, status=422, void={"errors": error, "open": True})
    if actions.void(promise, reason=reason, by=staff, now=timezone.now()):
        messages.success(request, _("Void, with your reason."))
    else:
        messages.info(request, _("It was settled already."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def own(request: HttpRequest, pk: int) -> HttpResponse:
    promise = queries.promise_for(staff_of(request), pk)
    actions.own(promise, owner=staff_of(request), by=staff_of(request), now=timezone.now())
    messages.success(request, _("It is yours."))
    return _back(promise)


@require_POST
@staff_door(May.ANSWER)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The condition came true, or a found promise is one: owed by the date that is chosen, never by one that nobody chose."""
    staff = staff_of(request)
    promise = queries.promise_for(staff, pk)
    written = {name: typed(request.POST, name) for name in ("due", "offer")}
    due = local_time(written["due"] or written["offer"], staff.zone)
    try:
        if due is None:
            error = _("Choose the date.")
        elif actions.open_up(promise, due=due, by=staff, now=timezone.now()):
            messages.success(request, _("Owed from now on, by %(due)s.") % {"due": spoken(due, staff.zone)})
            return _back(promise)
        else:
            messages.info(request, _("It was settled already."))
            return _back(promise)
    except actions.DateAlreadyPassed:
        error = _("That date has passed already.")
    said = {**written, "errors": [{"id": "open_due", "words": error}], "open": True}
    return _page(request, promise, status=422, open_up=said)

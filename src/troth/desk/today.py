"""Today: one list sorted by what must be said before when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.breaches.queries import NEAR, next_end, running
from troth.breaches.sayings import remaining
from troth.desk import queries
from troth.desk.called import Call
from troth.desk.rules.near import Nearness, nearness
from troth.hooks.queries import switched_off_by_themselves
from troth.incidents import spikes
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of
from troth.promises.letters import spoken
from troth.promises.rules.rates import Tally
from troth.promises.sayings import percent, told_apart
from troth.words import clocks
from troth.words.clocks import ANSWERS
from troth.words.promises import Sort
from troth.words.refs import NotAReference, number_of, ref

ANGRY = {"anger"}
#: The section of what was not to happen again and did, or may have: it outranks everything.
BACK = "back"
#: The section of what has happened to the same customer before: it comes next.
AGAIN = "again"
#: The carrier of an installation that has not named a mail server.
FOLDER = "troth.channels.files.carrier.FolderCarrier"


@staff_door(May.READ)
def today(request: HttpRequest) -> HttpResponse:
    """One list, the nearest first; the page fetches itself again when it hears of a change."""
    now = timezone.now()
    staff = staff_of(request)
    whose = queries.Whose(request.GET.get("whose", "all"))
    rows = queries.today_rows(staff, whose)
    local = now.astimezone(ZoneInfo(staff.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    figures = queries.today_figures(staff, now=now, midnight=midnight)
    values = desk_values(
        request,
        now=now,
        company=figures.company,
        sections=sections(rows, zone=staff.zone, now=now),
        day=local.date(),
        figures={
            "due_today": counted(figures.due_today),
            "at_risk": counted(figures.at_risk),
            "unanswered": counted(figures.unanswered),
            "surprise": surprise(_tally(now=now)),
        },
        views=views(whose),
        called=[_call(one) for one in figures.called],
        spikes=spikes.shown(staff, now=now),
        breaches=_breaches(staff, now=now),
        warnings=[
            *_warnings(figures, zone=staff.zone),
            *_wishes(figures, zone=staff.zone),
            *(_hooks_off() if staff.may(May.RUN) else []),
        ],
    )
    return render(request, "desk/today.html", values)


def _breaches(staff: Staff, *, now: datetime) -> list[dict[str, Any]]:
    """Breaches of which an authority still has to hear: above everything, for whoever may see them."""
    if not staff.may(May.BREACHES):
        return []
    return [
        {
            "href": page_of(row.ref),
            "title": row.incident.title,
            "left": remaining(next_end(row), now=now),
            "by": next_end(row),
            "is_near": next_end(row) - now <= NEAR,
        }
        for row in running(staff)
    ]


def _call(one: Call) -> dict[str, Any]:
    return {
        "case": one.case,
        "href": page_of(ref("message", one.message) if one.message else ref("case", one.case)),
        "subject": one.subject or _("no subject"),
        "by": one.by if one.message else None,
        "words": one.words,
        "at": one.at,
    }


def counted(count: int) -> int | str:
    return count if count <= queries.COUNTED_MOST else _("over %(most)s") % {"most": f"{queries.COUNTED_MOST:,}"}


def views(whose: queries.Whose) -> list[dict[str, Any]]:
    named = [("all", _("Everything")), ("mine", _("Mine")), ("nobody", _("Nobody’s yet"))]
    page = reverse("desk:today")
    return [
        {"words": words, "href": page if key == "all" else f"{page}?whose={key}", "here": key == whose.key}
        for key, words in named
    ]


def _tally(*, now: datetime) -> Tally:
    """The last ninety days' tally, a minute old at most: it moves slowly and is dear to count."""
    found: Tally | None = caches["process"].get("desk.tally")
    if found is None:
        found = queries.recent_tally(now=now)
        caches["process"].set("desk.tally", found, 60)
    return found


def surprise(tally: Tally) -> dict[str, Any]:
    return {"value": percent(tally.surprise_rate), "n": tally.decided, "window": _("last 90 days")}


def _warnings(figures: queries.Figures, *, zone: str) -> list[str]:
    found = [_silence(mailbox, zone=zone) for mailbox in figures.silent]
    if settings.TROTH_CARRIER == FOLDER and not figures.is_sample:
        found.insert(
            0,
            _(
                "No mail server is named yet: letters are written into a folder and reach nobody. docs/run/mail.md tells how."
            ),
        )
    if figures.letters_failed:
        words = ngettext(
            "One letter did not arrive: look under Letters.",
            "%(count)s letters did not arrive: look under Letters.",
            figures.letters_failed,
        )
        found.append(words % {"count": figures.letters_failed})
    return found


def _wishes(figures: queries.Figures, *, zone: str) -> list[str]:
    """Who asked to be forgotten waits for an answer."""
    if figures.asked_by is None:
        return []
    words = ngettext(
        "One customer asked to be forgotten, and has our word for an answer by %(by)s.",
        "%(count)s customers asked to be forgotten; the first has our word for an answer by %(by)s.",
        figures.asked,
    )
    return [words % {"count": figures.asked, "by": spoken(figures.asked_by, zone)}]


def _hooks_off() -> list[str]:
    return [
        _("The webhook %(name)s was switched off by itself: look under Webhooks, in the settings.") % {"name": name}
        for name in switched_off_by_themselves()
    ]


def _silence(mailbox: queries.Silent, *, zone: str) -> str:
    values = {
        "name": mailbox.name,
        "since": spoken(mailbox.since, zone) if mailbox.since else "",
        "problem": mailbox.problem or _("nothing was heard, and no reason either. Is the worker running?"),
    }
    if mailbox.since is None:
        return _("The mailbox %(name)s was never heard: %(problem)s") % values
    return _("The mailbox %(name)s has been silent since %(since)s: %(problem)s") % values


def sections(rows: list[queries.Row], *, zone: str, now: datetime) -> list[dict[str, Any]]:
    """The rows by how near they are, empty sections left out."""
    named: dict[str, list[dict[str, Any]]] = {key: [] for key in (BACK, AGAIN, *Nearness)}
    for row, shown in zip(rows, told_apart([_shown(row) for row in rows]), strict=True):
        near = nearness(row.due, zone=zone, now=now) if row.due else Nearness.TODAY
        named[BACK if row.sort in WATCHED else AGAIN if row.again else near].append(shown)
    return [{"key": key, "rows": found} for key, found in named.items() if found]


#: Of these sorts of row the incident's page tells, not a case's or a promise's.
WATCHED = frozenset({"recurrence", "recurred"})


def _of_watch(row: queries.Row) -> dict[str, Any]:
    """What came back, or may have, or did not."""
    words = {
        "recurrence": _("Is this it again? %(title)s"),
        "recurred": _("It came back. Tell those who were hurt before: %(title)s"),
        "held": _("It has not come back. Tell those who were hurt: %(title)s"),
        "unheard": _("It is over, and not everybody who was told of it knows: %(title)s"),
    }[row.sort]
    incident = number_of(row.about, "incident")
    asks = {
        "recurrence": {"href": reverse("incidents:say_again", args=[row.id]), "yes": _("The same again"), "no": _("Something else")},
        "held": {"href": reverse("incidents:tell_held", args=[incident]), "yes": _("Tell them"), "no": None},
        "unheard": {"href": reverse("incidents:tell_end", args=[incident]), "yes": _("Tell them"), "no": None},
    }  # fmt: skip
    return {
        "id": f"{row.sort}-{row.id}",
        "href": reverse("incidents:incident" if row.sort == "unheard" else "incidents:prevention", args=[incident]),
        "customer": row.customer or (_("Another team’s") if row.sort == "recurrence" else _("The public")),
        "case": _case_number(row.about_sort),
        "quote": None,
        "words": words % {"title": row.what},
        "due": row.due,
        "state": None,
        "owner": row.owner,
        "reasons": [{"kind": "again"}] if row.sort in WATCHED else [],
        "asks": asks.get(row.sort),
    }


def _shown(row: queries.Row) -> dict[str, Any]:
    if row.sort not in {"case", "promise"}:
        return _of_watch(row)
    is_case = row.sort == "case"
    is_answer = row.about_sort in ANSWERS if is_case else row.about_sort == Sort.ANSWER
    case = row.id if is_case else _case_number(row.about)
    return {
        "id": f"{row.sort}-{row.id}",
        "href": page_of(row.about if (is_answer and not is_case) or is_next_word(row) else f"{row.sort}:{row.id}"),
        "customer": row.customer or _("The public"),
        "case": case,
        "quote": None if is_case or row.about_sort != Sort.DEED else (row.source_quote or row.what),
        "words": _words(row, is_answer=is_answer),
        "due": row.due,
        "state": None if is_case else row.state,
        "owner": row.owner,
        "reasons": _reasons(row, is_answer=is_answer),
    }


def is_next_word(row: queries.Row) -> bool:
    """The next word of an incident: it is said there."""
    return row.sort == "promise" and row.about_sort == Sort.NEXT_WORD and row.about.startswith("incident:")


def _words(row: queries.Row, *, is_answer: bool) -> str:
    subject = {"subject": row.subject or _("no subject")}
    if is_answer:
        return _("Answer: %(subject)s") % subject
    if row.sort != "case":
        return row.what
    if row.about_sort == clocks.Sort.UPDATE:
        return _("Say how it stands: %(subject)s") % subject
    return _("Bring to its end: %(subject)s") % subject


def _case_number(about: str) -> int | None:
    try:
        return number_of(about, "case")
    except NotAReference:
        return None


def _reasons(row: queries.Row, *, is_answer: bool) -> list[dict[str, str]]:
    kinds = ["again"] if row.again else []
    if is_answer:
        kinds.append("unanswered")
    elif row.sort == "case" and row.about_sort == clocks.Sort.UPDATE:
        kinds.append("update")
    if row.emotion in ANGRY:
        kinds.append("angry")
    if row.escalated_at:
        kinds.append("escalated")
    elif row.warned_at:
        kinds.append("warned")
    told = [{"kind": "told", "words": _("Customer told")}] if row.telling_at else []
    return [{"kind": kind} for kind in kinds] + told

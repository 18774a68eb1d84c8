"""The page on which everything that was said is found."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.cases.queries import case_for
from troth.cases.read_sayings import choices
from troth.cases.rules.corrections import Field
from troth.cases.sayings import kind_choices
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed
from troth.search import finding, queries
from troth.search.finding import COUNTED_MOST, Group, Results
from troth.search.like import Like, like
from troth.search.models import PassageSort
from troth.search.queries import CaseFound, Excerpt, Narrowed
from troth.search.rules.asked import Asked, asked
from troth.words.promises import State
from troth.words.refs import ref

FIELDS = ("words", "where", "customer", "kind", "cause", "state", "owner", "team", "since", "until", "sort")
NUMBER_LENGTH_MOST = 18


@staff_door(May.READ)
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers the words and filters in the address; without words, how to ask."""
    staff, now = staff_of(request), timezone.now()
    chosen = {name: typed(request.GET, name).strip() for name in FIELDS}
    question, narrowed = asked(chosen["words"]), _narrowed(chosen, zone=staff.zone)
    newest_first = chosen["sort"] == "newest"
    older = local_time(request.GET.get("older", ""), "UTC") if newest_first else None
    typing = request.headers.get("HX-Request") == "true"
    results = Results()
    if not question.is_empty:
        results = finding.find(
            staff,
            question,
            queries.before(narrowed, older) if older else narrowed,
            newest_first=newest_first,
            page=_page(request.GET),
            with_customers=chosen["where"] in {"", "customers"},
            with_passages=chosen["where"] != "customers",
            with_choices=not typing,
            now=now,
        )
    elif not typing:
        told = queries.shown(staff, question=queries.Question(""), with_choices=True)
        results = Results(owners=told.owners, teams=told.teams)
    filtered = any(chosen[name] for name in FIELDS if name not in {"words", "sort", "where"})
    values = desk_values(
        request,
        now=now,
        chosen=chosen,
        filtered=filtered,
        asked=not question.is_empty,
        wheres=[
            {"words": words, "href": _link(chosen, where=key), "here": chosen["where"] == key}
            for key, words in _wheres()
        ],
        sorts=[("", _("Best first")), ("newest", _("Newest first"))],
        customer=queries.customer_name(narrowed.customer) if narrowed.customer else "",
        without_customer=_link(chosen, customer=""),
        customers=[
            {
                "name": one.name or one.address,
                "address": one.address,
                "href": page_of(ref("customer", one.id)),
                "only": _link(chosen, customer=str(one.id), where=""),
            }
            for one in results.customers
        ],
        groups=[_shown(group) for group in results.groups],
        count_words=_count(results, paged=bool(older) or _page(request.GET) > 1),
        hints=_hints(chosen, question, results, filtered=filtered) if not results.groups else [],
        only_common=results.only_common,
        pages=_pages(request, chosen, results, newest_first=newest_first),
        **_choices(results),
    )
    return render(request, "search/page.html", values)


@staff_door(May.READ)
def like_page(request: HttpRequest, number: int) -> HttpResponse:
    """The cases like one, as a part of its page."""
    staff = staff_of(request)
    found = like(staff, case_for(staff, number), now=timezone.now())
    values: dict[str, Any] = {"found": [_like(one) for one in found], "may_answer": staff.may(May.ANSWER)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "search/_like.html", values)
    return render(request, "search/like.html", desk_values(request, number=number, **values))


def _like(one: Like) -> dict[str, Any]:
    return {
        "number": one.id,
        "href": page_of(ref("case", one.id)),
        "subject": one.subject or _("Case %(number)s") % {"number": one.id},
        "status": one.status,
        "promises": [
            {"state": promise["state"], "what": promise["what"], "href": page_of(ref("promise", promise["id"]))}
            for promise in one.promises
        ],
        "took": _took(one.took) if one.took else "",
        "began": one.began,
    }


def _took(span: timedelta) -> str:
    hours = max(1, round(span.total_seconds() / 3600))
    if hours < 48:
        return ngettext("resolved within an hour", "resolved within %(count)s hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("resolved within a day", "resolved within %(count)s days", days) % {"count": days}


def _choices(results: Results) -> dict[str, Any]:
    """What each filter can be; while somebody is typing the filters stay as they are, and nobody asks who works here."""
    return {
        "kinds": [("", _("Any kind")), *kind_choices()],
        "causes": [("", _("Any cause")), *choices(Field.CAUSES)],
        "states": [("", _("Any state")), *((state.value, state.value) for state in State)],
        "owners": [("", _("Anyone")), ("0", _("Nobody yet")), *results.owners],
        "teams": [("", _("Any team")), *results.teams],
    }


def _wheres() -> list[tuple[str, str]]:
    return [
        ("", _("Everywhere")),
        ("messages", _("Messages")),
        ("notes", _("Notes")),
        ("promises", _("Promises")),
        ("customers", _("Customers")),
    ]


def _narrowed(chosen: dict[str, str], *, zone: str) -> Narrowed:
    return Narrowed(
        customer=_number(chosen["customer"]),
        kind=chosen["kind"],
        cause=chosen["cause"],
        promise_state=chosen["state"],
        owner=_number(chosen["owner"]),
        team=_number(chosen["team"]),
        since=_day(chosen["since"], zone),
        until=_day(chosen["until"], zone, ends=True),
        where=finding.sorts_of(chosen["where"]),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= NUMBER_LENGTH_MOST else None


def _day(text: str, zone: str, *, ends: bool = False) -> datetime | None:
    """The first moment of a day in the reader's zone, or the last."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    if day is None or not 1900 <= day.year <= 2200:
        return None
    return datetime.combine(day, time.max if ends else time.min, tzinfo=ZoneInfo(zone))


def _page(values: QueryDict) -> int:
    return max(1, min(_number(values.get("page", "")) or 1, 100))


def _link(chosen: dict[str, str], **changed: str) -> str:
    kept = {name: value for name, value in {**chosen, **changed}.items() if value}
    return f"{reverse('search:page')}?{urlencode(kept)}" if kept else reverse("search:page")


def _count(results: Results, *, paged: bool) -> str:
    """How much was found, and no more than is known."""
    if not results.groups or paged:
        return ""
    if results.is_cut:
        return _("More than %(count)s places hold these words; the newest are ranked here.") % {
            "count": _round(results)
        }
    return ngettext("%(count)s found", "%(count)s found", results.count) % {"count": results.count}


def _round(results: Results) -> str:
    return f"{min(max(results.count, queries.RANKED), COUNTED_MOST):,}"


def _hints(chosen: dict[str, str], question: Asked, results: Results, *, filtered: bool) -> list[dict[str, str]]:
    """What would find more: without the filters, everywhere, without one of the words."""
    if question.is_empty:
        return []
    hints = []
    if filtered:
        hints.append({"words": _("Search without the filters"), "href": _link({"words": chosen["words"]})})
    if chosen["where"]:
        hints.append({"words": _("Search everywhere"), "href": _link(chosen, where="")})
    phrases = [part for part in question.wanted if " " in part]
    if phrases:
        loose = " ".join(question.wanted)
        hints.append({"words": _("Without the quotation marks"), "href": _link(chosen, words=loose)})
    if 1 < len(question.wanted) <= 5:
        for left_out in question.wanted:
            rest = " ".join(f'"{part}"' if " " in part else part for part in question.wanted if part != left_out)
            if rest:
                hints.append({"words": _("Without “%(word)s”") % {"word": left_out}, "href": _link(chosen, words=rest)})
    return hints


def _pages(
    request: HttpRequest, chosen: dict[str, str], results: Results, *, newest_first: bool
) -> dict[str, Any] | None:
    paged = bool(request.GET.get("older")) or _page(request.GET) > 1
    onward = None
    if results.older_than:
        onward = _link({**chosen, "older": results.older_than.isoformat()})
    elif results.next_page:
        onward = _link({**chosen, "page": str(results.next_page)})
    if not onward and not paged:
        return None
    return {"onward": onward, "first": _link(chosen) if paged else None, "newest_first": newest_first}


def _shown(group: Group) -> dict[str, Any]:
    if group.case is None:
        excerpt = group.excerpts[0]
        return {"case": None, "excerpts": [_excerpt(excerpt)], "more": 0, "href": page_of(excerpt.ref)}
    return {
        "case": _case(group.case, group.excerpts),
        "href": page_of(ref("case", group.case.id)),
        "excerpts": [_excerpt(excerpt) for excerpt in group.excerpts if excerpt.sort != PassageSort.SUBJECT],
        "more": group.more,
    }


def _case(case: CaseFound, excerpts: list[Excerpt]) -> dict[str, Any]:
    subject = next((excerpt.text for excerpt in excerpts if excerpt.sort == PassageSort.SUBJECT), case.subject)
    return {
        "number": case.id,
        "subject": finding.parts(subject) or [(_("Case %(number)s") % {"number": case.id}, False)],
        "customer": case.customer,
        "status": case.status,
        "kind": case.kind,
        "owner": case.owner,
        "last_at": case.last_message_at,
        "unverified": case.unverified,
        "for_staff_only": case.for_staff_only,
        "promises": [
            {"state": promise["state"], "what": promise["what"], "href": page_of(ref("promise", promise["id"]))}
            for promise in case.promises
        ],
    }


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    """One place: a message's words, a note's, a promise's."""
    who = excerpt.who or (_("The customer") if excerpt.how == "inbound" else "")
    return {
        "sort": excerpt.sort.value,
        "href": page_of(excerpt.ref),
        "parts": finding.parts(excerpt.text),
        "at": excerpt.at,
        "who": who,
        "state": excerpt.how if excerpt.sort == PassageSort.PROMISE else "",
    }

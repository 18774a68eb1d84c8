"""Limits of authority and standards: the page on which a lead begins with a profile, changes it, and puts it in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.people.doors import staff_door
from troth.people.queries import staff_choices, teams
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed
from troth.remedies import actions, queries
from troth.remedies.models import Policy as Version
from troth.remedies.models import Remedy
from troth.remedies.rules.authority import Limit, Verdict
from troth.remedies.rules.money import Money, NotMoney, money, plain
from troth.remedies.rules.policy import LIMITS_MOST, STANDARDS_MOST, NotAPolicy, Policy, Standard
from troth.remedies.rules.profiles import Profile, ready
from troth.remedies.sayings import money_words, occasion_words, sort_choices
from troth.words.remedies import Occasion, State
from troth.words.remedies import Remedy as Sort

VERSIONS_MOST = 20
#: So many offers of the last ninety days are looked through to say what would have waited.
LOOKED_MOST = 5_000
Errors = list[dict[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.LEAD)
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force, and the form that makes the next one; nothing counts before it is saved."""
    now = timezone.now()
    if request.method == "POST":
        return _typed(request, now=now)
    chosen = typed(request.GET, "profile")
    found = ready(Profile(chosen)) if chosen in set(Profile) else _version(typed(request.GET, "version"))
    return _page(request, found or queries.in_force(now)[0], fresh=found is not None, now=now)


def _version(number: str) -> Policy | None:
    if not number.isdecimal() or len(number) > 9:
        return None
    plain_one = Version.objects.filter(pk=int(number)).values_list("plain", flat=True).first()
    return Policy.from_plain(plain_one) if plain_one else None


def _typed(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """What the pressed button says: a line added or taken out is only shown; *save* puts the policy in force."""
    said = request.POST
    limits, standards = _said_limits(said), _said_standards(said)
    what, _sep, place = typed(said, "do").partition("-")
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if what == "limit":
        limits.append({"role": "agent"})
    elif what == "standard":
        standards.append({"on": Occasion.MISSED_APPOINTMENT, "sort": Sort.COMPENSATION, "days": "10"})
    elif what == "nolimit":
        limits = [line for number, line in enumerate(limits) if number != at]
    elif what == "nostandard":
        standards = [line for number, line in enumerate(standards) if number != at]
    profile = typed(said, "profile")
    errors: Errors = []
    found = _found(profile, limits, standards, errors)
    if what != "save" or found is None:
        wrong = errors if what in {"save", "look"} else []
        return _page(
            request, found, limits=limits, standards=standards, profile=profile, errors=wrong, fresh=True, now=now,
            status=422 if wrong else 200,
        )  # fmt: skip
    if found == queries.in_force(now)[0]:
        messages.info(request, _("This is the policy already."))
    else:
        actions.set_policy(found, by=staff_of(request), now=now)
        messages.success(request, _("Saved. It holds from now on; what was offered before stays as it is."))
    return redirect("remedies:policy")


def _said_limits(said: QueryDict) -> list[dict[str, Any]]:
    return [
        {
            **{name: typed(said, f"{name}-{at}").strip()[:200] for name in ("role", "team", "staff", "most")},
            "sorts": [sort for sort in said.getlist(f"sorts-{at}") if sort in set(Sort)],
        }
        for at in range(_count(said, "limits", LIMITS_MOST))
    ]


def _said_standards(said: QueryDict) -> list[dict[str, Any]]:
    names = ("name", "on", "sort", "amount", "currency", "days", "second")
    return [
        {name: typed(said, f"standard_{name}-{at}").strip()[:200] for name in names}
        for at in range(_count(said, "standards", STANDARDS_MOST))
    ]


def _count(said: QueryDict, name: str, most: int) -> int:
    text = typed(said, name)
    return min(int(text), most) if text.isdecimal() and len(text) < 4 else 0


def _found(
    profile: str, limits: Sequence[Mapping[str, Any]], standards: Sequence[Mapping[str, Any]], errors: Errors
) -> Policy | None:
    """The policy these lines make; else *errors* say what is wrong."""
    made_limits, made_standards = [], []
    for at, line in enumerate(limits):
        try:
            made_limits.append(_limit(line))
        except NotMoney as why:
            errors.append({"id": f"most-{at}", "words": _("Limit %(n)s: %(why)s") % {"n": at + 1, "why": why}})
    for at, line in enumerate(standards):
        try:
            made_standards.append(Standard.from_plain(line))
        except NotAPolicy as why:
            words = _("Standard %(n)s: %(why)s") % {"n": at + 1, "why": why}
            errors.append({"id": f"standard_name-{at}", "words": words})
    if errors:
        return None
    try:
        return Policy(
            profile=profile if profile in set(Profile) else "",
            limits=tuple(made_limits),
            standards=tuple(made_standards),
        )
    except NotAPolicy as why:
        errors.append({"id": "save", "words": str(why)})
        return None


def _limit(line: Mapping[str, Any]) -> Limit:
    role = line.get("role", "")
    return Limit(
        role=role if role in {"agent", "lead"} else "",
        team=int(line["team"]) if str(line.get("team", "")).isdecimal() else None,
        staff=int(line["staff"]) if str(line.get("staff", "")).isdecimal() else None,
        sorts=frozenset(line.get("sorts", ())),
        most={one.currency: one.amount for one in _amounts(line.get("most", ""))},
    )


def _amounts(said: str) -> list[Money]:
    """`25 GBP, 30 EUR`. Raises NotMoney."""
    found = []
    for part in filter(None, (part.strip() for part in said.split(","))):
        amount, _sep, currency = part.rpartition(" ")
        found.append(money(amount, currency))
    return found


def _limit_line(limit: Limit) -> dict[str, Any]:
    return {
        "role": limit.role,
        "team": str(limit.team or ""),
        "staff": str(limit.staff or ""),
        "sorts": sorted(limit.sorts),
        "most": ", ".join(f"{_short(most)} {code}" for code, most in sorted(limit.most.items())),
    }


def _short(amount: Decimal) -> str:
    return plain(amount).removesuffix(".00")


def _standard_line(standard: Standard) -> dict[str, Any]:
    said = standard.to_plain()
    return {**said, "days": str(standard.days)}


def _page(
    request: HttpRequest,
    found: Policy | None,
    *,
    limits: list[dict[str, Any]] | None = None,
    standards: list[dict[str, Any]] | None = None,
    profile: str | None = None,
    errors: Errors | None = None,
    fresh: bool,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    """The page with these lines in the form, or with those of *found*; *fresh*: they are not those in force."""
    _policy, version = queries.in_force(now)
    lines = limits if limits is not None else [_limit_line(one) for one in (found.limits if found else ())]
    owing = standards if standards is not None else [_standard_line(one) for one in (found.standards if found else ())]
    values = desk_values(
        request,
        now=now,
        profile=profile if profile is not None else (found.profile if found else ""),
        profiles=_profiles(),
        limits=[{**line, "at": at} for at, line in enumerate(lines)],
        standards=[{**line, "at": at} for at, line in enumerate(owing)],
        waited=_would_wait(found, now=now) if found else None,
        is_changed=fresh,
        version=version,
        versions=_versions(),
        errors=errors or [],
        roles=[("", _("Everybody")), ("agent", _("Agents")), ("lead", _("Leads"))],
        teams=[("", _("Of any team")), *((str(team.pk), team.name) for team in teams())],
        people=[("", _("Whoever it is")), *((str(one.pk), one.name) for one in staff_choices())],
        sorts=sort_choices(),
        occasions=[(one.value, occasion_words(one)) for one in Occasion],
    )
    return render(request, "remedies/policy.html", values, status=status)


def _profiles() -> list[dict[str, str]]:
    return [
        {
            "value": Profile.GOODWILL.value,
            "name": _("Plain goodwill"),
            "words": _("Limits of authority alone. Nothing is raised by itself."),
        },
        {
            "value": Profile.OFGEM.value,
            "name": _("Like British energy suppliers"),
            "words": _(
                "A missed appointment, or less than a working day’s warning, is paid for within ten working days, and once"
                " more if that is late (SI 2015/1544). The amount may have changed since: look up the one in force before you save."
            ),
        },
    ]


def _would_wait(found: Policy, *, now: datetime) -> dict[str, Any]:
    """Of what staff offered lately, what would have had to wait for somebody else under this policy."""
    rows = (
        Remedy.objects.filter(offered_at__gte=now - timedelta(days=90), offered_by__isnull=False)
        .exclude(state=State.SOUGHT)
        .select_related("offered_by")
        .order_by("-offered_at")[:LOOKED_MOST]
    )
    looked, waits, sums = 0, 0, dict[str, Decimal]()
    for row in rows:
        assert row.offered_by is not None
        looked += 1
        asked = Money(row.amount, row.currency) if row.amount is not None else None
        if queries.may_offer(row.offered_by, sort=row.sort, money=asked, policy=found) is Verdict.WAITS:
            waits += 1
            if row.amount is not None:
                sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    told = ", ".join(money_words(total, code) for code, total in sorted(sums.items()))
    return {"looked": looked, "waits": waits, "sums": told}


def _versions() -> list[dict[str, Any]]:
    rows = Version.objects.select_related("by").order_by("-from_at", "-pk")[:VERSIONS_MOST]
    return [{"number": row.pk, "from_at": row.from_at, "by": row.by.name if row.by else None} for row in rows]

"""By when we mean to answer: the page on which a lead chooses a profile, changes its rules, and puts them in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from troth.clocks import actions, queries, versions
from troth.clocks.rules.outlook import never_used, outlook
from troth.clocks.rules.policy import NotAPolicy, Policy, Target
from troth.clocks.rules.profiles import Profile, ready
from troth.clocks.rules.typed import RULES_MOST, STRETCHED, TypedRule, Wrong, moved, policy_of, typed_of
from troth.clocks.sayings import (
    audience_words,
    channel_choices,
    group_words,
    kind_words,
    length_words,
    profile_words,
    sort_words,
    urgency_words,
)
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, local_time, staff_of, typed
from troth.words.clocks import Sort
from troth.words.messages import Kind

KINDS = tuple(kind.value for kind in Kind)
VERSIONS_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door(May.LEAD)
def targets(request: HttpRequest) -> HttpResponse:
    """The policy in force, and the form that makes the next one; nothing counts before it is saved."""
    if request.method == "POST":
        return _typed(request)
    chosen = request.GET.get("profile", "")
    if chosen in set(Profile):
        found = ready(Profile(chosen))
    else:
        found = _version(request.GET.get("version", "")) or queries.in_force(timezone.now())[0]
    return _page(request, found.profile, [typed_of(rule) for rule in found.rules], fresh=bool(request.GET))


def _version(number: str) -> Policy | None:
    return versions.version(int(number)) if number.isdecimal() and len(number) < 10 else None


def _typed(request: HttpRequest) -> HttpResponse:
    """What the pressed button says: a rule moved, taken out or added is only shown; *save* puts the policy in force."""
    profile = typed(request.POST, "profile")
    profile = profile if profile in set(Profile) else Profile.PLAIN
    rules = _rules(request.POST)
    what, _sep, place = typed(request.POST, "do").partition("-")
    number = int(place) if place.isdecimal() and len(place) < 4 else -1
    match what:
        case "up" | "down":
            return _page(request, profile, moved(rules, number, -1 if what == "up" else 1), open_at=-1, fresh=True)
        case "out":
            left = [rule for at, rule in enumerate(rules) if at != number]
            return _page(request, profile, left, fresh=True)
        case "add":
            return _page(request, profile, [TypedRule(), *rules], open_at=0, fresh=True)
    return _saved(request, profile, rules)


def _saved(request: HttpRequest, profile: str, rules: list[TypedRule]) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    wanted = typed(request.POST, "from_at").strip()
    from_at = local_time(wanted, staff.zone) if wanted else now
    wrong: dict[int, Wrong] = {}
    errors = []
    try:
        found, wrong = policy_of(profile, rules)
    except NotAPolicy:
        found = None
        errors.append({"id": "add-rule", "words": _("Write 1 to %(most)s rules.") % {"most": RULES_MOST}})
    if from_at is None:
        errors.append({"id": "from_at", "words": _("Write a day and a time, or nothing for at once.")})
    if found is None or from_at is None:
        return _page(request, profile, rules, wrong=wrong, errors=errors, fresh=True, status=422)
    if found == queries.in_force(now)[0] and from_at <= now:
        messages.info(request, _("These are the targets already."))
        return redirect("clocks:targets")
    actions.set_policy(found, from_at=from_at, by=staff, now=now)
    messages.success(request, _("Saved. Clocks that run keep the targets they were started under."))
    return redirect("clocks:targets")


def _rules(said: QueryDict) -> list[TypedRule]:
    count = typed(said, "rules")
    return [_rule(said, at) for at in range(min(int(count), RULES_MOST) if count.isdecimal() and len(count) < 4 else 0)]


def _rule(said: QueryDict, at: int) -> TypedRule:
    def text(name: str) -> str:
        return typed(said, f"{name}-{at}").strip()[:200]

    def some(name: str) -> frozenset[str]:
        return frozenset(said.getlist(f"{name}-{at}"))

    def each(name: str) -> dict[Sort, str]:
        return {sort: words for sort in Sort if (words := text(f"{name}-{sort}"))}

    return TypedRule(
        kinds=some("kinds") & set(KINDS),
        urgent=text("urgent"),
        public=text("public"),
        channels=some("channels") & {value for value, _words in channel_choices()},
        groups=text("groups"),
        lengths=each("length"),
        nothing=frozenset(sort for sort in Sort if sort in some("nothing")),
        always=frozenset(sort for sort in Sort if sort in some("always")),
        early=each("early"),
        extended=each("extended"),
        warn=each("warn"),
    )


def _page(
    request: HttpRequest,
    profile: str,
    rules: Sequence[TypedRule],
    *,
    wrong: Mapping[int, Wrong] | None = None,
    errors: Sequence[dict[str, str]] = (),
    open_at: int = -1,
    fresh: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page with *rules* in the form; *fresh*: they are not those in force."""
    now, wrong = timezone.now(), wrong or {}
    in_force, version, from_at = queries.in_force(now)
    previewed, _wrong = policy_of(profile, rules) if 1 <= len(rules) <= RULES_MOST else (None, {})
    shown = previewed or in_force
    idle = never_used(previewed, KINDS) if previewed else frozenset()
    values = desk_values(
        request,
        now=now,
        here="targets",
        profiles=[
            {"value": one.value, "name": words[0], "words": words[1], "here": one == profile}
            for one in Profile
            if (words := profile_words(one))
        ],
        profile=profile,
        rules=[_rule_shown(rule, at, wrong.get(at, {}), at in idle, at == open_at) for at, rule in enumerate(rules)],
        preview=[_line(line.matter, line.targets) for line in outlook(shown, KINDS)],
        sorts=[sort_words(sort) for sort in Sort],
        is_changed=fresh,
        is_from={"version": version, "at": from_at},
        versions=_versions(now=now),
        errors=[*errors, *_errors(wrong)],
        from_at=typed(request.POST, "from_at"),
        kinds=[(value, kind_words(value)) for value in KINDS],
        channels=channel_choices(),
        urgencies=urgency_words(),
        audiences=audience_words(),
    )
    return render(request, "clocks/targets.html", values, status=status)


def _line(matter: Any, targets: Mapping[Sort, Target]) -> dict[str, Any]:
    which = _("in public") if matter.is_public else _("urgent") if matter.urgency == "high" else ""
    return {
        "kind": kind_words(matter.kind),
        "which": which,
        "targets": [length_words(targets.get(sort)) for sort in Sort],
    }


def _errors(wrong: Mapping[int, Wrong]) -> list[dict[str, str]]:
    return [
        {"id": f"{field}-{at}" if field != "lengths" else f"length-first-{at}", "words": _error_words(field)}
        for at, fields in wrong.items()
        for field in fields
    ]


def _error_words(field: str) -> str:
    if field == "lengths":
        return _("A rule asks for one thing at least.")
    if field.startswith("warn"):
        return _("Warn when 1 to 99 percent has passed.")
    return _("Write 4 hours, 2 working days, 8 weeks, or nothing.")


def _rule_shown(rule: TypedRule, at: int, wrong: Wrong, is_idle: bool, is_open: bool) -> dict[str, Any]:
    return {
        "at": at,
        "who": group_words(rule),
        "gives": ", ".join(
            f"{sort_words(sort)} {rule.lengths[sort]}" if sort in rule.lengths else _("%s: none") % sort_words(sort)
            for sort in Sort
            if sort in rule.lengths or sort in rule.nothing
        ),
        "is_idle": is_idle,
        "is_open": is_open or bool(wrong),
        "kinds": rule.kinds,
        "urgent": rule.urgent,
        "public": rule.public,
        "channels": rule.channels,
        "groups": rule.groups,
        "sorts": [
            {
                "value": sort.value,
                "words": sort_words(sort),
                "length": rule.lengths.get(sort, ""),
                "error": _error_words(f"length-{sort}")
                if f"length-{sort}" in wrong or (sort is Sort.FIRST and "lengths" in wrong)
                else None,
                "nothing": sort in rule.nothing,
                "always": sort in rule.always,
                "stretches": sort in STRETCHED,
                "early": rule.early.get(sort, ""),
                "early_error": _error_words("early") if f"early-{sort}" in wrong else None,
                "extended": rule.extended.get(sort, ""),
                "extended_error": _error_words("extended") if f"extended-{sort}" in wrong else None,
                "warn": rule.warn.get(sort, ""),
                "warn_error": _error_words("warn") if f"warn-{sort}" in wrong else None,
            }
            for sort in Sort
        ],
    }


def _versions(*, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "from_at": row.from_at,
            "by": row.by,
            "name": profile_words(Profile(row.profile))[0] if row.profile in set(Profile) else row.profile,
            "running": ngettext("%(n)s clock runs under it", "%(n)s clocks run under it", row.running)
            % {"n": row.running},
            "comes": row.from_at > now,
        }
        for row in versions.versions(most=VERSIONS_MOST)
    ]

"""Drawers left the same furniture maker's without their runners; it is watched that they do not again."""

# ruff: noqa: E501  the invented sentences are as long as real ones, and a row reads best on its line
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from troth.incidents.prevention_sayings import branch_words
from troth.incidents.rules.causes import Branch

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)


def at(**away: float) -> datetime:
    return NOW + timedelta(**away)


def pages(staff: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    empty = {**staff, **nothing()}
    whole = {**empty, **everything()}
    yield "prevention", "incidents/prevention.html", whole
    lacks = [{"id": "id_words", "words": "Say in one sentence what it comes to."}]
    wrong = {**empty["cause"], "open": True, "way": "fishbone", "errors": lacks}
    yield "prevention-empty", "incidents/prevention.html", {**empty, "cause": wrong}
    yield "prevention-print", "incidents/prevention_print.html", whole
    again = {"number": 1066, "subject": "Drawer without a runner", "customer": "Ola Bergström", "href": "#"}
    watches = [{"id": 1, "title": "Drawers leave without runners", "until": at(days=70), "href": "#"}]
    yield "case-again-of", "incidents/again.html", {**staff, "here": "cases", "case": again, "watches": watches}


def nothing() -> dict[str, Any]:
    said = {branch: branch_words(branch) for branch in Branch}
    branches = [
        {"name": branch.value, "title": title, "asks": asks, "text": ""} for branch, (title, asks) in said.items()
    ]
    reasons = [("", "Not known yet"), ("supplier", "A supplier")]
    return {
        "i": {"id": 3, "title": "Drawers leave without runners", "href": "#", "is_open": False, "happened_at": at(days=-20), "ended_at": at(days=-19)},
        "may_answer": True,
        "versions": [], "measures": [], "watches": [], "asked": [], "others": [],
        "untold": False, "held_untold": False, "watched": None,
        "cause": {"errors": [], "open": False, "way": "five_whys", "whys": [""] * 5, "branches": branches, "words": ""},
        "measure": {"errors": [], "what": "", "sort": "preventive", "due": "", "audience": "public", "owner": ""},
        "watch": {"errors": [], "until": "2027-02-24T14:20", "cause": "poor_quality", "product": "", "place": "", "audience": "public"},
        "longer": {"errors": [], "until": ""},
        "off": {"errors": [], "reason": "", "was_mistake": False},
        "sorts": [("corrective", "Sets right what went wrong"), ("preventive", "Keeps it from happening again")],
        "audiences": [("public", "to everybody"), ("hurt", "to those who were told of it")],
        "owners": [("", "Whoever owns the incident"), ("1", "Sam Okafor")],
        "causes": [("", "Not known"), ("poor_quality", "Poor quality")],
        "miss_reasons": reasons,
    }  # fmt: skip


def everything() -> dict[str, Any]:
    again = {
        "id": 1, "number": 1066, "href": "#", "subject": "Drawer without a runner", "customer": "Ola Bergström", "opened_at": at(minutes=-12),
        "why": "same cause, same product", "likeness": "83%", "is_strong": True, "state": "found", "by": None, "decided_at": None,
    }  # fmt: skip
    version = {
        "words": "Nobody counts what goes into a box once it is wrapped.", "way": "Five whys", "branches": [], "by": "Sam Okafor", "at": at(days=-17),
        "whys": ["Two boxes left without runners.", "The runners lay on the second bench.", "The list ends at the first."],
    }  # fmt: skip
    bone = {
        "words": "The packing list is old.", "way": "Fishbone", "whys": [], "by": None, "at": at(days=-18),
        "branches": [("Process", "No count after wrapping."), ("Tool", "The scale was off.")],
    }  # fmt: skip
    measure = {
        "id": 7, "href": "#", "quote": None, "words": "Each box is weighed before it is closed", "state": "open", "due": at(days=4), "settled": False,
        "owner": "Bea Adeyemi", "customer": "The public", "moves": 0, "strength": "Keeps it from happening again, to everybody", "reasons": [],
        "sort": "Keeps it from happening again", "audience": "to everybody",
    }  # fmt: skip
    done = {
        "id": 8,
        "state": "kept",
        "settled": True,
        "words": "All who waited have their runners",
        "sort": "Sets right what went wrong",
    }
    watch = {
        "id": 2, "state": "watching", "words": "Being watched", "tone": "warn", "begun_at": at(days=-16), "until": at(days=74), "ended_at": None,
        "reason": "", "by": ["poor quality", "Oak drawer"], "audience": "to everybody", "promise": {"href": "#", "state": "open"},
    }  # fmt: skip
    earlier = {
        **watch,
        "id": 1,
        "state": "called_off",
        "words": "Called off",
        "tone": None,
        "ended_at": at(days=-17),
        "reason": "Another drawer was meant.",
    }
    return {
        "versions": [version, bone],
        "measures": [measure, {**measure, **done}],
        "watches": [watch, earlier],
        "watched": watch,
        "asked": [again, {**again, "id": 2, "state": "said", "number": 1068, "by": "Sam Okafor", "decided_at": NOW}],
        "others": [
            {**again, "id": 3, "state": "dismissed", "number": 1059, "by": "Sam Okafor", "decided_at": at(days=-3)}
        ],
        "untold": True,
        "held_untold": True,
    }

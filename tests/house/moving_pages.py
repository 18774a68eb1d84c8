"""The pages for moving in from another desk, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

REPORT: dict[str, Any] = {
    "tickets": 4211, "messages": 15804, "notes": 1930, "customers": 2874, "from": "2023-02-01T08:12:00+00:00", "until": "2026-11-25T17:40:00+00:00",
    "here_already": 12, "passed_over": 3,
    "statuses": [{"there": "closed", "here": "resolved", "count": 3988}, {"there": "pending", "here": "waiting", "count": 61}, {"there": "open", "here": "open", "count": 162}],
    "staff_found": [{"name": "Sam Okafor", "count": 1204}], "staff_unknown": [{"name": "Temporary desk 2", "count": 88}],
    "fields_mapped": [{"name": "Order number", "count": 2210}], "fields_in_note": [{"name": "Showroom", "count": 412}],
    "fields_unmapped": [{"name": "cf_8837", "count": 31, "examples": ["oak", "ash, oiled"]}],
    "fields_left": [{"name": "comment.via", "count": 9120}, {"name": "metric_set", "count": 4210}],
    "fields_of_people_left": [{"name": "time_zone", "count": 1830}],
    "remarks": [{"name": "an answer without words", "count": 9}], "problem_reasons": [{"name": "no date", "count": 2}],
    "problem_lines": [{"file": "tickets.json", "line": 8120, "reason": "it has no date"}, {"file": "tickets.json", "line": 9944, "reason": "it has no date"}],
    "promises": [{"ticket": "#3998", "what": "The new hinge is sent on Monday.", "due": "2026-11-30T17:00:00+00:00"}, {"ticket": "#4012", "what": "We will ring you.", "due": ""}],
}  # fmt: skip
ACCOUNT = {"new": 4194, "added": 0, "known": 12, "forgotten": 0, "passed_over": 3, "rejected": 2, "messages": 15790, "notes": 1928}  # fmt: skip


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page."""
    staff = {**given, "shell": {**given["shell"], "may_run": True}}

    def moving(id: int, state: str, words: str, tone: str | None, **rest: Any) -> dict[str, Any]:
        return {
            "id": id, "source": "Zendesk", "name": "tickets of Harbour & Pine until November 2026.zip", "state": state, "words": words, "tone": tone,
            "by": "Sam Okafor", "made_at": at(hours=-3), "moved_at": at(minutes=-1), "is_under_way": False, "share": 0, "waits": False, "may_take": False,
            "may_undo": False, "new": 0, "problem": "", **rest,
        }  # fmt: skip

    under_way = moving(3, "to_take", "Being taken in", "calm", is_under_way=True, share=42)
    done = moving(2, "done", "Taken in", "good", new=4194, may_take=True, may_undo=True)
    failed = moving(1, "failed", "Cannot be read", "alarm", source="Freshdesk", name="export.csv", problem="It is no zip, no JSON and no table: its first line has no comma.")  # fmt: skip
    hook = {"id": 4, "source": "Zendesk", "name": "The old desk", "is_on": True, "heard": 181, "heard_at": at(minutes=-4), "refused": 2, "refused_at": at(days=-2), "url": "https://care.example/moving-in/hooks/zendesk/4/"}  # fmt: skip
    both = {"movings": [under_way, done, failed], "hooks": [hook]}
    yield "moving-in", "imports/list.html", {**staff, **both}
    yield "moving-in-nothing", "imports/list.html", {**staff, "movings": [], "hooks": []}
    new = {
        "sources": [("zendesk", "Zendesk"), ("csv", "Any table")], "source": "zendesk", "since": "", "lying": [("", "none"), ("tickets.zip", "tickets.zip")],
        "place": "/var/lib/troth/moving/in", "problems": {}, "errors": [],
    }  # fmt: skip
    yield "moving-in-new", "imports/new.html", {**staff, **new}
    no_file = "Choose a file, or one that lies on the server."
    refused = {"problems": {"file": no_file}, "errors": [{"id": "id_file", "words": no_file}]}
    yield "moving-in-new-wrong", "imports/new.html", {**staff, **new, **refused}
    found = {"report": REPORT, "account": {}, "troubles": [], "more_troubles": 0}
    looked = moving(4, "looked", "Looked through", None, may_take=True)
    yield "moving-in-looked", "imports/moving.html", {**staff, "m": looked, **found}
    yield "moving-in-going", "imports/moving.html", {**staff, "m": under_way, **found, "report": {}}
    left_out = [{"place": "tickets.json:8120", "reason": "it has no date"}]
    came = {"account": ACCOUNT, "troubles": left_out, "more_troubles": 1}
    yield "moving-in-done", "imports/moving.html", {**staff, "m": done, **found, **came}
    calls = [
        {"at": at(minutes=-4), "words": ("Taken in", "good"), "problem": ""},
        {"at": at(hours=-1), "words": ("Could not be read", "alarm"), "problem": "It names no ticket."},
    ]
    yield "moving-in-hook", "imports/hook.html", {**staff, "h": hook, "calls": calls}
    made = {"sources": [("zendesk", "Zendesk")], "source": "zendesk", "name": "", "problems": {}, "errors": []}
    yield "moving-in-hook-new", "imports/new_hook.html", {**staff, **made}

"""The pages on which many cases are dealt with at once, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

CHOSEN = [("status", "open"), ("cause", "late")]
#: What a list of cases has beside its rows.
BESIDE_LIST: dict[str, Any] = {
    "counted": True,
    "counts_href": "#",
    "chips": [{"words": "State: Open", "href": "#"}, {"words": "Cause: Late", "href": "#"}],
    "form": {
        "lists": [
            {
                "name": "status",
                "words": "State",
                "options": [("open", "Open", True), ("waiting", "Waits for the customer", False)],
            },
            {
                "name": "cause",
                "words": "Cause",
                "options": [
                    ("late", "Late", True),
                    ("hidden_fee", "Hidden fee", False),
                    ("other", "Another cause", False),
                ],
            },
        ],
        "ones": [
            {"name": "owner", "words": "Owner", "value": "", "options": [("", "Anyone"), ("me", "Mine")]},
            {"name": "team", "words": "Team", "value": "", "options": [("", "Any team"), ("1", "Workshop")]},
        ],
        "dates": [{"name": "opened_from", "words": "Opened from", "value": ""}],
        "unanswered": False,
        "order": "latest",
        "search": "",
    },
    "saved": 3,
    "view_name": "Late parcels",
    "can_keep": True,
    "may_share": True,
    "chosen": CHOSEN,
    "kept": CHOSEN,
    "orders": [
        {"words": "Last word", "href": "#", "here": True},
        {"words": "Answer due", "href": "#"},
        {"words": "Opened first", "href": "#"},
    ],
    "is_narrow": True,
    "bulk": {
        "ones": [{"name": "set-assignee", "words": "Owner", "options": [("", "as it is"), ("1", "Sam Okafor")]}],
        "most": 10_000,
    },
    "back": "",
    "choice": "",
    "done": None,
}


def pages(cases: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each; *cases* are those of the list."""
    view = {"pk": 1, "name": "Late parcels", "href": "#", "says": ["State: Open", "Cause: Late"], "may_change": True}
    groups = [
        {
            "words": "Your own",
            "views": [{**view, "first": True}, {**view, "pk": 2, "name": "Angry, mine", "last": True}],
        },
        {"words": "Shared with your team", "views": [{**view, "pk": 3, "may_change": False}]},
    ]
    gone = [{"pk": 4, "name": "Chairs of the spring"}]
    yield "cases-views", "cases/views.html", {**cases, "groups": groups, "gone": gone}
    yield "cases-views-nothing", "cases/views.html", {**cases, "groups": [], "gone": []}
    done = {
        "pk": 1, "href": "#", "words": "12 cases changed, one could not be changed.", "at": cases["now"], "total": 13,
        "left_to_do": 0, "dealt_with": 13, "can_undo": True, "is_undone": False, "trouble": 1,
    }  # fmt: skip
    step = {
        "href": "#",
        "number": 1042,
        "customer": "Ann Marlowe",
        "subject": "Scratched table top",
        "state": "Changed",
        "why": "",
    }
    left = {**step, "number": 1057, "state": "Not changed", "why": "This person was erased."}
    says = ["Owner: Kim Lindqvist", "Kind: Complaint"]
    act = {
        **cases,
        "act": done,
        "says": says,
        "refused": [left],
        "others": [step, {**step, "number": 1049}],
        "shown": 100,
    }
    yield "cases-bulk-done", "cases/list.html", {**cases, "done": done}
    yield "cases-bulk", "cases/bulk_act.html", act
    going = {**done, "total": 4000, "left_to_do": 2800, "dealt_with": 1200, "trouble": 0}
    yield "cases-bulk-going", "cases/bulk_act.html", {**act, "act": going, "refused": []}
    once = {"href": "#", "at": cases["now"], "total": 13, "undone": False, "says": says}
    yield "cases-bulk-acts", "cases/bulk_acts.html", {**cases, "acts": [once, {**once, "total": 1, "undone": True}]}
    yield "cases-bulk-acts-nothing", "cases/bulk_acts.html", {**cases, "acts": []}
    yield (
        "cases-bulk-sure",
        "cases/bulk_sure.html",
        {**cases, "count": 4000, "more": True, "says": says, "kept": [], "back": "#"},
    )
    promise = {"href": "#", "quote": None, "words": "send the bell", "due": cases["now"], "state": "open"}
    child = {
        "number": 1049, "href": "#", "customer": "Priya Raghunathan", "subject": "Where is my bell?", "status": "Open", "open": True,
        "told": False, "promises": [promise],
    }  # fmt: skip
    cause = {
        **cases, "parent": {"number": 1042, "subject": "Bells are late", "href": "#", "status": "open"}, "most": 500, "wrong": "", "untold": None,
        "children": [child, {**child, "number": 1057, "customer": "Tomasz Wilk", "told": True, "promises": []}], "before": [],
        "text": "Hello {name|there},", "found": [], "checks": [], "may_answer": True,
    }  # fmt: skip
    yield "cases-linked", "cases/linked.html", cause
    yield "cases-linked-untold", "cases/linked.html", {**cause, "untold": [child], "wrong": "Choose whom to answer."}
    yield "cases-linked-nothing", "cases/linked.html", {**cause, "children": []}
    part = {
        "number": 1049, "href": "#", "customer": "Priya Raghunathan", "text": "Hello Priya,\n\nyour order 88031 left us today.", "state": "ready",
        "words": "Ready", "why": "", "is_held": False,
    }  # fmt: skip
    back = {
        **part,
        "number": 1061,
        "customer": "Ola Bergström",
        "words": "Held back",
        "why": "Not known of them: {order}.",
    }
    looked = {
        **cases, "answer": {"pk": 1, "text": "Hello {name}", "sent_at": None, "is_stopped": False}, "parent": {"number": 1042}, "parts": [part],
        "held_back": [back], "ready": 1, "left_to_do": 0, "total": 1, "may_answer": True,
    }  # fmt: skip
    yield "cases-answer", "cases/answer.html", looked
    sent = {**part, "words": "Sent", "state": "written"}
    leaving = {
        **looked,
        "answer": {**looked["answer"], "sent_at": cases["now"]},
        "parts": [sent, {**sent, "number": 7}],
        "left_to_do": 1,
        "total": 2,
    }
    yield "cases-answer-leaving", "cases/answer.html", leaving

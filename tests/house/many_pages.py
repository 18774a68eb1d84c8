"""The pages on which many cases are dealt with at once, as the values they ask for."""

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

"""What is held of a person and how it is erased: invented, as the pages about it ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.house.pages import CUSTOMER, STAFF, at
from troth.privacy import sayings

COUNTS = {
    "addresses": 3, "cases": 14, "messages": 61, "attachments": 9, "promises": 22, "letters": 48, "links": 4, "notes": 7,
    "replies": 1, "sources": 33, "set_aside": 1,
}  # fmt: skip
LIBEL = "Claim 4 C 118/26 at the county court, about the scratched table top."


def pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    runs = {**STAFF, "shell": {**STAFF["shell"], "may_run": True, "may_audit": True}}
    asked = {
        "id": 3,
        "at": at(days=-3),
        "answer_by": at(days=27),
        "open": True,
        "answered_at": None,
        "answer": "",
        "words": "",
        "refused": False,
    }
    refused = {
        **asked,
        "open": False,
        "answered_at": at(days=-1),
        "answer": "refused",
        "refused": True,
        "words": "Tax law asks us to keep your invoices until the end of 2032. Everything else we will erase then.",
    }
    hold = {
        "id": 2,
        "reason": sayings.hold_reason("dispute"),
        "words": LIBEL,
        "until": at(days=200),
        "by": "Kim Lindqvist",
    }
    held: dict[str, Any] = {
        **runs,
        "who": {"id": 1042, "name": "Ann Marlowe", "records": 2, "href": "#"},
        "held": sayings.held(COUNTS, staff=True),
        "owed": sayings.owed(2, asked=True),
        "stays": sayings.stays(),
        "outside": sayings.outside(),
        "seem": [{"customer": 1077, "name": "ann.m@post.example", "href": "#", "subject": "The table top again"}],
        "asked": asked,
        "holds": [],
        "reasons": [(reason, sayings.hold_reason(reason)) for reason in ("statute", "dispute")],
        "typed": {"words": "", "until": "", "why": ""},
        "confirm": "1042",
        "errors": [],
    }
    yield "privacy-held", "privacy/held.html", held
    yield "privacy-held-back", "privacy/held.html", {
        **held, "holds": [hold], "asked": refused, "seem": [],
        "errors": [{"id": "id_until", "words": "Give a day to come."}],
    }  # fmt: skip
    done = {
        "id": 12, "href": "#", "numbers": [1042, 1043], "because": "They asked for it", "by": "Kim Lindqvist",
        "begun_at": at(hours=-1), "done_at": at(hours=-1, seconds=2), "state_words": "Erased", "tone": "good", "waits": None,
    }  # fmt: skip
    under_way = {
        **done,
        "id": 13,
        "done_at": None,
        "state_words": "Waits a moment",
        "tone": "warn",
        "waits": sayings.waits("letter"),
    }
    result = {
        **runs,
        "erasure": done,
        "progress": None,
        "gone": sayings.held(COUNTS, staff=True),
        "stays": sayings.stays(),
        "outside": sayings.outside(),
    }
    yield "privacy-erased", "privacy/erasure.html", result
    yield (
        "privacy-under-way",
        "privacy/erasure.html",
        {**result, "erasure": under_way, "progress": {"step": 4, "steps": 7}, "gone": []},
    )
    yield (
        "privacy-register",
        "privacy/register.html",
        {
            **runs,
            "requests": [{"href": "#", "name": "Ann Marlowe", "asked_at": at(days=-3), "answer_by": at(days=27)}],
            "erasures": [under_way, done],
        },
    )
    mine = {
        **CUSTOMER, "customer": "Ann Marlowe", "portal_nav": True, "held": sayings.held(COUNTS, staff=False),
        "addresses": ["ann@example.org", "+44 20 7946 0018"], "left_out": 8, "stays": sayings.stays(), "holds": [], "asked": None,
    }  # fmt: skip
    yield "portal-held", "portal/held.html", mine
    yield "portal-held-asked", "portal/held.html", {**mine, "asked": asked, "holds": [hold]}
    yield "portal-held-refused", "portal/held.html", {**mine, "asked": refused}
    yield "portal-forget", "portal/forget.html", {**mine, "holds": True}

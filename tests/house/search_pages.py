"""The search page in each of its states, and cases like the one at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any


def pages(staff: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    chosen = dict.fromkeys(
        ("words", "where", "customer", "kind", "cause", "state", "owner", "team", "since", "until", "sort"), ""
    )
    choices = {name: [("", "Any"), ("one", "One of them")] for name in ("kinds", "causes", "states", "owners", "teams")}
    wheres = ("Everywhere", "Messages", "Notes", "Promises", "Customers")
    blank = {
        **staff,
        **choices,
        "here": "search",
        "chosen": chosen,
        "filtered": False,
        "asked": False,
        "customer": "",
        "without_customer": "#",
        "sorts": [("", "Best first"), ("newest", "Newest first")],
        "customers": [],
        "groups": [],
        "count_words": "",
        "hints": [],
        "wheres": [{"words": words, "href": "#", "here": words == "Everywhere"} for words in wheres],
        "only_common": False,
        "pages": None,
    }
    yield "search", "search/page.html", blank
    words = [
        ("We packed a new ", False),
        ("hinge", True),
        (" and two screws; the door itself is sound … ask for the brass ", False),
        ("hinges", True),
        (", they do not rust.", False),
    ]
    promise = {"state": "kept", "what": "send the brass hinge", "href": "#"}
    case = {
        "number": 1042,
        "subject": [("Broken ", False), ("hinge", True), (" on the left door", False)],
        "customer": "Ann Marlowe",
        "status": "waiting",
        "kind": "complaint",
        "owner": "Sam Okafor",
        "last_at": at(hours=-3),
        "unverified": False,
        "for_staff_only": False,
        "promises": [promise, {**promise, "state": "late"}],
    }
    excerpt = {"sort": "message", "href": "#", "parts": words, "at": at(hours=-3), "who": "Sam Okafor", "state": ""}
    groups = [
        {"case": case, "href": "#", "excerpts": [excerpt, {**excerpt, "sort": "promise", "state": "kept"}], "more": 2},
        {
            "case": {
                **case,
                "number": 87,
                "unverified": True,
                "for_staff_only": True,
                "promises": [],
                "kind": "enquiry",
                "status": "resolved",
            },
            "href": "#",
            "excerpts": [{**excerpt, "sort": "note"}],
            "more": 0,
        },
        {"case": None, "href": "#", "excerpts": [{**excerpt, "sort": "promise", "state": "open"}], "more": 0},
    ]
    who = {"name": "Hinge & Sons", "address": "office@hinge-and-sons-joinery.example.org", "href": "#", "only": "#"}
    found = {**blank, "chosen": {**chosen, "words": "hinge"}, "asked": True, "groups": groups, "customers": [who, who]}
    yield (
        "search-found",
        "search/page.html",
        {
            **found,
            "count_words": "More than 400 places hold these words; the newest are ranked here.",
            "pages": {"onward": "#", "first": None, "newest_first": False},
            "filtered": True,
        },
    )
    hints = [{"words": "Search without the filters", "href": "#"}, {"words": "Without “zeppelin”", "href": "#"}]
    yield "search-nothing", "search/page.html", {**found, "groups": [], "customers": [], "hints": hints}
    like = {
        "number": 871,
        "href": "#",
        "subject": "Hinge came off",
        "status": "resolved",
        "promises": [promise],
        "took": "resolved within 30 hours",
        "began": "We send you a new hinge today, with longer screws. It fits the old holes.",
    }
    yield (
        "like",
        "search/like.html",
        {**staff, "number": 1042, "found": [like, {**like, "took": "", "status": "open"}], "may_answer": True},
    )
    yield "like-nothing", "search/like.html", {**staff, "number": 1042, "found": [], "may_answer": True}

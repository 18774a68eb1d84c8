"""An invented day at a furniture maker's, as the values every page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)
ZONE = "Europe/London"


def at(**away: float) -> datetime:
    return NOW + timedelta(**away)


STAFF = {
    "company": "Harbour & Pine",
    "zone": ZONE,
    "now": NOW,
    "request": None,
    "csrf_token": "invented",
    "csrf_input": "",
    "keys_on": True,
    "customer": None,
    "shell": {"staff": "Sam Okafor", "counts": {"today": 14, "cases": 31, "promises": 58, "letters": 1}},
}
CUSTOMER = {**STAFF, "customer": "Ann Marlowe", "shell": None}

QUOTES = [
    "Your replacement table top leaves the workshop on Thursday, and I’ll send you the tracking number the same day.",
    "I’ll ring you before five today with what the carrier says.",
    "We will refund the £38.50 delivery charge within 3 working days.",
    "You’ll have the drawings for the corner bench by Friday morning.",
    "As soon as your photos reach me I’ll have the joiner look at the hinge within one working day.",
    "The oiled oak comes back in stock on 4 December and we’ll tell you that morning.",
    "Next word from me by Tuesday noon, whatever has happened by then.",
    "We’ll collect the old wardrobe when we bring the new one, at no charge.",
]


def today_sections() -> list[dict[str, Any]]:
    def row(id: str, customer: str, due: datetime, **rest: Any) -> dict[str, Any]:
        return {
            "id": id, "href": "#", "customer": customer, "due": due, "case": None, "quote": None, "words": None,
            "state": None, "owner": None, "reasons": [], **rest,
        }  # fmt: skip

    return [
        {
            "key": "overdue",
            "rows": [
                row("p1", "Ann Marlowe", at(minutes=-25), case=1042, quote=QUOTES[1], state="open", owner="Sam Okafor",
                    reasons=[{"kind": "escalated"}, {"kind": "angry"}]),
                row("c2", "Tomasz Wilk", at(minutes=-8), case=1057, words="First answer, told to the customer as 4 working hours",
                    owner=None, reasons=[{"kind": "unanswered"}]),
            ],
        },
        {
            "key": "next-hour",
            "rows": [
                row("p3", "Ferry Lane Surgery", at(minutes=18), case=1031, quote=QUOTES[0], state="open", owner="Kim Lindqvist",
                    reasons=[{"kind": "warned", "words": "Warned 40 min ago"}]),
                row("p4", "Priya Raghunathan", at(minutes=40), case=1049, quote=QUOTES[2], state="moved", owner="Sam Okafor",
                    reasons=[{"kind": "again"}]),
                row("c5", "Miguel Santos", at(minutes=55), case=1060, words="Update owed: every two working days while the case is open",
                    owner="Sam Okafor", reasons=[{"kind": "update"}]),
            ],
        },
        {
            "key": "today",
            "rows": [
                row("p6", "Ingrid Solheim", at(hours=2.67), case=1040, quote=QUOTES[3], state="open", owner="Bea Adeyemi"),
                row("p7", "The Hon. Wilhelmina Featherstonehaugh-Cholmondeley", at(hours=3), case=998, quote=QUOTES[4], state="armed",
                    owner="Kim Lindqvist"),
                row("c8", "D. Achterberg", at(hours=3.2), case=1061, words="Second answer", owner=None,
                    reasons=[{"kind": "unanswered"}, {"kind": "public"}]),
            ],
        },
        {
            "key": "later",
            "rows": [
                row("p9", "Ann Marlowe", at(days=1, hours=2), case=1042, quote=QUOTES[6], state="open", owner="Sam Okafor"),
                row("p10", "Ola Bergström", at(days=8), case=1012, quote=QUOTES[5], state="proposed", owner="Bea Adeyemi"),
                row("p11", "Harriet Nwosu", at(days=40), case=1003, quote=QUOTES[7], state="open", owner="Sam Okafor"),
            ],
        },
    ]  # fmt: skip


FIGURES = {"due_today": 8, "at_risk": 3, "unanswered": 5, "surprise": {"value": "1.8 %", "n": 214, "window": "90 days"}}
VIEWS = [
    {"words": "Everyone’s", "href": "#", "here": True, "count": 11},
    {"words": "Mine", "href": "#", "count": 5},
    {"words": "Nobody’s", "href": "#", "count": 2},
    {"words": "Workshop team", "href": "#", "count": 4},
]


def ours() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page of our own."""
    today = {**STAFF, "here": "today", "day": NOW, "figures": FIGURES, "views": VIEWS, "warnings": []}
    yield "today", "desk/today.html", {**today, "sections": today_sections()}
    yield "today-empty", "desk/today.html", {
        **today,
        "sections": [],
        "warnings": ["Mail has not come in for 40 minutes. Letters are still going out; the mailbox is asked again every minute."],
        "figures": {**FIGURES, "due_today": 0, "at_risk": 0, "unanswered": 0},
    }  # fmt: skip


def sign_in() -> Iterator[tuple[str, str]]:
    return iter(())


def bare() -> dict[str, str]:
    """What is fetched into a page: a letter as it was written, and nothing."""
    return {"letter.html": "<p>Hello", "empty.part": "", "found.part": ""}

"""An invented day at a furniture maker's, as the values every page asks for."""

# ruff: noqa: E501  the invented sentences are as long as real ones, and a row reads best on its line
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.house import (
    chat_pages,
    cohort_pages,
    drafting_pages,
    formal_pages,
    incident_pages,
    lead_pages,
    many_pages,
    moving_pages,
    order_pages,
    prevention_pages,
    remedy_pages,
    search_pages,
    telling_pages,
)
from troth.ledger.rules import receipt_words

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
    "once": "invented",
    "keys_on": True,
    "customer": None,
    "shell": {
        "staff": "Sam Okafor",
        "may_answer": True,
        "may_lead": True,
        "counts": {"today": 14, "cases": 31, "promises": 58, "letters": 1},
    },
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
            "key": "back",
            "rows": [
                row("recurrence-4", "Ola Bergström", at(minutes=-12), case=1066, words="Is this it again? Drawers leave without runners", owner="Sam Okafor",
                    reasons=[{"kind": "again"}], asks={"href": "#", "yes": "The same again", "no": "Something else"}),
            ],
        },
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


#: A table top in the sun, as small as a picture can be told.
PICTURE = "data:image/gif;base64,R0lGODlhBAADAIEAAOLKnsmibaR4SIFaMiwAAAAABAADAAACCESIMGJEjVoBADs="


def promise(id: str, quote: int, state: str, due: datetime | None, **rest: Any) -> dict[str, Any]:
    return {
        "id": id, "href": "#", "quote": QUOTES[quote], "state": state, "due": due, "customer": "Ann Marlowe", "owner": "Sam Okafor",
        "moves": 0, "strength": None, "reasons": [], **rest,
    }  # fmt: skip


PROMISES = [
    promise("1", 1, "open", at(minutes=-25), reasons=[{"kind": "escalated"}]),
    promise(
        "2",
        0,
        "open",
        at(minutes=18),
        customer="Ferry Lane Surgery",
        owner="Kim Lindqvist",
        reasons=[{"kind": "warned"}],
    ),
    promise("3", 2, "moved", at(minutes=40), customer="Priya Raghunathan", moves=1),
    promise("4", 4, "armed", None, customer="Wilhelmina Featherstonehaugh-Cholmondeley", owner="Kim Lindqvist"),
    promise("5", 5, "proposed", at(days=8), customer="Ola Bergström", owner=None, strength="aim"),
    promise("6", 3, "kept", at(days=-1), customer="Ingrid Solheim", owner="Bea Adeyemi"),
    promise("7", 6, "late", at(days=-3), customer="Miguel Santos"),
    promise("8", 7, "broken", at(days=-6), customer="Harriet Nwosu", owner="Bea Adeyemi", moves=2),
    promise("9", 2, "released", at(days=-9), customer="Tomasz Wilk"),
    promise("10", 1, "void", at(days=-12), customer="D. Achterberg", owner=None),
]
RATES = [
    {"name": "Kept", "value": "93.4 %", "n": 214, "window": "90 days", "state": "kept", "tone": None},
    {"name": "Moved, told in time", "value": "3.7 %", "n": 214, "window": "90 days", "state": "moved", "tone": None},
    {"name": "Late", "value": "1.9 %", "n": 214, "window": "90 days", "state": "late", "tone": None},
    {"name": "Broken", "value": "0.9 %", "n": 214, "window": "90 days", "state": "broken", "tone": None},
    {"name": "Surprise rate", "value": "1.8 %", "n": 214, "window": "90 days", "state": None, "tone": None},
]


def case_row(number: int, customer: str, subject: str, snippet: str, **rest: Any) -> dict[str, Any]:
    return {
        "id": str(number), "href": "#", "number": number, "customer": customer, "subject": subject, "snippet": snippet,
        "kind": "enquiry", "channel": "email", "owner": "Sam Okafor", "last_at": at(hours=-3), "due": None, "unread": False,
        "reasons": [], "promises": 0, **rest,
    }  # fmt: skip


CASES = [
    case_row(1042, "Ann Marlowe", "Scratched table top", "This is now the third time I am writing about it. I was told somebody would ring me before five.",
             kind="complaint", due=at(minutes=-25), unread=True, reasons=[{"kind": "angry"}], promises=2),
    case_row(1057, "Tomasz Wilk", "Does the bench come in ash?", "Hello, I saw the bench in your shop in Bristol and wonder whether",
             due=at(minutes=-8), owner=None, unread=True, reasons=[{"kind": "unanswered"}]),
    case_row(1031, "Ferry Lane Surgery", "Order 88120: six waiting-room chairs", "Thank you, Thursday suits us. The caretaker is in from seven.",
             due=at(minutes=18), owner="Kim Lindqvist", promises=1),
    case_row(1049, "Priya Raghunathan", "Charged twice for delivery", "You: We will refund the £38.50 delivery charge within 3 working days.", kind="complaint",
             due=at(minutes=40), reasons=[{"kind": "again"}], promises=1),
    case_row(1038, "Harriet Nwosu", "A word of thanks", "The two lads who brought the wardrobe could not have been kinder.", kind="compliment", owner="Bea Adeyemi"),
    case_row(1036, "Ola Bergström", "Please make the lamp in black", "It would go so well with the desk.", kind="suggestion", owner=None, last_at=at(days=-2)),
]  # fmt: skip

LETTER = """Hello,

this is now the third time I am writing about the table. The top came with a scratch as long as my hand, and on Tuesday I was told somebody would ring me before five. Nobody did.

I have guests on Saturday week. Could you please tell me, plainly, when the new top comes?

Ann Marlowe"""
REPLY = """Dear Ms Marlowe,

you are right, and I am sorry: you were promised a call on Tuesday and it did not come. That was my doing.

Your replacement table top leaves the workshop on Thursday, and I’ll send you the tracking number the same day. I’ll ring you before five today with what the carrier says.

Sam Okafor"""


def message(id: int, way: str, who: str, when: datetime, body: str, **rest: Any) -> dict[str, Any]:
    return {
        "id": id, "way": way, "who": who, "channel": "email", "at": when, "body": body, "original_href": None, "attachments": [],
        "address": None, "delivery": None, "reading": [], "promises": [], "public": False, **rest,
    }  # fmt: skip


THREAD = [
    message(1, "in", "Ann Marlowe", at(days=-2, hours=-4), LETTER, reading=[
        {"words": "Complaint", "tone": "warn"}, {"words": "Disappointed", "tone": "warn"}, {"words": "Poor quality", "tone": None},
        {"words": "Wants: a replacement", "tone": None}],
        attachments=[
            {"name": "table-top, seen from the window.jpg", "size": "1.2 MB", "href": "#", "shown_href": PICTURE, "is_image": True},
            {"name": "invoice 88031.pdf", "size": "84 kB", "href": "#", "shown_href": None, "is_image": False},
            {"name": "what the carrier wrote.txt", "size": "2 kB", "href": "#", "shown_href": "#", "is_image": False},
        ]),
    message(2, "note", "Kim Lindqvist", at(days=-2, hours=-3), "Oiled oak tops are back on the line from Wednesday. Ron can put this one first.", channel="note"),
    message(3, "out", "Sam Okafor", at(days=-1, hours=-2), REPLY, address="ann@example.org",
        promises=[{"quote": QUOTES[0], "state": "open", "href": "#"}, {"quote": QUOTES[1], "state": "open", "href": "#"}],
        delivery={"words": "Arrived Wed 25 Nov, 12:21 GMT", "tone": "good"}),
    message(4, "in", "Ann Marlowe", at(hours=-1), "Nobody did. Could you please tell me, plainly, when the new top comes?", original_href="/letter.html"),
]  # fmt: skip

FOUND = [
    {"key": "a", "quote": QUOTES[0], "due": at(days=1, hours=2.67), "asks": False, "strength": "promise", "warning": None, "kept": True, "chosen": "", "own": "", "offers": []},
    {"key": "b", "quote": "I’ll have the hinge looked at.", "due": None, "asks": True, "strength": "promise", "warning": None, "kept": True, "chosen": "", "own": "", "offers": [
        {"value": "2026-11-26T17:00Z", "about": "End of today", "words": "Thu 26 Nov, 17:00 GMT"},
        {"value": "2026-11-27T12:00Z", "about": "Tomorrow noon", "words": "Fri 27 Nov, 12:00 GMT"},
        {"value": "2026-11-30T17:00Z", "about": "In two working days", "words": "Mon 30 Nov, 17:00 GMT"}]},
    {"key": "c", "quote": "The new top comes next Friday.", "due": at(days=1), "asks": False, "strength": None, "warning": None, "kept": True, "chosen": "2026-11-27T17:00Z", "own": "", "offers": [
        {"value": "2026-11-27T17:00Z", "about": "next Friday", "words": "Fri 27 Nov, 17:00 GMT"},
        {"value": "2026-12-04T17:00Z", "about": "next Friday", "words": "Fri 4 Dec, 17:00 GMT"}]},
]  # fmt: skip
CHECKS = [
    {"name": "regret", "words": "The anger is not answered yet", "help": "Who feels heard can hear the rest.",
     "suggestion": "I am sorry, Ann Marlowe: I understand that this has made you angry."},
    {"name": "reason", "words": "Say why it happened", "help": "Short, and no excuse: it shows that somebody looked.",
     "suggestion": "It happened because [[the reason, as far as you know it]]."},
    {"name": "never_again", "words": "Say what keeps it from happening again", "help": "Only where something has changed; then it is worth a sentence.",
     "suggestion": "So that it does not happen again, [[what you have changed]]."},
    {"name": "vague_time", "words": "“as soon as possible” tells no time", "help": "Name a day that you can keep.",
     "suggestion": "You will hear from me by Monday 30 November."},
    {"name": "question", "words": "They asked: “Will the new top have the same grain?”", "help": "Nothing in your words comes back to it.",
     "suggestion": "You asked: “Will the new top have the same grain?” [[the answer]]"},
]  # fmt: skip
WELL = ["You take it on", "You say what will be put right"]


NOTHING_KEPT = {"text": "", "words": "", "asks": False}


def case_page(**rest: Any) -> dict[str, Any]:
    return {
        **STAFF,
        "here": "cases",
        "case": {
            "number": 1042, "subject": "Scratched table top", "status": "open", "kind": "complaint", "cause": "late", "owner": "Sam Okafor", "channel_words": "by email",
            "opened_at": at(days=-2, hours=-4), "public": False,
            "customer": {"name": "Ann Marlowe", "href": "#", "zone": ZONE, "since": at(days=-620), "expects": "A call rather than a letter", "cases": 3,
                         "rate": "11 of 13 kept, 1 moved, 1 broken"},
        },
        "reasons": [{"kind": "escalated"}, {"kind": "angry"}],
        "messages": THREAD,
        "last_message": 4,
        "last_answer": 3,
        "theirs": [],
        "promises": [PROMISES[0], promise("2b", 0, "open", at(days=1, hours=2)), promise("6b", 3, "kept", at(days=-20))],
        "staff": [(1, "Sam Okafor"), (2, "Kim Lindqvist"), (3, "Bea Adeyemi")],
        "owner_pk": 1,
        "kinds": [("enquiry", "Enquiry"), ("suggestion", "Suggestion"), ("complaint", "Complaint"), ("compliment", "Compliment")],
        "statuses": [("open", "Open"), ("waiting", "Waits for the customer"), ("closed", "Closed")],
        "causes": [("", "None of these"), ("late", "Late"), ("poor_quality", "Poor quality")],
        "next": {"words": "", "quote": QUOTES[1], "href": "#", "due": at(minutes=-25), "is_late": True, "more": 3},
        "again": {
            "denied": False, "number": 987, "href": "#", "subject": "Table arrived scratched", "opened_at": at(days=-31), "cause": "Poor quality",
            "promises": [promise("9b", 0, "broken", at(days=-20)), promise("9c", 2, "kept", at(days=-26))],
        },
        **remedy_pages.beside(),
        "clocks": [
            {"id": 3, "words": "First answer", "state": "running", "late": False, "due": at(hours=2), "early": None, "paused_at": None,
             "ended_at": None, "policy_from": at(days=-260), "reason": None, "can_be_longer": False},
            {"id": 4, "words": "The end of the matter", "state": "running", "late": False, "due": at(days=40), "early": at(days=2), "paused_at": None,
             "ended_at": None, "policy_from": at(days=-260), "reason": None, "can_be_longer": True},
            {"id": 5, "words": "Word of how it stands", "state": "paused", "late": False, "due": at(days=1), "early": None, "paused_at": at(hours=-5),
             "ended_at": None, "policy_from": None, "reason": None, "can_be_longer": False},
            {"id": 6, "words": "Next answer", "state": "met", "late": True, "due": at(days=-2), "early": None, "paused_at": None,
             "ended_at": at(days=-1), "policy_from": None, "reason": None, "can_be_longer": False},
        ],
        "told": {"by": at(hours=4), "words": "Of 41 cases of this kind in the last 8 weeks, nine in ten were answered within that."},
        "talk": None,
        "erased_at": None,
        "refused": "",
        "once": "invented",
        "miss_reasons": [("forgot", "We forgot"), ("no_capacity", "Too few hands")],
        "snooze": {
            "by": None, "until": None, "over": False, "may": True,
            "offers": [
                {"value": "1", "name": "Later today", "words": "Thursday 26 November, 17:30 (GMT)"},
                {"value": "2", "name": "Tomorrow morning", "words": "Friday 27 November, 09:00 (GMT)"},
                {"value": "3", "name": "Monday morning", "words": "Monday 30 November, 09:00 (GMT)"},
                {"value": "4", "name": "In a week", "words": "Thursday 3 December, 09:00 (GMT)"},
            ],
        },
        "composer": {
            "draft": "Dear Ms Marlowe,\n\nI have just come off the phone with the carrier. " + QUOTES[0] + " I’ll have the hinge looked at.\n\nSam Okafor",
            "note_draft": "", "kept": NOTHING_KEPT, "note_kept": NOTHING_KEPT, "way": "out", "format": "plain", "to": "To ann@example.org, by email",
            "templates": [{"name": "We are sorry, and what now", "body": "I am sorry."}, {"name": "It has left", "body": "It left today."}],
            "next_word": {"value": "2", "offers": [{"value": "1", "words": "Fri 27 Nov, 12:00 GMT"}, {"value": "2", "words": "Mon 30 Nov, 12:00 GMT"}]},
        },
        "files": {
            "has": [{"id": 1, "name": "hinge, drawn to scale.png", "size": "212 kB", "href": PICTURE, "is_image": True},
                    {"id": 2, "name": "terms of return 2026.pdf", "size": "88 kB", "href": "#", "is_image": False}],
            "href": "#", "size_most": 15728640, "most": 20, "most_words": "15 MB",
        },
        "felt": {"words": "Angry", "tone": "alarm", "quotes": ["the second table", "not acceptable"], "message": 4},
        "linked": {"parent": 1031, "is_linked": True, "children": 0},
        "may_answer": True,
        "found": FOUND,
        "checks": CHECKS,
        "well": WELL,
        "drafts_on": False,
        "waved_off": 1,
        "english_only": False,
        "record": {"errors": [], "quote": "", "due": "", "strength": "promise", "open": False,
                   "strengths": [("aim", "Aim: we try"), ("expect", "Expect: most likely"), ("promise", "Promise"), ("guarantee", "Guarantee")]},
        "errors": [],
        "stopped": None,
        "undo": None,
        "formal": None,
        "formal_letter": None,
        "formal_sent": [],
        "ends_without": False,
        **rest,
    }  # fmt: skip


EVENTS = [
    {"at": at(minutes=-10), "words": "Escalated to the workshop team", "sign": "rise"},
    {"at": at(hours=-2), "words": "Sam was warned", "sign": "bell", "detail": "Two hours before the date, as set for promises of a day."},
    {"at": at(days=-1, hours=-1), "words": "Moved from Wed 25 Nov, 17:00 GMT", "state": "moved", "who": "Sam Okafor",
     "detail": "Told by email, arrived Tue 24 Nov, 15:02 GMT: 26 h before the date.", "quote": "The carrier loads a day later than I thought. It is Thursday now, and I am sorry."},
    {"at": at(days=-2), "words": "Given", "state": "open", "who": "Sam Okafor"},
    {"at": at(days=-2, minutes=-1), "words": "Found in a reply", "state": "proposed", "who": "Troth"},
]  # fmt: skip


def promise_page(state: str, can: list[str], **rest: Any) -> dict[str, Any]:
    return {
        **STAFF,
        "here": "promises",
        "p": {
            "id": 7, "quote": QUOTES[0], "state": state, "due": at(hours=2.67), "first_due": at(days=-1, hours=2.67), "strength": "promise", "owner": "Kim Lindqvist",
            "mine": False, "made_at": at(days=-2), "made_by": "Sam Okafor", "team": "Workshop", "condition": None, "calendar": "Mon–Fri, 8:00–17:00, England",
            "moves": 1, "notice": "a quarter of the promised span before it is due", "told_by": at(minutes=70), "miss_reason": None,
            "customer": {"name": "Ann Marlowe", "href": "#"}, "case": {"number": 1042, "href": "#"}, "words": "send your table top",
        },
        "source": {"before": "That was my doing.\n\n", "marked": QUOTES[0], "after": " I’ll ring you before five today.", "href": "#", "at": at(days=-2), "who": "Sam Okafor"},
        "events": EVENTS,
        "can": can,
        "move": {"errors": [], "due": "", "words": "Dear Ms Marlowe,\n\nI said your table top would leave today. It will not: the oil needs another night. The new day is", "reason": "",
                 "reasons": [("over", "We promised too much"), ("waited", "We waited for someone else"), ("forgot", "It was forgotten")],
                 "offers": [{"value": "1", "words": "Fri 27 Nov, 17:00 GMT"}, {"value": "2", "words": "Mon 30 Nov, 12:00 GMT"}, {"value": "3", "words": "Wed 2 Dec, 17:00 GMT"}],
                 "third": False, "offer": "", "open": False},
        "open_up": {"errors": [], "due": "", "offer": "1", "armed": False, "open": False,
                    "offers": [{"value": "1", "words": "Fri 27 Nov, 17:00 GMT"}, {"value": "2", "words": "Mon 30 Nov, 12:00 GMT"}]},
        "void": {"errors": [], "reason": "", "open": False},
        "release": {"errors": [], "words": "", "open": False},
        **rest,
    }  # fmt: skip


def mine(id: str, quote: int, state: str, due: datetime | None, **rest: Any) -> dict[str, Any]:
    return {
        "id": id, "quote": QUOTES[quote], "state": state, "state_words": None, "by": "Sam, Tuesday 24 November", "says": "", "due": due, "moved_words": None,
        "events": [], "asks": False, "verdict_words": None, "calendar_href": None, "receipts": [{"words": "Our word", "at": at(days=-2), "href": "#"}],
        "receipt_href": "#", **rest,
    }  # fmt: skip


RECEIPTS = [
    {"words": "Our word", "at": at(days=-2), "href": "#"}, {"words": "What we wrote to you about it", "at": at(days=-1), "href": "#"},
    {"words": "The new date", "at": at(days=-1), "href": "#"}, {"words": "When you were told", "at": at(days=-1, minutes=2), "href": "#"},
]  # fmt: skip
MINE_AHEAD = [
    mine("1", 1, "open", at(hours=2.67), state_words="To come", says="We’ll ring you by", calendar_href="#"),
    mine(
        "2",
        0,
        "moved",
        at(days=1, hours=2.67),
        state_words="Moved",
        says="It is now due by",
        calendar_href="#",
        events=EVENTS[2:],
        receipts=RECEIPTS,
        moved_words="We first said Wednesday. We told you on Tuesday, a day before, that the carrier loads later.",
    ),
    mine(
        "3", 4, "armed", None, state_words="Waits for your photos", says="One working day after your photos reach us."
    ),
]
MINE_BEHIND = [
    mine("4", 3, "kept", None, by="Bea, 2 November", says="You had them on Thu 5 Nov, a day early.", asks=True),
    mine("5", 6, "late", None, by="Sam, 10 November", says="We wrote on Wed 18 Nov, a day after the date, and had not told you. That should not have happened.", verdict_words="You told us we did not keep it, 18 Nov."),
    mine("6", 7, "broken", None, by="Kim, 3 September", says="We did not do this. We have offered you £40 and an apology, 12 September.", verdict_words="You told us we did not keep it, 12 Sep."),
]  # fmt: skip
ANYONE = [("", "Anyone"), ("1", "Sam Okafor"), ("2", "Kim Lindqvist")]


def ours() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page of our own."""
    today = {
        **STAFF,
        "here": "today",
        "day": NOW,
        "figures": FIGURES,
        "views": VIEWS,
        "warnings": [],
        "spikes": [incident_pages.SPIKE],
    }
    called = [
        {
            "case": 1042,
            "href": "#",
            "subject": "Scratched table top",
            "by": "Kim Lindqvist",
            "words": "@Sam Okafor can you ring her before five?",
            "at": at(minutes=-12),
        },
        {
            "case": 1031,
            "href": "#",
            "subject": "Six waiting-room chairs",
            "by": None,
            "words": "",
            "at": at(minutes=-2),
        },
    ]
    yield "today", "desk/today.html", {**today, "called": called, "sections": today_sections()}
    silent = "Mail has not come in for 40 minutes. Letters still go out; the mailbox is asked again every minute."
    calm = {**FIGURES, "due_today": 0, "at_risk": 0, "unanswered": 0}
    gone = {"id": 2, "name": "Kim Lindqvist", "since": at(days=-1), "until": at(days=6), "here_yet": False,
            "due": [{"href": "#", "words": "#1042 Scratched table top", "due": at(hours=2)}, {"href": "#", "words": QUOTES[3], "due": at(days=1)}],
            "takers": [(1, "Sam Okafor"), (3, "Bea Adeyemi")]}  # fmt: skip
    yield "away", "desk/away.html", {
        **STAFF, "here": "away", "me": {"since": "", "until": "", "away": False}, "may_lead": True, "people": [(2, "Kim Lindqvist"), (3, "Bea Adeyemi")],
        "away": [gone], "handed": [{"id": 1, "words": "4 of Bea Adeyemi went to Sam Okafor", "at": at(days=-3)}],
    }  # fmt: skip
    yield "today-empty", "desk/today.html", {**today, "sections": [], "warnings": [silent], "figures": calm}

    views = [
        {"words": "Open", "href": "#", "here": True, "count": 31},
        {"words": "Mine", "href": "#", "count": 12},
        {"words": "Waiting", "href": "#", "count": 9},
        {"words": "Closed", "href": "#"},
    ]
    cases = {
        **STAFF,
        "here": "cases",
        "views": views,
        "search": "",
        **many_pages.BESIDE_LIST,
        "cases": CASES,
        "pages": {"words": "1–6 of 31", "newer": None, "older": "#"},
    }
    yield "cases", "cases/list.html", cases
    yield from many_pages.pages(cases)
    yield from incident_pages.pages({**STAFF, "here": "incidents"}, at=at)
    yield from order_pages.pages({**STAFF, "here": "orders"}, at=at)
    yield from cohort_pages.pages({**STAFF, "here": "incidents"}, at=at)
    yield from telling_pages.pages({**STAFF, "here": "incidents"}, at=at)
    yield from remedy_pages.pages({**STAFF, "here": "remedies"}, at=at)
    yield from moving_pages.pages({**STAFF, "here": "moving"}, at=at)
    yield from lead_pages.pages(STAFF)
    yield "cases-nothing", "cases/list.html", {**cases, "search": "wardrobe", "cases": [], "pages": None}
    yield "case", "cases/case.html", case_page()
    yield (
        "case-stopped",
        "cases/case.html",
        case_page(
            stopped={"words": "Ann Marlowe wrote again while you were writing.", "messages": 1},
            errors=[],
            undo={"seconds": 10, "words": "Your reply leaves in a moment."},
        ),
    )
    yield from drafting_pages.pages(case_page(found=[], checks=[], well=[], waved_off=0))
    kept = {"text": REPLY, "words": "Written further elsewhere at 14:12 GMT", "asks": True}
    asks = "You went on writing this elsewhere. Choose which words count, then send."
    yield "case-elsewhere", "cases/case.html", case_page(
        stopped={"words": asks}, composer={**case_page()["composer"], "kept": kept},
    )  # fmt: skip
    erased = {"erased_at": at(days=-1), "refused": "Ann rang about the wardrobe.", "undo": None, "stopped": None}
    yield "case-final-response", "cases/case.html", formal_pages.final_response(case_page())
    yield "case-holding-reply", "cases/case.html", formal_pages.holding_reply(case_page())
    yield "case-without-final-response", "cases/case.html", formal_pages.ends_without(case_page())
    erased_page = case_page(messages=[], promises=[], reasons=[], errors=[], next=None, **erased)
    yield "case-erased", "cases/case.html", erased_page
    yield (
        "case-note",
        "cases/case.html",
        case_page(
            found=[],
            checks=[],
            well=[],
            waved_off=0,
            english_only=True,
            promises=[],
            reasons=[],
            composer={
                **case_page()["composer"],
                "way": "note",
                "draft": "",
                "note_draft": "Ron says Thursday is safe.",
            },
        ),
    )
    form = dict.fromkeys(
        ["customer", "handle", "channel", "subject", "body", "talked_at", "kind", "promise", "promise_due"], ""
    )
    wrong = {f"{name}_error": None for name in form}
    talk = {
        **STAFF,
        "here": "cases",
        "channels": [("phone", "On the phone"), ("talk", "Face to face")],
        "kinds": case_page()["kinds"],
        "customers": [],
    }
    yield "case-new", "cases/new.html", {**talk, "errors": [], "form": {**form, **wrong}}
    yield (
        "case-new-wrong",
        "cases/new.html",
        {
            **talk,
            "errors": [
                {"id": "id_customer", "words": "Say who it was"},
                {"id": "id_promise_due", "words": "Say by when: a promise has a date"},
            ],
            "form": {
                **form,
                **wrong,
                "customer_error": "Say who it was",
                "promise": "I’ll send the drawings.",
                "promise_due_error": "Say by when: a promise has a date",
            },
        },
    )

    states = [{"words": "Open", "href": "#", "here": True, "count": 58, "state": "open"}, {"words": "Armed", "href": "#", "count": 4, "state": "armed"}, {"words": "Proposed", "href": "#", "count": 7, "state": "proposed"},
              {"words": "Kept", "href": "#", "state": "kept"}, {"words": "Moved", "href": "#", "state": "moved"}, {"words": "Late", "href": "#", "state": "late"}, {"words": "Broken", "href": "#", "state": "broken"},
              {"words": "Released", "href": "#", "state": "released"}, {"words": "Void", "href": "#", "state": "void"}]  # fmt: skip
    listed = {
        **STAFF, "here": "promises", "figures": RATES, "method": "Of promises decided in the last 90 days, judged against the date first given.", "states": states,
        "filters": dict.fromkeys(["owner", "team", "due", "made", "search", "state"], ""), "owners": ANYONE, "teams": [("", "Any team"), ("1", "Workshop")],
        "dues": [("", "Any time"), ("today", "Today")], "mades": [("", "Any time"), ("week", "This week")], "pages": None, "filtered": False,
    }  # fmt: skip
    yield from prevention_pages.pages({**STAFF, "here": "incidents"})
    yield "promises", "promises/list.html", {**listed, "promises": PROMISES}
    yield "promises-none", "promises/list.html", {**listed, "promises": []}
    yield "promise", "promises/promise.html", promise_page("open", ["keep", "move", "release", "void", "own"])
    yield "promise-move", "promises/promise.html", promise_page("moved", ["keep", "move", "release", "void"], move={
        **promise_page("open", [])["move"], "open": True, "third": True, "errors": [{"id": "move_due", "words": "Choose the new day"}]})  # fmt: skip
    yield "promise-proposed", "promises/promise.html", promise_page("proposed", ["confirm", "void"])
    yield "promise-armed", "promises/promise.html", promise_page("armed", ["confirm", "release"], open_up={
        **promise_page("armed", [])["open_up"], "armed": True, "open": True, "errors": [{"id": "open_due", "words": "Choose the date."}]})  # fmt: skip
    yield "promise-broken", "promises/promise.html", promise_page("broken", [], source=None)

    people = [
        {"id": n, "href": "#", "name": name, "handle": handle, "cases": n % 3, "promises": n % 4, "word": word, "last_at": at(hours=-7 * n), "marks": marks}
        for n, (name, handle, word, marks) in enumerate([
            ("Ann Marlowe", "ann@example.org", "11 of 13 kept", [{"words": "Angry", "tone": "alarm"}]), ("Ferry Lane Surgery", "office@ferrylane.example", "4 of 4 kept", []),
            ("Wilhelmina Featherstonehaugh-Cholmondeley", "w.featherstonehaugh-cholmondeley@a-rather-long-domain.example", "2 of 2 kept", []), ("Tomasz Wilk", "+44 117 496 0123", "nothing decided yet", []),
        ], start=1)
    ]  # fmt: skip
    yield (
        "customers",
        "desk/customers.html",
        {**STAFF, "here": "customers", "search": "", "customers": people, "pages": None},
    )
    story = [
        {"day": NOW, "items": [{"at": at(hours=-1), "words": "Wrote to us", "sign": "mail", "href": "#", "detail": "“Nobody did. Could you please tell me, plainly, when the new top comes?”"}, *EVENTS[:2]]},
        {"day": at(days=-1), "items": [{"at": at(days=-1), "words": "We answered", "who": "Sam Okafor", "sign": "note", "href": "#"}, EVENTS[2]]},
        {"day": at(days=-21), "items": [{"at": at(days=-21), "words": "Kept", "state": "kept", "quote": QUOTES[3], "href": "#"}, {"at": at(days=-30), "words": "Rang us", "sign": "phone", "who": "Bea Adeyemi"}]},
    ]  # fmt: skip
    yield "customer", "desk/customer.html", {
        **STAFF, "here": "customers", "customer": {"id": 5, "name": "Ann Marlowe", "since": at(days=-600), "zone": "Europe/London", "group": "vip", "expects": "A call rather than a letter", "language": "English"},
        "figures": [{"name": "Kept", "value": "11 of 13", "n": None, "window": "since March 2024", "tone": None, "state": "kept"}, {"name": "Surprises", "value": "1", "n": 13, "window": "decided", "tone": "alarm", "state": None},
                    {"name": "Open", "value": "2", "n": None, "window": "next in 2 h", "tone": None, "state": "open"}],
        "talk_href": "#",
        "handles": [{"kind": "email", "value": "ann@example.org", "confirmed": True, "bounced": False}, {"kind": "phone", "value": "+44 117 496 0123", "confirmed": False, "bounced": True}],
        "promises": [PROMISES[0], promise("2b", 0, "open", at(days=1, hours=2))], "cases": [{"href": "#", "number": 1042, "subject": "Scratched table top", "status_words": "open"}, {"href": "#", "number": 871, "subject": "Corner bench drawings", "status_words": "closed"}],
        "story": story, "merged": [{"name": "A. Marlowe", "at": at(days=-40), "merge": 3}],
        "merge": {"search": "", "errors": [], "found": [{"id": 9, "name": "Ann Marlow", "handle": "ann.m@example.net", "why": "same phone number"}]}, "pages": None,
    }  # fmt: skip

    def letter(id: int, state: str, words: str, **rest: Any) -> dict[str, Any]:
        return {"id": id, "to": "ann@example.org", "customer": "Ann Marlowe", "href": "#", "subject": "Re: Scratched table top", "state": state, "state_words": words,
                "at": at(minutes=-7 * id), "attempts": 1, "because": "Reply in #1042", "refused": None, "next_at": None, **rest}  # fmt: skip

    letters = [
        letter(1, "refused", "Refused", refused="550 5.1.1 <tomas@exmaple.org>: Recipient address rejected: User unknown", customer="Tomasz Wilk", to="tomas@exmaple.org"),
        letter(2, "waiting", "Leaves in a moment", attempts=0), letter(3, "unclear", "Unclear", next_at=at(minutes=5), attempts=2, because="Heads-up for a promise"), letter(4, "delivered", "Arrived", because="Reply in #1042 · with a receipt"),
        letter(5, "delivered", "Arrived", customer="Ferry Lane Surgery", to="office@ferrylane.example", subject="Your chairs leave on Thursday"), letter(6, "stopped", "Taken back"),
    ]  # fmt: skip
    kinds = [
        {"words": "All", "href": "#", "here": True},
        {"words": "On their way", "href": "#", "count": 2},
        {"words": "Refused", "href": "#", "count": 1},
    ]
    yield (
        "letters",
        "desk/letters.html",
        {**STAFF, "here": "letters", "views": kinds, "letters": letters, "pages": None},
    )

    yield "teams", "desk/teams.html", teams()
    yield "targets", "clocks/targets.html", targets()
    yield "targets-wrong", "clocks/targets.html", targets(wrong=True)
    yield "hours", "people/hours.html", hours()
    yield "hours-none", "people/hours.html", {**hours(), "calendars": []}
    yield from accounts()
    yield from webhooks()
    yield from chat_pages.pages(STAFF)
    yield from search_pages.pages(STAFF, at=at)

    nobody = {**CUSTOMER, "customer": None}
    yield (
        "portal-open",
        "portal/open.html",
        {**nobody, "company_url": "care.harbourpine.example", "post_to": "#", "zone": None},
    )
    yield "portal-mine", "portal/mine.html", {
        **CUSTOMER, "ahead": MINE_AHEAD, "behind": MINE_BEHIND, "sum": {"words": "We have given you our word 13 times. We kept it 11 times, moved it once after telling you, and broke it once."},
        "cases": [{"number": 1042, "href": "#", "subject": "Scratched table top", "words": "You wrote an hour ago. Sam answers by Thu 26 Nov, 17:00 GMT.", "status_words": "open", "last_at": NOW}, {"number": 871, "href": "#", "subject": "Corner bench drawings", "words": "Settled on 5 November.", "status_words": "settled", "last_at": NOW}],
        "write_href": "#", "receipts_href": "#", "incidents": incident_pages.concerning(at), "remedies": remedy_pages.mine(at),
    }  # fmt: skip
    yield "portal-receipt-soon", "portal/receipt_soon.html", {**CUSTOMER, "again": "#", "any": True}
    yield "portal-receipt-none", "portal/receipt_soon.html", {**CUSTOMER, "again": "#", "any": False}
    yield (
        "portal-mine-new",
        "portal/mine.html",
        {
            **CUSTOMER,
            "ahead": [],
            "remedies": [],
            "behind": [],
            "sum": None,
            "cases": [],
            "write_href": "#",
            "receipts_href": None,
        },
    )
    said = [
        {
            "id": 1,
            "way": "in",
            "who": "You",
            "at": at(days=-2),
            "body": LETTER,
            "attachments": THREAD[0]["attachments"],
        },
        {"id": 2, "way": "out", "who": "Sam Okafor", "at": at(days=-1), "body": REPLY, "attachments": []},
    ]
    one = {"number": 1042, "subject": "Scratched table top", "status_words": "open, with Sam", "closed": False}
    yield (
        "portal-case",
        "portal/case.html",
        {
            **CUSTOMER,
            "case": one,
            "messages": said,
            "promises": MINE_AHEAD[:1],
            "reply": {"body": "", "errors": [], "says": "You’ll have an answer by Fri 27 Nov, 10:00 GMT.", "once": "x"},
        },
    )
    yield (
        "portal-case-wrong",
        "portal/case.html",
        {
            **CUSTOMER,
            "case": {**one, "closed": True},
            "messages": said[:1],
            "promises": [],
            "reply": {
                "body": "",
                "errors": [{"id": "id_body", "words": "Write a few words first"}],
                "says": None,
                "once": "x",
            },
        },
    )
    gone = {**nobody, "renew_to": "#", "sent": False, "closed": False, "write_href": "#", "zone": None}
    yield "portal-gone", "portal/gone.html", gone
    yield "portal-closed", "portal/gone.html", {**gone, "closed": True}
    fields = {
        **dict.fromkeys(["name", "email", "subject", "body", "order"], ""),
        **{f"{name}_error": None for name in ["name", "email", "subject", "body"]},
    }
    table = json.dumps(receipt_words.TABLE)
    keys = ["care.harbourpine.example/record+0e6ece82+Ablq7GdgSYJgyQ0ohCJBVoUTzV1pTW0AV3Oa3e8fY1Bl"]
    yield "receipt-check", "record/verify.html", {**nobody, "zone": None, "keys": keys, "table": table}
    yield (
        "webform",
        "webform/form.html",
        {
            **nobody,
            "says": "Nine in ten people hear from us within 3 h 40 min (last 90 days, 412 letters).",
            "form": fields,
            "errors": [],
            "token": "x",
        },
    )
    yield (
        "webform-wrong",
        "webform/form.html",
        {
            **nobody,
            "says": None,
            "form": {**fields, "email": "ann@", "email_error": "An address has a name, an @ and a place"},
            "errors": [{"id": "id_email", "words": "An address has a name, an @ and a place"}],
            "token": "x",
        },
    )
    yield (
        "webform-sent",
        "webform/sent.html",
        {
            **nobody,
            "reference": "1062",
            "email": "ann@example.org",
            "answer_by": at(hours=3.67),
            "basis": "Nine in ten letters in the last 90 days were answered sooner than this (412 letters).",
        },
    )
    for code in ("403", "403_csrf", "404", "500", "503"):
        yield f"error-{code}", f"{code}.html", {}


def webhooks() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What whoever runs the installation sees of webhooks."""
    hook = {"id": 3, "name": "Warehouse", "url": "https://hooks.example.org/troth", "kinds": 0, "state_words": "On", "tone": "good", "is_on": True, "off_at": None,
            "failing_since": None, "waiting": 0, "last_at": at(minutes=-2)}  # fmt: skip
    off = {**hook, "id": 4, "name": "Customer relations and their dashboard", "kinds": 3, "state_words": "Switched off: it took nothing for three days", "tone": "alarm", "is_on": False,
           "off_at": at(hours=-5), "waiting": 1204, "last_at": at(hours=-5)}  # fmt: skip
    trouble = {**hook, "id": 5, "name": "Bookkeeping", "url": "https://books.example.org:8443/in?tenant=harbour-and-pine", "kinds": 1, "state_words": "In trouble", "tone": "warn",
               "failing_since": at(hours=-2), "waiting": 17}  # fmt: skip
    yield "hooks", "hooks/list.html", {**STAFF, "endpoints": [off, trouble, hook]}
    yield "hooks-none", "hooks/list.html", {**STAFF, "endpoints": []}

    def sent(id: int, type: str, words: str, tone: str, **rest: Any) -> dict[str, Any]:
        return {"id": id, "message_id": f"evt_{id:032x}", "type": type, "state_words": words, "tone": tone, "attempts": 1, "at": at(minutes=-id), "next_at": None, "status": 200,
                "millis": 84, "said": "", "again": True, **rest}  # fmt: skip

    one_hook = {
        **STAFF, "e": {**trouble, "made_by": "Sam Okafor", "made_at": at(days=-40)}, "types": ["promise.kept", "promise.moved", "promise.late"], "secret_made_at": "x", "both_until": at(hours=7),
        "views": [{"words": words, "href": "#", "here": words == "Everything"} for words in ("Everything", "Waits", "Taken", "Given up")], "view": "", "kind": "",
        "kinds": [("", "every kind"), ("PromiseKept", "promise.kept")], "pages": None,
        "deliveries": [
            sent(1, "promise.late", "Waits", "calm", attempts=3, status=503, millis=5000, said="upstream connect error or disconnect before headers", next_at=at(minutes=26), again=False),
            sent(2, "webhook.test", "Not taken", "alarm", status="no answer", millis=12, said="Its certificate cannot be believed: certificate has expired.", again=False),
            sent(3, "promise.kept", "Taken", "good"), sent(4, "promise.moved", "Given up", "alarm", attempts=10, status=404, said="Not Found"),
            sent(5, "promise.kept", "Waits", "calm", attempts=0, status=None, millis=None, again=False),
        ],
    }  # fmt: skip
    yield "hook", "hooks/endpoint.html", one_hook
    yield (
        "hook-off",
        "hooks/endpoint.html",
        {
            **one_hook,
            "e": {**off, "made_by": "", "made_at": at(days=-40)},
            "types": [],
            "both_until": None,
            "deliveries": [],
        },
    )
    groups = [{"name": thing, "kinds": [{"kind": f"{thing}-{what}", "type": f"{thing}.{what}", "chosen": what == "kept"} for what in whats]} for thing, whats in (
        ("case", ["answered", "changed", "joined", "opened"]), ("customer", ["met", "told"]), ("letter", ["delivered", "queued", "refused", "taken_back", "unclear"]),
        ("promise", ["broken", "done_late", "kept", "late", "made", "moved", "opened", "released", "voided"]))]  # fmt: skip
    form = {"name": "Warehouse", "url": "http://intranet/", "wants": "some", "once": "x"}
    yield "hook-form", "hooks/form.html", {
        **STAFF, "endpoint": None, "form": form, "groups": groups, "problems": {"url": "Only addresses that begin with https:// can be sent to.", "kinds": "Choose at least one kind of event, or everything"},
        "errors": [{"id": "id_url", "words": "Only addresses that begin with https:// can be sent to."}, {"id": "id_kinds", "words": "Choose at least one kind of event, or everything"}],
    }  # fmt: skip
    yield (
        "hook-secret",
        "hooks/secret.html",
        {**STAFF, "e": hook, "secret": "whsec_" + "q" * 43 + "=", "is_new": False, "hours": 24},
    )


def accounts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Who works here, and how they sign in."""
    admin = {**STAFF, "shell": {**STAFF["shell"], "staff": "Bea Adeyemi", "may_run": True}}
    roles = [("agent", "Agent: answers customers"), ("lead", "Lead: also merges, voids, and is told when time runs out"), ("admin", "Admin: also says who works here and how")]  # fmt: skip
    teams = [("", "No team"), ("1", "Workshop")]
    zones = [("UTC", "UTC"), ("Europe/London", "Europe / London")]

    def person(id: int, name: str, email: str, role: str, **rest: Any) -> dict[str, Any]:
        return {"id": id, "name": name, "email": email, "me": False, "role": role, "team": "Workshop", "active": True, "factor": False,
                "last_at": at(hours=-7 * id), **rest}  # fmt: skip

    staff = {
        **admin, "here": "staff", "bare_admins": "Bea Adeyemi, Kim Lindqvist", "factors": "admins", "receipts": "yes",
        "receipt_choices": [("yes", "Carries the receipt"), ("no", "Carries none")],
        "factor_choices": [("nobody", "Nobody must, everybody may"), ("admins", "Admins must"), ("everyone", "Everybody must")],
        "people": [
            person(1, "Bea Adeyemi", "bea@harbourpine.example", "Admin", me=True),
            person(2, "Sam Okafor", "sam@harbourpine.example", "Agent", factor=True),
            person(3, "Wilhelmina Featherstonehaugh-Cholmondeley", "w.featherstonehaugh-cholmondeley@a-rather-long-domain.example", "Lead", team="", last_at=None),
            person(4, "Ron Tanner", "ron@harbourpine.example", "Agent", active=False),
        ],
        "invites": [
            {"id": 1, "address": "ines@harbourpine.example", "role": "Agent", "team": "Workshop", "by": "Bea Adeyemi", "expires_at": at(days=2), "expired": False},
            {"id": 2, "address": "w.featherstonehaugh-cholmondeley@a-rather-long-domain.example", "role": "Lead", "team": "", "by": "Kim Lindqvist", "expires_at": at(days=-1), "expired": True},
        ],
        "invite": {"errors": [], "address": "", "role": "agent", "team": "", "roles": roles, "teams": teams},
    }  # fmt: skip
    yield "staff", "people/staff.html", staff
    wrong = {
        **staff["invite"],
        "address": "ines@",
        "errors": [{"id": "id_address", "words": "Write one email address."}],
    }
    yield "staff-wrong", "people/staff.html", {**staff, "bare_admins": "", "invites": [], "invite": wrong}
    one = {**person(2, "Sam Okafor", "sam@harbourpine.example", "agent"), "team": "1", "joined_at": at(days=-400)}
    yield (
        "staff-one",
        "people/person.html",
        {**admin, "here": "staff", "person": one, "roles": roles, "teams": teams, "stopped": ""},
    )
    stopped = "They are the last who can run this installation. Make somebody else an admin first."
    last = {**one, "active": False, "last_at": None, "me": True}
    yield (
        "staff-last",
        "people/person.html",
        {**admin, "here": "staff", "person": last, "roles": roles, "teams": teams, "stopped": stopped},
    )
    key = {
        "id": 1, "name": "Webshop", "prefix": "troth_1f6c09ab_…", "staff": "Sam Okafor", "scopes": ["cases:read", "messages:write"],
        "state_words": "opens", "tone": "good", "stands": True, "used_at": at(minutes=-3), "expires_at": at(days=300),
    }  # fmt: skip
    revoked = {
        **key,
        "id": 2,
        "name": "Old webshop",
        "state_words": "revoked",
        "tone": "alarm",
        "stands": False,
        "used_at": None,
        "expires_at": None,
    }
    asked = {
        "errors": [], "name": "", "staff": "1", "people": [("1", "Bea Adeyemi"), ("2", "Sam Okafor")], "life": "365",
        "lives": [("365", "A year"), ("", "Until it is revoked")],
        "scopes": [("cases:read", "Read cases and what was said in them", True), ("replies:write", "Answer customers", False)],
    }  # fmt: skip
    yield "keys", "people/keys.html", {**admin, "keys": [key, revoked], "form": asked}
    lacks = [{"id": "id_scopes", "words": "Choose at least one thing it may do."}]
    yield "keys-none", "people/keys.html", {**admin, "keys": [], "form": {**asked, "errors": lacks}}
    yield "key", "people/key.html", {**admin, "made": key, "secret": "troth_1f6c09ab_" + "0f" * 32}
    mine = {
        **admin, "here": "me", "me": {"name": "Bea Adeyemi", "email": "bea@harbourpine.example", "role": "Admin"}, "password": True,
        "app": {"since": at(days=-90), "last_at": at(hours=-3)}, "codes_left": 7, "owes": False, "advice": False,
        "passkeys": [{"id": 1, "name": "The workshop’s laptop", "since": at(days=-60), "last_at": at(days=-1)}, {"id": 2, "name": "Key ring", "since": at(days=-2), "last_at": None}],
        "sessions": [
            {"id": 1, "words": "Firefox on Linux", "from": "203.0.113.7", "since": at(hours=-2), "here": True},
            {"id": 2, "words": "Safari on iPhone", "from": "2001:db8:85a3:8d3:1319:8a2e:370:7348", "since": at(days=-6), "here": False},
        ],
    }  # fmt: skip
    yield "me", "people/me.html", mine
    bare = {**mine, "password": False, "app": None, "passkeys": [], "codes_left": None, "sessions": []}
    yield "me-owes", "people/me.html", {**bare, "owes": True}
    yield "me-advice", "people/me.html", {**bare, "advice": True}
    invited = {
        **STAFF,
        "address": "ines@harbourpine.example",
        "by": "Bea Adeyemi",
        "name": "",
        "zone_chosen": "Europe/London",
        "zones": zones,
        "errors": [],
        "post_to": "#",
    }
    yield "invite", "people/invite.html", invited
    short = [{"id": "id_password", "words": "This password is too short. It must contain at least 10 characters."}]
    yield "invite-wrong", "people/invite.html", {**invited, "errors": short}
    yield "invite-gone", "people/invite_gone.html", {**STAFF, "state": "expired"}
    said = dict.fromkeys(["company", "country", "name", "email"], "")
    yield (
        "set-up",
        "people/set_up.html",
        {
            **STAFF,
            "company": "Troth",
            "asks_company": True,
            "said": said,
            "zone_chosen": "UTC",
            "zones": zones,
            "errors": [],
            "post_to": "#",
        },
    )


def sign_in() -> Iterator[tuple[str, str]]:
    """allauth's pages, in our dress."""
    from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
    from django import forms
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    request = RequestFactory().get("/sign-in/")

    class Code(forms.Form):
        code = forms.CharField(label="Code from your app, or a recovery code")
        secret = "SUFAP2GSP3KL5IJNDHIK44N7YKJSJXRR"

    class Credential(forms.Form):
        credential = forms.CharField(widget=forms.HiddenInput)

    class Passkey(Credential):
        name = forms.CharField(label="What you call it", initial="A passkey")
        passwordless = forms.BooleanField(label="Sign in with it alone, without a password", initial=True)

    def checked(form: forms.Form) -> forms.Form:
        form.is_valid()
        return form

    code, wrong_code, credential = Code(), checked(Code({"code": ""})), Credential()
    ways = [{"url": "#", "description": "With your password"}, {"url": "#", "description": "With a passkey"}]
    codes = {
        "unused_codes": ["72859906", "49485849", "35349619"],
        "can_view_codes": True,
        "can_download_codes": True,
        "can_generate_codes": True,
    }
    square = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3Cpath d='M1 1h3v3H1zM5 5h3v3H5z'/%3E%3C/svg%3E"
    for name, template, values in [
        ("sign-in", "account/login", {"form": LoginForm(request=request), "PASSKEY_LOGIN_ENABLED": True}),
        (
            "sign-in-wrong",
            "account/login",
            {"form": checked(LoginForm({"login": "ann", "password": ""}, request=request))},
        ),
        ("sign-out", "account/logout", {}),
        ("password-reset", "account/password_reset", {"form": ResetPasswordForm()}),
        ("password-reset-done", "account/password_reset_done", {}),
        ("password-new", "account/password_reset_from_key", {"form": ResetPasswordKeyForm(), "action_url": "#"}),
        ("password-old-link", "account/password_reset_from_key", {"token_fail": True}),
        ("password-change", "account/password_change", {"form": ChangePasswordForm()}),
        ("sign-up-closed", "account/signup_closed", {}),
        ("account-closed", "account/account_inactive", {}),
        ("factor", "mfa/authenticate", {"form": code, "webauthn_form": credential, "js_data": {}}),
        ("factor-wrong", "mfa/authenticate", {"form": wrong_code, "webauthn_form": None}),
        ("again-code", "mfa/reauthenticate", {"form": code, "reauthentication_alternatives": ways}),
        (
            "again-passkey",
            "mfa/webauthn/reauthenticate",
            {"form": credential, "js_data": {}, "reauthentication_alternatives": ways},
        ),
        ("app-set-up", "mfa/totp/activate_form", {"form": wrong_code, "totp_svg_data_uri": square}),
        ("app-off", "mfa/totp/deactivate_form", {"form": forms.Form()}),
        ("passkey-add", "mfa/webauthn/add_form", {"form": Passkey(), "js_data": {}}),
        ("passkey-name", "mfa/webauthn/edit_form", {"form": code, "authenticator": {"pk": 1}}),
        ("passkey-remove", "mfa/webauthn/authenticator_confirm_delete", {"authenticator": {"pk": 1}}),
        ("codes", "mfa/recovery_codes/index", codes),
        ("codes-none", "mfa/recovery_codes/index", {**codes, "unused_codes": []}),
        ("codes-new", "mfa/recovery_codes/generate", {"form": forms.Form()}),
        ("company-sign-in", "socialaccount/login", {"provider": {"name": "Example ID"}}),
        ("company-turned-back", "socialaccount/login_cancelled", {}),
        ("company-trouble", "socialaccount/authentication_error", {}),
    ]:
        yield name, render_to_string(f"{template}.html", values, request)


def teams() -> dict[str, Any]:
    def team(id: int, title: str, **rest: Any) -> dict[str, Any]:
        return {"id": id, "title": title, "name": title, "sight": "open", "closed": False, "heads_up": "yes", "assigns": "round", "takes_new": "no", "second": "no", "people": 3,
                "field": f"name-{id}", "errors": [], **rest}  # fmt: skip

    wrong = [{"id": "name-0", "words": "Another team has this name."}]
    return {
        **STAFF,
        "shell": {**STAFF["shell"], "may_run": True},
        "here": "teams",
        "teams": [team(1, "Care"), team(2, "Conduct", sight="closed", closed=True, heads_up="no", people=1)],
        "new": team(0, "", name="Care", people=0, errors=wrong),
        "sights": [("open", "Everybody here sees its cases"), ("closed", "Closed: seen by its members")],
        "ways": [
            ("hand", "By hand: whoever takes it"),
            ("round", "In turn, to whoever is here"),
            ("load", "To whoever is here and has least to do"),
        ],
        "firsts": [("no", "No"), ("yes", "Yes: what comes in comes here first")],
        "seconds": [("no", "Whoever wrote it may send it"), ("yes", "A second person reads it first")],
        "heads_ups": [("yes", "Goes out by itself where nobody acts"), ("no", "Waits for a person")],
    }


def targets(*, wrong: bool = False) -> dict[str, Any]:
    said = "Write 4 hours, 2 working days, 8 weeks, or nothing."

    def rule(at: int, who: str, gives: str, **rest: Any) -> dict[str, Any]:
        sorts = [
            {"value": value, "words": words, "length": length, "error": said if wrong and at == 0 and value == "first" else None,
             "nothing": False, "always": value == "resolution", "stretches": value == "resolution", "early": "3 working days", "early_error": None,
             "extended": "", "extended_error": None, "warn": "", "warn_error": None}
            for value, words, length in (("first", "First answer", "4 hours"), ("next", "Next answer", "4 hours"), ("update", "Update", ""),
                                         ("resolution", "Resolution", "8 weeks"))
        ]  # fmt: skip
        return {"at": at, "who": who, "gives": gives, "is_idle": False, "is_open": False, "kinds": ["complaint"], "urgent": "yes", "public": "",
                "channels": [], "groups": "", "sorts": sorts, **rest}  # fmt: skip

    return {
        **STAFF,
        "shell": {**STAFF["shell"], "may_lead": True},
        "here": "targets",
        "profiles": [
            {
                "value": "plain",
                "name": "Plain",
                "words": "Answers within hours, complaints and urgent matters sooner.",
                "here": True,
            },
            {
                "value": "fca_disp",
                "name": "UK FCA DISP",
                "words": "Complaints: a final response within eight weeks.",
                "here": False,
            },
        ],
        "profile": "plain",
        "rules": [
            rule(
                0, "Complaints, urgent", "First answer 4 hours, Next answer 4 hours, Resolution 8 weeks", is_open=True
            ),
            rule(1, "Every case, of vip, partner", "First answer 8 hours"),
            rule(2, "Enquiries", "First answer 8 hours", is_idle=True),
        ],
        "preview": [
            {"kind": "Enquiries", "which": "", "targets": ["8 hours", "8 hours", "5 working days", ""]},
            {
                "kind": "Complaints",
                "which": "urgent",
                "targets": ["2 hours", "2 hours", "2 working days", "8 weeks (3 working days where it can be)"],
            },
        ],
        "sorts": ["First answer", "Next answer", "Update", "Resolution"],
        "is_changed": wrong,
        "is_from": {"version": 3, "at": at(days=-20)},
        "versions": [
            {
                "number": 4,
                "from_at": at(days=3),
                "by": "Lea Novak",
                "name": "UK FCA DISP",
                "running": "0 clocks run under it",
                "comes": True,
            },
            {
                "number": 3,
                "from_at": at(days=-20),
                "by": "Lea Novak",
                "name": "Plain",
                "running": "31 clocks run under it",
                "comes": False,
            },
        ]
        if not wrong
        else [],
        "errors": [{"id": "length-first-0", "words": said}] if wrong else [],
        "from_at": "",
        "kinds": [
            ("enquiry", "Enquiries"),
            ("complaint", "Complaints"),
            ("suggestion", "Suggestions"),
            ("compliment", "Compliments"),
        ],
        "channels": [("email", "Mail"), ("webform", "Web form"), ("chat", "Chat"), ("phone", "Phone")],
        "urgencies": [("", "Urgent or not"), ("yes", "Urgent"), ("no", "Not urgent")],
        "audiences": [("", "In public or not"), ("yes", "In public"), ("no", "Not in public")],
    }


def hours() -> dict[str, Any]:
    def calendar(id: int, title: str, **rest: Any) -> dict[str, Any]:
        wrong = rest.get("wrong", {})
        week = ["09:00–12:30, 13:30–17:00"] * 4 + ["09:00–13:00", "", ""]
        named = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        return {
            "id": id, "title": title, "name": title, "zone": ZONE, "country": "GB", "region": "ENG", "closed": "2026-12-29 to 2026-12-31",
            "week": [{"id": f"day{n}-{id}", "name": f"day{n}", "words": words, "value": week[n], "error": wrong.get(f"day{n}")}
                     for n, words in enumerate(named)],
            "of_company": id == 1, "is_own": id == 1, "keepers": ["Workshop"], "team_choices": [{"id": 1, "name": "Workshop", "chosen": True}],
            "next_closed": [{"day": "2026-12-25", "at": at(days=29), "words": "Christmas Day"}, {"day": "2026-12-29", "at": at(days=33), "words": "closed by yourselves"}],
            "is_open": id == 1, "opens": at(hours=19), "errors": [{"id": f"{name}-{id}", "words": words} for name, words in wrong.items()], "wrong": {}, **rest,
        }  # fmt: skip

    wrong = {"day2": "Write it as 9:00–12:30, 13:30–17:00, or leave it empty where it is closed."}
    return {
        **STAFF,
        "here": "hours",
        "calendars": [
            calendar(1, "Office"),
            calendar(2, "Saturday shop", keepers=[], zone="America/New_York", is_open=False),
        ],
        "new": calendar(0, "", wrong=wrong, keepers=[]),
        "opens_new": True,
        "zones": [(ZONE, "Europe / London"), ("America/New_York", "America / New York")],
        "countries": [("", "—"), ("GB", "United Kingdom")],
    }


def bare() -> dict[str, str]:
    """What is fetched into a page: a letter as it was written, what is found in a reply, and nothing."""
    letter = "<!DOCTYPE html><html lang=en><title>Letter</title><body style='font-family:Georgia;color:#223;margin:1.2em'><p>Nobody rang. <b>Please</b> tell me when the new top comes.</p><table border=1 cellpadding=6><tr><td>Order<td>88031<tr><td>Delivered<td>19 Nov</table>"
    return {"letter.html": letter, "empty.part": ""}

"""The pages of incidents, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

SPIKE = {
    "words": "9 complaints about Late, Oak table since 10:05; usually 1",
    "detail": "In the last 8 hours, beside the same hours of the last 28 days.",
    "href": "#",
}
CAUSES = [("", "Not known"), ("late", "Late"), ("poor_quality", "Poor quality")]
SEVERITIES = [("minor", "Minor"), ("major", "Major"), ("critical", "Critical")]
WORDS = "We are sorry: we loaded the wrong lorry, and that is our mistake.\n\nSince Monday, parcels for Hull leave a day late."


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page."""
    offers = [{"value": "2026-11-26T19:00", "words": "Thursday 26 November, 19:00 (GMT)"}, {"value": "2026-11-27T17:00", "words": "Friday 27 November, 17:00 (GMT)"}]  # fmt: skip
    row = {
        "id": 3, "href": "#", "title": "Parcels for Hull and the whole of the East Riding leave a day late", "sort": "Late", "state": {"words": "Going on", "tone": "alarm"},
        "severity": {"words": "Major", "tone": "warn"}, "owner": "Sam Okafor", "happened_at": at(hours=-30), "ended_at": None, "next_word": at(minutes=-20), "overdue": True,
        "acknowledged": "Said 2 h 10 min after the first complaint", "unsaid": False, "cases": 12, "is_public": True,
    }  # fmt: skip
    over = {**row, "id": 2, "title": "Card payments failed", "state": {"words": "Over", "tone": "good"}, "next_word": None, "overdue": False, "ended_at": at(days=-9), "is_public": False, "cases": 0}  # fmt: skip
    states = [{"words": "All", "href": "#", "here": True}, {"words": "Going on", "href": "#", "here": False}]
    yield (
        "incidents",
        "incidents/list.html",
        {**given, "states": states, "incidents": [row, over], "spikes": [SPIKE], "filtered": False, "pages": None},
    )
    yield (
        "incidents-nothing",
        "incidents/list.html",
        {**given, "states": states, "incidents": [], "spikes": [], "filtered": False, "pages": None},
    )
    whole = {
        **row, "is_open": True, "may_answer": True, "is_mine": False, "cause": "Late", "cause_value": "late", "severity_value": "major", "product": "Oak table", "place": "Hull",
        "components": "Deliveries", "happened_field": "2026-11-25T08:00", "aware_at": at(hours=-28), "said_at": at(hours=-26), "first_signal_at": at(hours=-28), "first_signal_href": "#",
        "end_said_at": None, "word": {"due": at(minutes=-20), "state": "late", "href": "#"}, "word_broken": True, "opened_by": "Kim Lindqvist", "team": "Workshop", "recurrence_of": None,
    }  # fmt: skip
    line = {
        "id": 8, "kind": "began", "words": WORDS, "title": "We said that it began", "who": "Sam Okafor", "happened_at": at(hours=-30), "said_at": at(hours=-26), "is_note": False,
        "in_public": True, "told_to": 1, "under_way": 0, "stopped": 0, "taken_back": 1, "untold": "",
        "changes": [{"at": at(hours=-25), "who": "Kim Lindqvist", "moved_from": None, "parts": [{"how": "same", "words": "Since "}, {"how": "struck", "words": "Tuesday"}, {"how": "new", "words": "Monday"}, {"how": "same", "words": ", parcels for Hull leave a day late."}]}],
    }  # fmt: skip
    note = {**line, "id": 9, "kind": "note", "title": "Note, for staff alone", "words": "The depot sends a second lorry tonight.", "is_note": True, "in_public": False, "told_to": 0, "taken_back": 0, "changes": []}  # fmt: skip
    case = {"number": 1042, "href": "#", "subject": "Where is my table?", "customer": "Ann Marlowe", "opened_at": at(hours=-28), "is_complaint": True, "elsewhere": False}  # fmt: skip
    cohort = {"id": 1, "name": "Those affected", "count": 214, "is_frozen": True, "frozen_at": at(hours=-26), "notices": [{}], "chosen": True, "was_told": True}  # fmt: skip
    yield "incident", "incidents/incident.html", {
        **given, "i": whole, "lines": [note, line], "cases": [case], "more_cases": False, "cohorts": [cohort],
        "drafts": [{"words": "How it stands", "href": "#", "who": "Kim Lindqvist", "at": at(minutes=-9), "waits": True}],
        "severities": SEVERITIES, "causes": CAUSES, "note": {"words": "", "errors": []}, "change": {"errors": [], "open": False}, "words": {"entry": None, "words": "", "errors": []},
        "prevention": None, "taken_back": False,
    }  # fmt: skip
    check = {"name": "you_can", "words": "Say what they can do, if only that they need do nothing", "help": "So that nobody wonders whether to wait or to act.", "suggestion": "You do not need to do anything.", "into": "text-0-you_can"}  # fmt: skip
    preview = {
        "language": "English", "subject": "Your parcel leaves late", "hello": "Hello Ann Example,", "words": WORDS, "times": "This concerns Monday 23 November, 08:00 (GMT).", "answer": "You can answer this letter; a person reads it.",
        "company": "Harbour & Pine", "by_mail": True, "in_public": True, "title": "We said that it began", "happened_at": at(hours=-30), "said_at": at(),
    }  # fmt: skip
    looked = {"looked": [{"language": "English", "well": ["You are sorry", "You take it on", "What happened"], "checks": [check]}], "previews": [preview], "kept_at": at(minutes=-1)}  # fmt: skip
    text = {"at": 0, "language": "en", "name": "English", "subject": "Your parcel leaves late", "words": "", "sorry": "We are sorry: we loaded the wrong lorry.", "happened": "Since Monday, parcels for Hull leave a day late.", "affected": "", "doing": "", "you_can": ""}  # fmt: skip
    wrong = "Say when the next word comes, if only that nothing is new."
    yield "incident-write", "incidents/write.html", {
        **given, **looked, "i": {"id": 3, "title": row["title"], "is_open": True}, "kinds": [("began", "We said that it began"), ("update", "How it stands"), ("ended", "It is over")],
        "d": {"kind": "update", "kind_words": "How it stands", "guided": True, "texts": [text], "in_public": True, "untold": "", "happened_at": "2026-11-26T14:00", "next_word_at": "", "needs_second": False, "must_read": False, "given_back": "Say which lorry.", "ends": False},
        "fields": [{"name": name, "words": words, "hint": hint} for name, words, hint in [("sorry", "We are sorry", "One sentence that takes it on"), ("happened", "What happened", "What went wrong, since when"), ("affected", "Who is affected", "So that each reader knows"), ("doing", "What we are doing", "What is being done now"), ("you_can", "What you can do", "If only nothing")]],
        "cohorts": [cohort], "more_languages": [("de", "Deutsch")], "offers": offers, "errors": [{"id": "next_word_at", "words": wrong}], "wrong": {"next_word_at": wrong},
    }  # fmt: skip
    yield "incident-draft", "incidents/draft.html", {
        **given, **looked, "i": {"id": 3, "title": row["title"]}, "errors": [],
        "d": {"id": 4, "kind_words": "How it stands", "by": "Kim Lindqvist", "is_mine": False, "proposed_at": at(minutes=-9), "cohorts": ["Those affected"], "in_public": True, "untold": "", "next_word_at": at(hours=3)},
    }  # fmt: skip
    written = {"title": "Late: Oak table", "sort": "late", "severity": "major", "cause": "late", "product": "Oak table", "place": "Hull", "components": "", "happened_at": "2026-11-26T10:05", "next_word_at": "2026-11-26T19:00", "cases": "1042", "is_public": ""}  # fmt: skip
    yield "incident-new", "incidents/new.html", {**given, "written": written, "errors": [], "wrong": {}, "sorts": [("late", "Late")], "severities": SEVERITIES, "causes": CAUSES, "offers": offers, "linked": [{"number": 1042, "subject": "Where is my table?"}]}  # fmt: skip
    yield "incident-capacity", "incidents/capacity.html", {**given, "written": {"why": "two of us are ill", "longer": "", "instead": "", "until": "", "waiting": "1"}, "errors": [], "wrong": {}, "waiting": 31, "offers": offers}  # fmt: skip
    yield (
        "incident-cases",
        "incidents/cases.html",
        {**given, "i": {"id": 3, "title": row["title"]}, "search": "", "cases": [case]},
    )
    member = {
        "id": 1, "name": "Ann Marlowe", "href": "#", "why": [{"words": "order:20418", "href": "#"}, {"words": "case:1042", "href": "#"}], "standing": "in", "reason": "",
        "told": [{"words": "told", "tone": "good", "at": at(hours=-26), "notice": 4}], "cases": [{"number": 1042, "href": "#", "wrote_at": at(hours=-20)}],
        "owed": [{"words": "Your table is delivered", "due": at(days=1), "href": "#", "state": "open"}], "remedies": 1,
    }  # fmt: skip
    left_out = {**member, "id": 2, "name": "Tomasz Wilk", "standing": "excluded", "reason": "Has his parcel already.", "told": [], "cases": [], "owed": [], "remedies": 0}  # fmt: skip
    yield "incident-affected", "incidents/affected.html", {**given, "i": {"id": 3, "title": row["title"]}, "members": [member, left_out], "shows": [{"words": "Everybody", "href": "#", "here": True}, {"words": "Not told yet", "href": "#", "here": False}], "filtered": False, "pages": None}  # fmt: skip


def concerning(at: Callable[..., datetime]) -> list[dict[str, Any]]:
    """What a customer sees of one that concerns them."""
    began = {
        "title": "What happened",
        "words": WORDS,
        "happened_at": at(hours=-30),
        "said_at": at(hours=-26),
        "before": [],
    }
    now = {"title": "How it stands", "words": "The second lorry left at noon.", "happened_at": at(hours=-2), "said_at": at(hours=-1), "before": [{"words": "The second lorry leaves at noon.", "until": at(hours=-1)}]}  # fmt: skip
    return [{"id": "5b1f", "title": "Parcels for Hull leave a day late", "status_words": "Going on", "is_open": True, "next_word": at(hours=3), "lines": [now, began]}]  # fmt: skip

"""A list of customers that went to the wrong supplier: invented, as the pages about it ask for it."""

# ruff: noqa: E501  the invented sentences are as long as real ones, and a row reads best on its line
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.house.pages import STAFF, at
from troth.breaches import sayings
from troth.breaches.rules.contents import NAMES, Field, Part
from troth.breaches.rules.words import Exempt, Level, Party

TITLE = "The mailing list of the spring catalogue went to the wrong printer"
FACTS = (
    "The export of 14 March held names, postal addresses and dates of birth. It was sent to a printer we have no contract with, "
    "who told us the same evening."
)
REACH = "Its form for breaches; nights: 0303 496 0000"
MISSING = [
    {"id": "id_people_count", "words": "“About how many people” is empty: write it, or tick that it follows."},
    {"id": "id_follows_by", "words": "Something follows: say by when. The date must lie ahead."},
    {"id": "id_authority", "words": "Choose the authority it goes to."},
]


def pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    leads = {**STAFF, "shell": {**STAFF["shell"], "may_lead": True, "may_breaches": True}, "here": "breaches"}
    clock = {"words": "9 hours left", "tone": "alarm", "by": at(hours=9), "is_running": True}
    row = {
        "id": 3, "href": "#", "title": TITLE, "aware_at": at(hours=-63), "by": at(hours=9), "clock": clock,
        "left": "9 hours left", "level": "A high risk", "reported_at": None, "told_at": None, "closed_at": None, "open": 4,
        "owner": "Sam Okafor",
    }  # fmt: skip
    closed = {
        **row, "id": 1, "title": "A receipt was read out to the wrong caller", "aware_at": at(days=-80), "closed_at": at(days=-70),
        "clock": {"words": "no report is asked for", "tone": "good", "by": at(days=-77), "is_running": False}, "open": 0,
        "level": "A risk is unlikely",
    }  # fmt: skip
    reported = {
        **closed, "id": 2, "title": "A laptop was stolen from a van", "told_at": at(days=-20), "closed_at": None,
        "clock": {"words": "reported late, after 3 days 4 hours", "tone": "alarm", "by": at(days=-25), "is_running": False},
    }  # fmt: skip
    yield "breaches", "breaches/list.html", {**leads, "near": [row], "breaches": [row, reported, closed]}
    yield "breach", "breaches/breach.html", {**leads, **_breach(clock)}
    yield (
        "breach-new",
        "breaches/new.html",
        {
            **leads,
            "written": {
                "incident": "", "title": TITLE, "happened_at": "2026-11-23T09:00", "aware_at": "", "next_word_at": "2026-11-27T14:00",
                "party": "processor", "controller": "", "countries": "", "kinds": ["got_out"],
            },
            "incident": None,
            "parties": [(one.value, sayings.party_words(one)) for one in Party],
            "wrong": {"aware_at": "Say when we knew: the 72 hours run from there."},
            "errors": [{"id": "id_aware_at", "words": "Say when we knew: the 72 hours run from there."}],
        },
    )  # fmt: skip
    yield "breach-report", "breaches/report.html", {**leads, **_report(clock)}
    yield "breach-telling", "breaches/letter.html", {**leads, **_letter()}
    yield (
        "breach-authorities",
        "breaches/authorities.html",
        {
            **leads, "rows": [{"id": 1, "name": "Information Commissioner", "reach": REACH, "is_retired": False}],
            "written": {"id": "", "name": "", "reach": ""}, "wrong": {}, "errors": [],
        },
    )  # fmt: skip


def _breach(clock: dict[str, Any]) -> dict[str, Any]:
    def step(words: str, **rest: Any) -> dict[str, Any]:
        return {"words": words, "tone": "warn", "is_asked": True, "is_late": False, "is_done": False, "by": None, "left": None,
                "href": "#risk", **rest}  # fmt: skip

    return {
        "b": {
            "id": 3, "title": TITLE, "incident_href": "#", "happened_at": at(days=-12), "aware_at": at(hours=-63),
            "aware_field": "2026-11-23T23:20", "now_field": "2026-11-26T14:20", "owner": "Sam Okafor",
            "party": sayings.party_words("controller"), "is_processor": False, "controller": "", "controller_told_at": None,
            "countries": "Ireland, Poland", "kinds": "seen by somebody who should not (confidentiality)", "closed_at": None,
            "is_high": True, "waiting": "5 hours 10 minutes", "may_act": True,
        },
        "clock": clock,
        "steps": [
            step("The risk is decided", tone="good", is_asked=False, is_done=True),
            step("Tell the authority, or say why not", tone="alarm", is_late=True, by=at(hours=9), left="9 hours left"),
            step("Tell the people concerned, without undue delay"),
            step("Write down facts, effects and remedial action"),
        ],
        "may_close": False,
        "risk": {"words": "A high risk", "reason": "Dates of birth let others pose as our customers.", "at": at(hours=-5)},
        "levels": [(one.value, sayings.level_words(one)) for one in Level],
        "exemptions": [
            {"id": 1, "words": sayings.exempt_words("averted"), "reason": "The printer says that it was deleted.", "instead": "",
             "at": at(hours=-20), "by": "Kim Lindqvist", "back_at": at(hours=-6), "back_why": "A copy was found."},
            {"id": 2, "words": sayings.exempt_words("effort"), "reason": "Of 40,000 no address is known.",
             "instead": "On our front page and in two newspapers.", "at": at(hours=-4), "by": "Sam Okafor", "back_at": None, "back_why": ""},
        ],
        "exempts": [(one.value, sayings.exempt_words(one)) for one in (Exempt.PROTECTED, Exempt.AVERTED, Exempt.EFFORT)],
        "reports": [
            {"id": 1, "phase": 1, "sent_at": at(hours=-3), "to": "Information Commissioner", "how": "By the form on its page",
             "receipt": "", "to_follow": 2, "follows_by": at(days=4), "by": "Sam Okafor"},
        ],
        "has_draft": True,
        "letters": [{"href": "#", "number": 9, "state": "sending", "sent_at": at(hours=-1), "told": 11_842, "of": 12_004}],
        "said": {"facts": FACTS, "effects": "None known.", "action": "The list was deleted."},
        "said_at": at(hours=-7),
        "timeline": [
            {"at": at(hours=-5), "words": "Decided: A high risk", "who": "Sam Okafor", "sign": None},
            {"at": at(hours=-63), "words": "We became aware; 72 hours run", "who": "", "sign": None},
        ],
        "errors": [{"id": "id_reason", "words": "Say why: the authority reads the reason, and so does whoever decides next."}],
        "typed": {"level": "high"},
    }  # fmt: skip


def _report(clock: dict[str, Any]) -> dict[str, Any]:
    said = {
        Field.NATURE: FACTS,
        Field.CONTACT: "Kim Lindqvist, privacy@harbourpine.example",
        Field.RECORDS_COUNT: 12_004,
    }
    return {
        "b": {"id": 3, "title": TITLE}, "clock": clock, "phase": 1,
        "fields": [
            {"name": one.value, "words": sayings.field_words(one), "article": sayings.FIELD_ARTICLES[one], "value": said.get(one, ""),
             "is_number": one in {Field.PEOPLE_COUNT, Field.RECORDS_COUNT}, "can_follow": one not in {Field.NATURE, Field.CONTACT},
             "follows": one is Field.MEASURES, "is_missing": one is Field.PEOPLE_COUNT}
            for one in Field
        ],
        "done": 5, "of": 8, "missing": MISSING, "is_delayed": True, "reason_for_delay": "", "follows_by": "", "sent_at": "2026-11-26T14:20",
        "how": "", "authority": "", "authorities": [("", "Choose"), ("1", "Information Commissioner")],
        "reach": {"Information Commissioner": REACH},
        "wrong": {one["id"]: one["words"] for one in MISSING}, "errors": MISSING, "draft_href": "7.pdf",
    }  # fmt: skip


def _letter() -> dict[str, Any]:
    said = {Part.SUBJECT: "Your address got out", Part.NATURE: FACTS}
    lack = {
        "id": "id_en-advice",
        "words": "“What they can do” in English is empty or too short: the law asks us to tell them (Art. 34(2)).",
    }
    return {
        "b": {"id": 3, "title": TITLE, "waiting": "5 hours 10 minutes"},
        "languages": [
            {"code": code, "name": name, "is_begun": code == "en",
             "parts": [{"name": f"{code}-{part}", "words": sayings.part_words(part), "value": said.get(part, "") if code == "en" else "",
                        "rows": None if part is Part.SUBJECT else 4} for part in Part]}
            for code, name in NAMES.items()
        ],
        "missing": [lack], "cohorts": [("", "Choose"), ("4", "Everybody on the list, 12,004 frozen")], "cohort": "4", "cohort_href": "#",
        "wrong": {lack["id"]: lack["words"]}, "errors": [lack],
    }  # fmt: skip

"""What was read, and how well: invented, as the pages about it ask for it."""

# ruff: noqa: E501  the invented sentences are as long as real ones, and a row reads best on its line
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.house.pages import STAFF, at


def field(name: str, words: str, shape: str, options: list[str], **rest: Any) -> dict[str, Any]:
    given = [{"value": one.lower(), "words": one, "chosen": one == rest.get("chosen")} for one in options]
    return {"name": name, "words": words, "shape": shape, "options": given, "read": [], "none": "None named", "main": "",
            "said": None, **rest}  # fmt: skip


def found(words: str, sure: str, percent: int) -> dict[str, Any]:
    return {"words": words, "sure": sure, "percent": percent}


def reading(**rest: Any) -> dict[str, Any]:
    said = {"id": 5, "words": "Late", "who": "Kim Lindqvist", "at": at(hours=-3), "right": False}
    return {
        "pieces": [
            {"words": "This is the third time I ask and ", "shows": ""},
            {"words": "nobody has rung", "shows": "No acknowledgement"},
            {"words": ". I am ", "shows": ""},
            {"words": "furious", "shows": "Angry"},
            {"words": ".", "shows": ""},
        ],
        "is_unread": False,
        "seen": "rules-4",
        "fields": [
            field("emotions", "Emotion", "boxes", ["Angry", "Disgusted", "Worried", "Pleased", "Disappointed", "Surprised"],
                  read=[found("Angry", "sure", 93), found("Disappointed", "a guess", 41)], chosen="Angry"),
            field("kind", "Kind", "one", ["Enquiry", "Suggestion", "Complaint", "Compliment"], read=[found("Complaint", "sure", 97)],
                  chosen="Complaint"),
            field("causes", "Cause", "list", ["Late", "No acknowledgement"], read=[found("No acknowledgement", "likely", 71)], said=said),
            field("urgency", "Urgency", "one", ["Low", "Normal", "High", "Critical"], read=[found("Normal", "likely", 66)], chosen="Normal"),
            field("remedies", "Remedy sought", "list", ["Money back", "An answer or a call"]),
        ],
        **rest,
    }  # fmt: skip


def share(percent: int, n: int) -> dict[str, int]:
    return {"percent": percent, "low": max(0, percent - 9), "high": min(100, percent + 7), "n": n}


def reply_checks() -> dict[str, Any]:
    def share(percent: int, low: int, high: int, n: int) -> dict[str, int]:
        return {"percent": percent, "low": low, "high": high, "n": n}

    took = [share(91, 84, 95, 112), share(8, 4, 15, 96), share(64, 52, 74, 70), share(3, 1, 10, 66)]
    left = [share(74, 66, 81, 130), share(17, 11, 24, 121), share(41, 31, 52, 84), None]
    sides = [{"words": "with it", "sent": 140, "shares": took}, {"words": "without it", "sent": 163, "shares": left}]
    goes_with = ["associated with more promises called kept", "associated with more customers who sound better"]
    return {
        **STAFF,
        "rows": [
            {
                "name": "responsibility",
                "words": "Responsibility is taken",
                "sides": sides,
                "dismissed": 0,
                "goes_with": goes_with,
            },
            {"name": "blame", "words": "The customer is blamed", "sides": sides[::-1], "dismissed": 3, "goes_with": []},
        ],
    }


def accuracy(**rest: Any) -> dict[str, Any]:
    def row(words: str, right: int, wrong: int, missed: int = 0, *, guess: bool = False) -> dict[str, Any]:
        one = share(round(100 * right / (right + wrong)), right + wrong)
        return {
            "words": words,
            "right": right,
            "wrong": wrong,
            "sure": one,
            "guess": share(40, 5) if guess else None,
            "missed": missed,
        }

    mistakes = [
        {"read": "Late", "was": "Never delivered", "count": 4},
        {"read": "No cause named", "was": "Hidden fee", "count": 2},
    ]
    learned = {
        "id": 3, "version": "learned-0a1b2c3d4e5f", "is_on": True, "at": at(days=-2), "who": "Sam Okafor", "corrections": 212,
        "verdict": {"words": "71 % right as shipped, 78 % with it, on 212 corrections it had not seen", "tone": "good"},
        "fields": [{"words": "Cause", "before": 61, "after": 74, "n": 80}],
    }  # fmt: skip
    return {
        **STAFF,
        "any": True,
        "drawn": True,
        "ways": [{"words": "Drawn at random", "href": "#", "here": True, "count": 80}, {"words": "Come across", "href": "#", "count": 31}],
        "versions": [{"words": "Every version", "href": "#", "here": True}, {"words": "rules-4", "href": "#"}],
        "fields": [
            {"name": "causes", "words": "Cause", "share": share(71, 80), "mistakes": mistakes,
             "rows": [row("Late", 30, 6, 3, guess=True), row("Never delivered", 11, 1), row("No cause named", 20, 9)]},
            {"name": "kind", "words": "Kind", "share": None, "rows": [], "mistakes": []},
        ],
        "learning": {"shipped": "rules-4", "is_on": True, "corrections": 212, "rows": [learned, {**learned, "id": 2, "is_on": False}]},
        "round": {"version": "rules-4+learned-0a1b2c3d4e5f", "total": 12_000, "read": 4_350, "changed": 120, "ended_at": None, "now": ""},
        **rest,
    }  # fmt: skip


def pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    case = {"number": 1042, "href": "#", "subject": "Table top with a crack"}
    shown = {"m": {"id": 7, "body": ""}, "wrong": "", "may_answer": True, "closed": False}
    one = {**STAFF, "case": case, **shown, "r": reading()}
    yield "reading", "cases/reading.html", one
    yield (
        "reading-unread",
        "cases/reading.html",
        {**one, "wrong": "A colleague looked at this meanwhile.", "r": reading(is_unread=True)},
    )
    yield "accuracy", "learning/accuracy.html", accuracy()
    nothing = {"any": False, "fields": [], "round": None, "learning": {"is_on": False, "corrections": 0, "rows": []}}
    yield "accuracy-empty", "learning/accuracy.html", accuracy(**nothing)
    message = {"id": 7, "at": at(days=-3), "subject": "Table top with a crack", "number": 1042, "href": "#"}
    keys = {"emotions": {"angry": "1"}, "kind": {"complaint": "c"}, "causes": {"field": "a"}}
    review = {**STAFF, "m": message, "r": reading(), "keys": keys, "left": 12, "done": 8, "many": 20, "wrong": ""}
    yield "reply-checks", "learning/checks.html", reply_checks()
    yield "reply-checks-empty", "learning/checks.html", {**STAFF, "rows": []}
    yield "review", "learning/review.html", review
    yield "review-done", "learning/review.html", {**review, "m": None, "done": 20}

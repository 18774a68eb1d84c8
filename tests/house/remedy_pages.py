"""The pages of remedies, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any


def beside() -> dict[str, Any]:
    """What a case's page asks for."""
    row = {
        "href": "#",
        "sort": "Refund",
        "money": "£40.00",
        "tone": "calm",
        "sign": "wait",
        "due": None,
        "by_itself": False,
        "settled": False,
    }
    blank = {
        "errors": [], "sort": "refund", "what": "", "amount": "", "currency": "GBP", "days": "10", "promise": "", "asks": "yes", "open": False,
        "sorts": [("refund", "Refund"), ("apology", "Apology")], "ways": [("yes", "Ask for their yes first"), ("no", "They get it")], "promises": [("", "No: make a promise of it"), ("5", "Send the new top")],
    }  # fmt: skip
    return {"remedies": [{**row, "what": "Refund of £40.00", "state_words": "Offered"}], "remedy": blank}


def mine(at: Callable[..., datetime]) -> list[dict[str, Any]]:
    """What a customer's own page asks for."""
    blank = {
        "tone": "warn",
        "asks": False,
        "days": 10,
        "due": None,
        "due_words": "You have it by",
        "given_at": None,
        "proof": "",
    }
    return [
        {
            **blank,
            "id": "1a",
            "what": "Refund of £40.00",
            "state": "offered",
            "state_words": "We offer you this",
            "asks": True,
        },
        {
            **blank,
            "id": "1b",
            "what": "Compensation of £40.00",
            "state": "due",
            "state_words": "On its way",
            "tone": "calm",
            "due": at(days=6),
        },
        {
            **blank,
            "id": "1c",
            "what": "Refund of £12.50",
            "state": "given",
            "state_words": "Given",
            "tone": "good",
            "given_at": at(days=-3),
            "proof": "BACS 20418",
        },
    ]


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page."""

    def row(id: int, what: str, words: str, tone: str | None, sign: str | None, **rest: Any) -> dict[str, Any]:
        return {
            "id": id, "href": "#", "what": what, "sort": "Refund", "money": "£40.00", "state": "due", "state_words": words, "tone": tone, "sign": sign,
            "customer": "Ann Marlowe", "customer_href": "#", "about": "Case 1042", "about_href": "#", "due": at(days=4), "given_at": None,
            "made_at": at(days=-1), "by_itself": False, "owed": True, **rest,
        }  # fmt: skip

    rows = [
        row(9, "Refund of £400.00", "Waits for authority", "warn", "wait", due=None),
        row(8, "Compensation of £40.00", "Missed", "alarm", "warn", due=at(days=-1), by_itself=True),
        row(7, "A new top of the same grain, brought and fitted on a day of their choosing", "Accepted", "calm", "wait", customer="The Hon. Wilhelmina Featherstonehaugh-Cholmondeley"),
        row(6, "Refund of £12.50", "Given", "good", "check", given_at=at(days=-3)),
    ]  # fmt: skip
    chips = [
        {"words": words, "href": "#", "here": words == "All", "count": n}
        for words, n in (("All", 4), ("Waits for authority", 1), ("Owed", 2), ("Missed", 1), ("Given", 1))
    ]
    totals = [
        {
            "currency": "GBP",
            "offered": "£1,240.00",
            "offered_n": 7,
            "owed": "£80.00",
            "owed_n": 2,
            "missed": "£40.00",
            "missed_n": 1,
            "given": "£3,912.50",
            "given_n": 61,
        }
    ]
    kept: dict[str, Any] = {
        "filters": {"state": "", "sort": "", "how": "", "search": ""},
        "filtered": False,
        "sorts": [("", "Any sort")],
        "hows": [("", "However it came")],
        "pages": None,
    }
    yield "remedies", "remedies/board.html", {**given, **kept, "remedies": rows, "chips": chips, "totals": totals}
    yield "remedies-nothing", "remedies/board.html", {**given, **kept, "remedies": [], "chips": chips, "totals": []}
    whole = {
        **rows[1], "promise_href": "#", "first_due": at(days=-1), "team": "Support", "by": None, "standard": "Missed appointment", "occasion_at": at(days=-15),
        "second_of_href": "", "second_href": "#", "days": 10, "asks": False, "proof": "", "note": "", "reason": "",
    }  # fmt: skip
    events = [
        {"at": at(days=-15), "words": "Raised by the standard", "by": ""},
        {"at": at(days=-1), "words": "Its date passed without proof that it was given", "by": ""},
    ]
    form = {"errors": [], "reason": "", "open": False}
    given_form = {
        "errors": [{"id": "give_reference", "words": "Write down what proves it."}],
        "given_at": "2026-11-26T12:00",
        "reference": "",
        "note": "",
        "open": True,
    }
    yield (
        "remedy",
        "remedies/remedy.html",
        {
            **given,
            "r": whole,
            "events": events,
            "can": ["give"],
            "give": given_form,
            "refuse": form,
            "decline": form,
            "withdraw": form,
        },
    )
    yield (
        "remedy-waits",
        "remedies/remedy.html",
        {
            **given,
            "r": {**whole, **rows[0], "first_due": None, "standard": "", "second_href": ""},
            "events": events[:1],
            "can": ["authorise", "refuse", "withdraw"],
            "give": {**given_form, "errors": []},
            "refuse": form,
            "decline": form,
            "withdraw": form,
        },
    )
    line = {
        "line": 2,
        "what": "Refund of £12.50",
        "href": "#",
        "customer": "Ann Marlowe",
        "given_at": at(days=-1),
        "reference": "BACS 20418",
        "words": "",
    }
    yield (
        "remedies-proofs",
        "remedies/proofs.html",
        {
            **given,
            "lines": [{**line, "line": 3, "words": "Another amount is owed: 40.00 GBP."}, line],
            "fine": 1,
            "wrong": 1,
            "raw": "x",
            "errors": [],
        },
    )
    policy: dict[str, Any] = {
        "profile": "ofgem", "profiles": [{"value": "ofgem", "name": "Like British energy suppliers", "words": "A missed appointment is paid for within ten working days."}],
        "limits": [{"at": 0, "role": "agent", "team": "", "staff": "", "most": "many GBP", "sorts": ["refund"]}],
        "standards": [{"at": 0, "name": "Missed appointment", "on": "missed_appointment", "sort": "compensation", "amount": "40.00", "currency": "GBP", "days": "10", "second": "40.00"}],
        "waited": {"looked": 41, "waits": 3, "sums": "£620.00"}, "is_changed": True, "version": 2, "versions": [{"number": 2, "from_at": at(days=-40), "by": "Lea Brandt"}],
        "errors": [{"id": "most-0", "words": "Limit 1: Write the amount in digits, such as 25 or 12.50."}], "roles": [("agent", "Agents")], "teams": [("", "Of any team")], "people": [("", "Whoever it is")],
        "sorts": [("refund", "Refund"), ("compensation", "Compensation")], "occasions": [("missed_appointment", "An appointment was missed")],
    }  # fmt: skip
    yield "remedy-policy", "remedies/policy.html", {**given, **policy}

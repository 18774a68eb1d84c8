"""A complaint whose answer rules lay down, at the same furniture maker's: it also sells on credit."""

# ruff: noqa: E501  the invented sentences are as long as real ones, and a row reads best on its line
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from troth.cases.desk.formal import letter_values
from troth.cases.formal_sayings import without_choices
from troth.cases.rules.formal import Chosen
from troth.words.formal import Formal, Point
from troth.words.hours import office

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)
REJECTS = """Dear Ms Marlowe,

we do not uphold your complaint, because the interest stands in the agreement you signed in May.

If you are not satisfied, you may now refer your complaint to the Financial Ombudsman Service. Its website is www.financial-ombudsman.org.uk.

Sam Okafor"""
LATER = """Dear Ms Marlowe,

we cannot give you our final response yet because the bank has not answered us.

Sam Okafor"""


def final_response(page: dict[str, Any]) -> dict[str, Any]:
    chosen = Chosen(Formal.FINAL, ticked=(Point.LEAFLET,))
    return _writing(page, REJECTS, chosen, profile="fca_disp", formal_sent=[SENT_HOLDING])


def holding_reply(page: dict[str, Any]) -> dict[str, Any]:
    near = {"near": True, "due": datetime(2026, 12, 4, 17, tzinfo=UTC)}
    return _writing(page, LATER, Chosen(Formal.HOLDING), profile="fca_disp", **near)


def ends_without(page: dict[str, Any]) -> dict[str, Any]:
    found = _writing(page, "", None, profile="fca_disp", formal_sent=[SENT_INCOMPLETE, RESOLVED_WITHOUT])
    return {**found, "ends_without": True}


def _writing(
    page: dict[str, Any], text: str, chosen: Chosen | None, *, profile: str, formal_sent: Any = (), **formal: Any
) -> dict[str, Any]:
    return {
        **page,
        "composer": {**page["composer"], "draft": text},
        "found": [],
        "checks": [],
        "well": [],
        "waved_off": 0,
        "felt": None,
        "formal": {
            "value": chosen.formal.value if chosen and chosen.formal else "",
            "offers": [("final", "Final response"), ("holding", "Holding reply"), ("summary", "Summary resolution")],
            "due": datetime(2027, 1, 15, 17, tzinfo=UTC),
            "near": False,
            "told": False,
            "without": without_choices(),
            **formal,
        },
        "formal_letter": letter_values(
            text, chosen, profile=profile, enclosed=(), hours=office("Europe/London", "GB", "ENG"), now=NOW
        ),
        "formal_sent": list(formal_sent),
    }


_SENT: dict[str, Any] = {
    "message": 3,
    "who": "Sam Okafor",
    "at": datetime(2026, 11, 20, 11, tzinfo=UTC),
    "decision": None,
    "ticked": [],
    "missing": [],
    "without": None,
    "until": None,
}
SENT_HOLDING = {
    **_SENT,
    "formal": "holding",
    "words": "Holding reply",
    "made": 6,
    "of": 6,
    "ticked": ["The ombudsman’s leaflet, with it or linked"],
    "until": "Tuesday 12 January 2027, 17:00 (GMT)",
}
SENT_INCOMPLETE = {
    **_SENT,
    "formal": "final",
    "words": "Final response",
    "decision": "rejects the complaint",
    "made": 6,
    "of": 8,
    "missing": ["Within six months", "Whether you consent to waive the time limits"],
    "without": "It went another way, or stands in another letter",
}
RESOLVED_WITHOUT = {**_SENT, "formal": "", "words": "", "made": 0, "of": 0, "without": "They withdrew it"}

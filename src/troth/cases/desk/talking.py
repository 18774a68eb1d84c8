"""The talk beside its case: whether the customer is there, which way an answer goes, and how each of ours fared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from troth.cases import ways
from troth.cases.models import Case


def talk_values(case: Case, shown: list[dict[str, Any]], *, now: datetime) -> dict[str, Any]:
    """What the page says of the talk; None where there is none. The messages in *shown* are given how they fared."""
    talk = ways.shown(case, now=now)
    if talk is None:
        return {"talk": None}
    for message in shown:
        if message["id"] in talk.fared:
            message["delivery"] = talk.fared[message["id"]]
    return {"talk": {"is_here": talk.is_here, "words": talk.words}}

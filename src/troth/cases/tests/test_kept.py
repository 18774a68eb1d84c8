from __future__ import annotations

import json
from typing import Any

import pytest

from troth.cases.rules import kept
from troth.cases.rules.filled import Filled, felt_in_all, filled
from troth.reading import Finding, Reading, Request, Span
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy

TEXT = "It is late. Where is it? I want my money back."
WHOLE = Reading(
    language="en",
    emotions=(Finding(Emotion.ANGER, 0.83, (Span(0, 11),)), Finding(Emotion.SADNESS, 0.41)),
    complaint=Finding(True, 0.9),
    kind=Finding(Kind.COMPLAINT, 0.9),
    causes=(Finding(Cause.LATE, 0.75, (Span(6, 10),)),),
    urgency=Finding(Urgency.NORMAL, 0.7),
    remedies=(Finding(Remedy.REFUND, 0.8, (Span(25, 46),)),),
    requests=(Request(is_question=True, quote="Where is it?", start=12, end=24),),
    embedding=(0.6, -0.8, 0.0),
    version="rules-9",
)


def test_what_was_kept_is_read_again() -> None:
    again = kept.from_plain(json.loads(json.dumps(kept.plain(WHOLE))), text=TEXT)

    assert again.embedding == pytest.approx(WHOLE.embedding, abs=0.01)
    assert again == Reading(**{**vars(WHOLE), "embedding": again.embedding})


def test_no_words_of_the_text_are_kept_and_little_in_all() -> None:
    many = Reading(
        **{
            **vars(WHOLE),
            "requests": WHOLE.requests * 5_000,
            "causes": (Finding(Cause.LATE, 0.7, (Span(6, 10),) * 9_000),),
            "embedding": (0.1,) * 256,
        }
    )

    put = json.dumps(kept.plain(many))

    assert "Where" not in put
    assert len(put) < 2_000


FIRST = {
    "version": "rules-1",
    "feeling": "worry",
    "confidence": 0.7,
    "kind": "complaint",
    "cause": "late",
    "urgency": "high",
}
NOTHING = {"version": "rules-1", "feeling": "neutral", "confidence": 0.7, "complaint": False, "kind": "", "cause": ""}
THIRD = {
    "version": "rules-3",
    "emotions": [{"value": "joy", "confidence": 0.7}],
    "kind": "compliment",
    "urgency": "low",
}
FORGOTTEN = {"kind": {"value": "riot", "confidence": 1}, "causes": [{"confidence": 1}]}


@pytest.mark.parametrize(
    ("plain", "filled_in"),
    [
        ({}, Filled("enquiry", "", "", "")),
        (FIRST, Filled("complaint", "late", "fear", "high")),
        (NOTHING, Filled("enquiry", "", "", "")),
        (THIRD, Filled("compliment", "", "joy", "low")),
        (FORGOTTEN, Filled("enquiry", "", "", "")),
    ],
)
def test_what_earlier_versions_kept_still_counts(plain: dict[str, Any], filled_in: Filled) -> None:
    assert filled(kept.from_plain(plain)) == filled_in


@pytest.mark.parametrize(
    "plain",
    [
        [],
        "anger",
        None,
        {"version": 5, "language": ["en"]},
        {"emotions": 5},
        {"emotions": [{"value": "anger", "confidence": None}]},
        {"emotions": [{"value": "anger", "spans": [[1]]}]},
        {"emotions": [{"value": "anger", "spans": [[0, float("inf")]]}]},
        {"complaint": {"value": "no", "confidence": {}}},
        {"requests": [[True, "a", "b"]]},
        {"embedding": 5},
        {"embedding": "é"},
    ],
    ids=repr,
)
def test_what_is_no_reading_hides_no_message(plain: Any) -> None:
    read = kept.from_plain(plain, text=TEXT)

    assert filled(read) == Filled("enquiry", "", "", "")
    assert (type(read.version), type(read.language)) == (str, str)


def test_a_hint_fills_in_nothing() -> None:
    hints = Reading(
        language="en",
        emotions=(Finding(Emotion.ANGER, 0.59),),
        kind=Finding(Kind.COMPLAINT, 0.59),
        causes=(Finding(Cause.LATE, 0.59),),
        urgency=Finding(Urgency.CRITICAL, 0.59),
    )

    assert filled(hints) == Filled("enquiry", "", "", "")
    assert filled(WHOLE) == Filled("complaint", "late", "anger", "normal")


def test_hurt_is_not_taken_back_by_silence() -> None:
    assert felt_in_all(["joy", "anger", "", "joy"]) == "anger"
    assert felt_in_all(["joy", ""]) == "joy"
    assert felt_in_all([]) == ""

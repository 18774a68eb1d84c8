"""The reply check against answers that a person labelled: what it says must be right, for who is nagged switches it off."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from troth import reading
from troth.cases.rules.checks import About, Check, look
from troth.words.emotions import Emotion
from troth.words.hours import office
from troth.words.messages import Direction
from troth.words.remedies import Remedy

FOLDER = Path(__file__).parents[4] / "corpus" / "reply-checks-en"
ITEMS = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text().splitlines()]
#: Those of which `has` tells; of the others `faults` does.
WANTED = {Check.RESPONSIBILITY, Check.REPAIR, Check.REGRET, Check.REASON, Check.NEVER_AGAIN, Check.DATE}


def measured(items: list[dict[str, Any]]) -> tuple[int, float, float]:
    """How often advice was given, how much of it was right, and how much of what was to be advised was."""
    count: Counter[tuple[bool, bool]] = Counter()
    for item in items:
        at, hours = datetime.fromisoformat(item["at"]), office(item["tz"], item["country"], "ENG")
        about = About(
            is_complaint=item["kind"] == "complaint",
            emotion=Emotion(item["emotion"]) if item["emotion"] else None,
            remedies=tuple(Remedy(one) for one in item["remedies"]),
            questions=tuple(item["questions"]),
        )
        read = reading.read(item["text"], at=at, calendar=hours, direction=Direction.OUTBOUND)
        looked = {one.check: one.is_well for one in look(item["text"], about, read=read, now=at, hours=hours)}
        for check in (set(looked) | set(map(Check, item["faults"]))) - {Check.OFFER}:
            ought = check not in item["has"] if check in WANTED else check in item["faults"]
            count[not looked.get(check, True), ought] += 1
    given = count[True, True] + count[True, False]
    return given, count[True, True] / given, count[True, True] / (count[True, True] + count[False, True])


def test_the_labels_are_words_of_ours() -> None:
    assert len({item["id"] for item in ITEMS}) == len(ITEMS) == 78
    for item in ITEMS:
        assert set(item["has"]) <= WANTED
        assert set(map(Check, item["faults"])).isdisjoint(WANTED)


def test_advice_is_right_nineteen_times_in_twenty() -> None:
    given, precision, recall = measured(ITEMS)

    assert given > 200
    assert precision >= 0.94
    assert recall >= 0.92


@pytest.mark.parametrize("fault", [Check.BLAME, Check.EMPTY_APOLOGY, Check.VAGUE_TIME, Check.PASSIVE, Check.POLICY])
def test_no_fault_is_found_where_there_is_none(fault: Check) -> None:
    for item in ITEMS:
        at, hours = datetime.fromisoformat(item["at"]), office(item["tz"], item["country"], "ENG")
        read = reading.read(item["text"], at=at, calendar=hours, direction=Direction.OUTBOUND)
        looked = {one.check: one.is_well for one in look(item["text"], About(), read=read, now=at, hours=hours)}
        assert looked[fault] or fault in item["faults"], item["id"]

"""The published sentences are whole: every label can be, every span lies in its text, every date comes after it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from corpus import agreement

from troth.words.hours import office
from troth.words.promises import Strength

FOLDER = Path(__file__).parents[2] / "corpus" / "service-replies-en"
OPEN = agreement.read([FOLDER / "open.jsonl"])
HELD = agreement.read([FOLDER / "held.jsonl"])
ITEMS = OPEN + HELD
PROMISES = [(item, promise) for item in ITEMS for promise in item["promises"]]

NUMBERS = dict(
    zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True)
)
COUNTED = re.compile(r"\b(\d+|" + "|".join(NUMBERS) + r") (?:working|business) days?\b", re.IGNORECASE)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAY = re.compile(r"\b(" + "|".join(WEEKDAYS) + r")\b", re.IGNORECASE)
OF_A_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)? (January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def day_of(item: dict[str, Any], moment: str) -> date:
    at = datetime.fromisoformat(moment)
    return at.astimezone(ZoneInfo(item["tz"])).date() if "T" in moment else at.date()


def test_there_are_a_thousand_of_them_no_two_the_same() -> None:
    assert len(ITEMS) >= 1_000
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)
    assert len({item["text"].casefold() for item in ITEMS}) == len(ITEMS)


def test_the_halves_are_about_even_in_size_and_kind() -> None:
    for kind in agreement.KINDS:
        shares = [sum(item["kind"] == kind for item in half) / len(half) for half in (OPEN, HELD)]

        assert abs(shares[0] - shares[1]) < 0.06, kind
    assert abs(len(OPEN) - len(HELD)) < len(ITEMS) / 10


def test_about_half_of_them_promise_and_many_do_not() -> None:
    shares = {kind: sum(item["kind"] == kind for item in ITEMS) / len(ITEMS) for kind in agreement.KINDS}

    assert 0.40 < sum(shares[kind] for kind in agreement.KINDS[:4]) < 0.55
    assert shares["none"] > 0.35
    assert shares["offer"] + shares["implied"] > 0.10


def test_every_label_is_one_of_the_guide() -> None:
    strengths = {strength.value for strength in Strength}
    for item in ITEMS:
        assert set(item) == {"id", "text", "at", "tz", "country", "source", "kind", "promises", "near"}, item["id"]
        assert item["source"] == "written"
        assert item["kind"] == agreement.kind_of(item), item["id"]
        assert {near["kind"] for near in item["near"]} <= {"offer", "implied"}, item["id"]
    for item, promise in PROMISES:
        assert promise["strength"] in strengths, item["id"]
        assert promise["bond"] in {"unconditional", "conditional"}, item["id"]
        assert promise["time"] in {"dated", "vague", "none"}, item["id"]
        assert promise["who"] in {"we", "I", "third"}, item["id"]
        assert promise["due"] is None or promise["time"] == "dated", item["id"]
        assert promise.get("negative", True) is True, item["id"]


def test_every_span_is_a_clause_of_its_text_and_none_lies_on_another() -> None:
    for item in ITEMS:
        spans = sorted(found["span"] for found in [*item["promises"], *item["near"]])
        for start, end in spans:
            quote = item["text"][start:end]
            assert 0 <= start < end <= len(item["text"]), item["id"]
            assert quote == quote.strip(), item["id"]
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), item["id"]


def test_the_clock_shows_the_offset_of_its_zone() -> None:
    for item in ITEMS:
        at = datetime.fromisoformat(item["at"])

        assert at.utcoffset() == at.astimezone(ZoneInfo(item["tz"])).utcoffset(), item["id"]


def test_no_date_is_before_the_writing_or_before_its_own_window() -> None:
    for item, promise in PROMISES:
        for moment in filter(None, (promise["due"], promise.get("other_due"))):
            assert day_of(item, moment) >= day_of(item, item["at"]), item["id"]
            assert day_of(item, moment) <= day_of(item, item["at"]) + timedelta(days=120), item["id"]
            if "T" in moment:
                assert datetime.fromisoformat(moment) > datetime.fromisoformat(item["at"]), item["id"]
        if start := promise.get("window_start"):
            assert ("T" in start) == ("T" in promise["due"]), item["id"]
            assert start < promise["due"], item["id"]
        if other := promise.get("other_due"):
            assert other != promise["due"], item["id"]


def test_working_days_are_counted_by_the_calendar_of_the_country() -> None:
    counted = 0
    for item, promise in PROMISES:
        words = COUNTED.search(item["text"][slice(*promise["span"])])
        if words is None or promise["due"] is None:
            continue
        n = NUMBERS.get(words[1].lower()) or int(words[1])
        due = office(item["tz"], item["country"]).add_working_days(day_of(item, item["at"]), n)
        counted += 1

        assert promise["due"] == due.isoformat(), item["id"]
    assert counted >= 40


def test_a_weekday_or_day_of_the_month_that_is_named_is_that_of_the_date() -> None:
    named = 0
    for item, promise in PROMISES:
        quote = item["text"][slice(*promise["span"])]
        weekdays, days = WEEKDAY.findall(quote), OF_A_MONTH.findall(quote)
        if promise["due"] is None or "after" in quote:
            continue
        due = day_of(item, promise["due"])
        if weekdays:
            assert WEEKDAYS[due.weekday()] == weekdays[-1].lower(), item["id"]
        if days:
            assert (str(due.day), f"{due:%B}") == days[-1], item["id"]
        named += bool(weekdays or days)
    assert named >= 100


def test_nobody_is_named_by_a_way_to_reach_them() -> None:
    for item in ITEMS:
        assert not re.search(r"\S@\S|https?://|\b\d{10,}\b", item["text"]), item["id"]


def labelled(kind: str = "promise", *, start: int = 0, end: int = 10, **labels: Any) -> dict[str, Any]:
    promise = {
        "span": [start, end],
        "strength": kind,
        "bond": "unconditional",
        "time": "none",
        "who": "we",
        "due": None,
    }
    return promise | labels


def item(number: int, *promises: dict[str, Any], near: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"id": f"t-{number}", "text": "We ring you. I hope so.", "promises": list(promises), "near": list(near)}


def test_kappa_is_that_of_the_textbook() -> None:
    """50 grants, read twice: 20 both yes, 15 both no, 5 and 10 apart; kappa is 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    assert agreement.kappa(pairs) == pytest.approx(0.4)
    assert agreement.kappa([("y", "y")] * 3) == 1
    assert agreement.kappa([("y", "n"), ("n", "y")]) == pytest.approx(-1)


def test_spans_match_once_and_by_half_of_the_shorter() -> None:
    first = [labelled(start=0, end=10), labelled(start=20, end=30)]
    second = [labelled(start=4, end=40), labelled(start=6, end=16)]

    assert agreement.matches(first, second) == [(first[1], second[0])]
    assert agreement.matches(first[:1], [labelled(start=5, end=40)]) != []
    assert agreement.matches(first[:1], [labelled(start=6, end=40)]) == []


def test_agreement_counts_what_both_found_and_how_they_labelled_it() -> None:
    first = [
        item(1, labelled(time="dated", due="2026-03-12"), labelled("aim", start=20, end=30)),
        item(2, labelled(time="dated", due="2026-03-12T17:00:00+00:00")),
        item(3, near=({"span": [0, 5], "kind": "offer"},)),
        item(4),
    ]
    second = [
        item(4),
        item(3, labelled(end=5)),
        item(2, labelled(time="dated", due="2026-03-12T18:00:00+01:00")),
        item(1, labelled(time="dated", due="2026-03-13"), labelled("promise", start=20, end=30)),
    ]

    found = agreement.compare([*first, item(4, labelled("aim"))], second)

    assert (found.items, found.promises) == (4, (3, 4))
    assert found.kind_same == 3 / 4
    assert found.kind_kappa == pytest.approx((3 / 4 - 5 / 16) / (11 / 16))
    assert found.promise_f1 == pytest.approx(6 / 7)
    assert found.near_f1 == 0
    assert found.strength == pytest.approx(2 / 3)
    assert found.due == 1 / 2
    assert found.time == found.bond == found.who == 1


def test_a_quote_stands_for_its_span() -> None:
    by_hand = item(1, {key: value for key, value in labelled("aim").items() if key != "span"} | {"quote": "I hope so"})

    assert agreement.placed(by_hand, text=by_hand["text"])["promises"][0]["span"] == [13, 22]
    with pytest.raises(SystemExit, match="t-1 does not say: I hope so"):
        agreement.placed(by_hand, text="We ring you.")


def test_the_second_annotator_sees_no_label() -> None:
    bare = agreement.stripped(ITEMS)

    assert {field for seen in bare for field in seen} == set(agreement.GIVEN)
    assert sorted(seen["id"] for seen in bare) == sorted(seen["id"] for seen in ITEMS)
    assert [seen["id"] for seen in bare] != [seen["id"] for seen in ITEMS]
    assert json.dumps(agreement.stripped(reversed(ITEMS))) == json.dumps(bare)


def test_the_figures_of_the_readme_are_those_of_the_files() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for kind in agreement.KINDS:
        counts = [sum(item["kind"] == kind for item in half) for half in (OPEN, HELD, ITEMS)]
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{kind}`"))

        assert [int(cell) for cell in row.split("|")[2:5]] == counts
    assert f"{len(ITEMS):,} replies" in readme
    assert f"stand {len(PROMISES)} promises" in readme


def test_the_agreement_in_the_readme_is_that_of_the_two_passes() -> None:
    as_it_was = agreement.read([FOLDER / "first_pass.jsonl"])
    found = agreement.compare([*as_it_was, *ITEMS], agreement.read([FOLDER / "second_pass.jsonl"]))
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert found.items == len(ITEMS)
    assert all(item not in ITEMS for item in as_it_was)
    assert f"In {len(as_it_was)} (" in readme
    assert f"| kind of the item: Cohen's kappa | {found.kind_kappa:.3f} |" in readme
    assert f"F1 of the spans found ({found.promises[0]} and {found.promises[1]}) | {found.promise_f1:.3f} |" in readme
    assert f"| near promises: F1 of the spans found | {found.near_f1:.3f} |" in readme
    assert f"| due exactly the same, where either dated it | {100 * (found.due or 0):.1f} % |" in readme

"""What a notice owes its readers: found where it is there, missed where it is not, in English and German; and hiding is seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.incidents.rules import writing
from troth.incidents.rules.texts import spoken_texts, words_of
from troth.incidents.rules.wordings import How, differences
from troth.incidents.rules.writing import Point, look

AT = datetime(2026, 11, 12, 15, tzinfo=UTC)
ENGLISH = """We are sorry: we loaded the wrong lorry, and that is our mistake.

Since Monday, parcels for Hull leave a day late. It affects everybody who ordered between Friday and Sunday.

We are sending a second lorry tonight. You do not need to do anything. If it cannot wait, answer this letter.

You hear from us next by Thursday 12 November, 15:00 (GMT)."""
GERMAN = """Es tut uns leid: Wir haben den falschen Lastwagen beladen, und das ist unser Fehler.

Seit Montag gehen Pakete nach Hull einen Tag zu spät ab. Betroffen sind alle, die zwischen Freitag und Sonntag bestellt haben.

Wir schicken heute Nacht einen zweiten Lastwagen. Sie müssen nichts tun.

Sie hören spätestens am Donnerstag, 12. November, 15:00 Uhr wieder von uns."""


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de")])
def test_a_good_letter_lacks_nothing(text: str, language: str) -> None:
    assert [one.point for one in look(text, kind="began", language=language) if not one.is_well] == []


@pytest.mark.parametrize(
    ("text", "language", "point"),
    [
        ("Mistakes were made in our depot.", "en", Point.PASSIVE),
        ("An error has occurred with your parcel.", "en", Point.PASSIVE),
        ("Some inconvenience may have been caused.", "en", Point.PASSIVE),
        ("We apologise if you were affected.", "en", Point.EMPTY),
        ("We apologise for any inconvenience.", "en", Point.EMPTY),
        ("We will write as soon as possible.", "en", Point.VAGUE),
        ("You should have read the label.", "en", Point.BLAME),
        ("Since [[when]], parcels are late.", "en", Point.BLANK),
        ("Es wurden Fehler gemacht.", "de", Point.PASSIVE),
        ("Leider ist es zu einer Panne gekommen.", "de", Point.PASSIVE),
        ("Wir entschuldigen uns für etwaige Unannehmlichkeiten.", "de", Point.EMPTY),
        ("Wir melden uns schnellstmöglich.", "de", Point.VAGUE),
    ],
)  # fmt: skip
def test_what_hides_is_pointed_at_with_its_words(text: str, language: str, point: Point) -> None:
    found = {one.point: one for one in look(text, kind="update", language=language)}

    assert not found[point].is_well
    assert found[point].quote in text
    assert point in {one.point for one in writing.advice(tuple(found.values()), text)}


def test_each_point_is_missed_where_its_paragraph_is_not_there() -> None:
    paragraphs = ENGLISH.split("\n\n")
    missed = [
        {
            one.point
            for one in look("\n\n".join(paragraphs[:at] + paragraphs[at + 1 :]), kind="began")
            if not one.is_well
        }
        for at in range(len(paragraphs))
    ]

    assert missed[0] >= {Point.SORRY, Point.OWNS}
    assert Point.YOU_CAN in missed[2]
    assert missed[3] == {Point.NEXT}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sentences_that_are_put_in_are_well_and_the_next_word_is_dated(language: str) -> None:
    for point in (Point.SORRY, Point.HAPPENED, Point.AFFECTED, Point.DOING, Point.YOU_CAN, Point.NEXT):
        words = writing.put_in(point, kind="began", language=language, next_word_at=AT, zone="Europe/London")
        found = {one.point: one for one in look(words, kind="began", language=language)}
        assert found[point].is_well or "[[" in words, (point, words)
        assert found[Point.BLANK].is_well == ("[[" not in words)
        assert all(found[fault].is_well for fault in writing.FAULTS - {Point.BLANK})
    assert "12" in writing.next_sentence(AT, zone="Europe/London", language=language)


@given(st.dictionaries(st.sampled_from(writing.FIELDS), st.text()), st.text(), st.booleans())
def test_nothing_typed_is_lost_on_the_way_to_the_reader(fields: dict[str, str], words: str, guided: bool) -> None:
    text = {**fields, "words": words, "language": "en", "subject": "Late"}
    told = words_of(text, guided=guided, next_word_at=AT, zone="Europe/London")

    for typed in fields.values() if guided else [words]:
        assert typed.strip() in told
    assert spoken_texts([text], guided=guided, next_word_at=AT, zone="UTC").keys() <= {"en"}
    look(told, kind="began")


@given(st.text(), st.text())
def test_struck_and_new_words_make_up_both_wordings(before: str, after: str) -> None:
    parts = differences(before, after)

    assert "".join(part.words for part in parts if part.how is not How.NEW) == before
    assert "".join(part.words for part in parts if part.how is not How.STRUCK) == after

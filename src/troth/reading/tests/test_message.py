from __future__ import annotations

from datetime import UTC, datetime

import pytest

from troth import reading
from troth.words.hours import NaiveTime, office
from troth.words.messages import Direction

LONDON = office("Europe/London")
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)


def inbound(text: str) -> reading.Reading:
    return reading.read(text, at=AT, calendar=LONDON, direction=Direction.INBOUND)


@pytest.mark.parametrize(
    ("text", "emotion", "kind", "cause", "urgency"),
    [
        ("This is the worst service, my parcel is days late!", "anger", "complaint", "late", "normal"),
        ("My order never arrived.", None, "complaint", "never_delivered", "normal"),
        ("The kettle broke, I'm very disappointed.", "sadness", "complaint", "poor_quality", "normal"),
        ("You sent the wrong size.", None, "complaint", "not_as_described", "normal"),
        ("Your driver was rude and shouted at me.", "anger", "complaint", "treated_poorly", "normal"),
        ("There is a hidden fee of £5 on my bill.", None, "complaint", "hidden_fee", "normal"),
        ("I emailed you twice and nobody replied.", None, "complaint", "no_acknowledgement", "normal"),
        ("The charger caught fire in my kitchen!", None, "complaint", "safety_or_breach", "critical"),
        ("I'm not happy with this.", "sadness", "complaint", None, "normal"),
        ("I'm worried about my booking, is it still on?", "fear", "enquiry", None, "normal"),
        ("What are your opening hours?", None, "enquiry", None, "normal"),
        ("It would be great if you could add a blue one.", "joy", "suggestion", None, "low"),
        ("Thank you so much, the fitter was brilliant!", "joy", "compliment", None, "low"),
        ("Can you please tell me the price? Thanks", None, "enquiry", None, "normal"),
        ("I need it by tomorrow, it is urgent.", None, "enquiry", None, "high"),
    ],
)
def test_what_a_customer_raises(text: str, emotion: str | None, kind: str, cause: str | None, urgency: str) -> None:
    read = inbound(text)

    assert read.kind is not None
    assert read.urgency is not None
    assert (read.emotion, read.kind.value, read.urgency.value) == (emotion, kind, urgency)
    assert [found.value for found in read.causes[:1]] == ([cause] if cause else [])
    assert read.is_complaint == (kind == "complaint")
    assert read.promises == ()
    assert read.language == "en"


def test_an_emotion_is_shown_by_words_of_the_text() -> None:
    text = "I am furious. The blue one is mine."

    (emotion, *_) = inbound(text).emotions

    assert [text[span.start : span.end] for span in emotion.spans] == ["furious"]
    assert 0 < emotion.confidence <= 1


def test_only_what_we_write_to_a_customer_promises() -> None:
    text = "We'll ring you tomorrow."

    kinds = {
        direction: len(reading.read(text, at=AT, calendar=LONDON, direction=direction).promises)
        for direction in Direction
    }

    assert kinds == {Direction.INBOUND: 0, Direction.OUTBOUND: 1, Direction.NOTE: 0}


def test_what_we_write_has_no_kind_and_no_emotion() -> None:
    read = reading.read("We're so sorry this was late.", at=AT, calendar=LONDON, direction=Direction.OUTBOUND)

    assert (read.kind, read.causes, read.complaint, read.emotions) == (None, (), None, ())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("Thanks!", "en"),
        ("Wo ist mein Paket, ich warte schon sehr lange", "de"),
        ("Où est ma commande ?", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("Waar blijft mijn bestelling?", "unknown"),
        ("私の荷物はどこですか", "unknown"),
        ("4711", "unknown"),
        ("", "unknown"),
    ],
)
def test_four_languages_are_known_and_nothing_else_is_guessed(text: str, language: str) -> None:
    assert inbound(text).language == language


@pytest.mark.parametrize(
    "text", ["Das ist der schlechteste Service, den ich je hatte!", "Waar blijft mijn bestelling nou?"]
)
def test_what_a_customer_feels_is_not_guessed_in_another_language(text: str) -> None:
    read = inbound(text)

    assert (read.kind, read.causes, read.complaint, read.emotions, read.urgency) == (None, (), None, (), None)


def test_quoted_mail_is_not_read_again() -> None:
    assert not inbound("Thank you, all is well.\n\n> This is the worst service ever.").is_complaint


def test_what_a_customer_puts_between_quotation_marks_is_read() -> None:
    assert inbound('My mother said "I am so worried about the gas".').emotion == "fear"


def test_many_are_read_as_one_by_one() -> None:
    messages = [
        ("We'll ring you tomorrow.", AT, LONDON, Direction.OUTBOUND),
        ("Thanks!", AT, LONDON, Direction.INBOUND),
    ]

    assert list(reading.read_many(messages)) == [
        reading.read(text, at=at, calendar=hours, direction=direction) for text, at, hours, direction in messages
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        reading.read("Hello", at=AT.replace(tzinfo=None), calendar=LONDON, direction=Direction.INBOUND)

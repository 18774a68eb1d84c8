from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from troth import reading
from troth.reading.learner import CORRECTIONS_MAX, VALUES, Correction, Learned, NotAValue, NotLearned, compare, fit
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.hours import office
from troth.words.messages import Direction, Kind, Urgency

LONDON = office("Europe/London")
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)

THINGS = ("kettle", "sofa", "lamp", "router", "coat", "bike", "drill", "phone", "table", "mug", "tent", "radio")
GONE = [Correction(f"My {thing} has gone walkabout again.", "cause", "never_delivered") for thing in THINGS]
GRUBBY = [Correction(f"The {thing} you sent is awfully grubby.", "cause", "poor_quality") for thing in THINGS]
UPSET = [Correction(f"The {thing} has gone walkabout.", "complaint", "yes") for thing in THINGS]
CALM = [Correction(f"Do you have a {thing} in blue?", "complaint", "no") for thing in THINGS]


def read(text: str, learned: Learned | None = None) -> reading.Reading:
    return reading.read(text, at=AT, calendar=LONDON, direction=Direction.INBOUND, learned=learned)


def test_nothing_is_applied_unless_it_is_handed_in() -> None:
    text = "My fridge has gone walkabout again."
    before = read(text)

    learned = fit(GONE + GRUBBY + UPSET + CALM)

    assert read(text) == before
    assert read(text, learned) != before


def test_a_correction_teaches_the_like_of_it() -> None:
    learned = fit(GONE + GRUBBY + UPSET + CALM)

    fridge, chair = read("The fridge has gone walkabout.", learned), read("Do you have a chair in blue?", learned)

    assert fridge.is_complaint
    assert fridge.kind is not None
    assert fridge.kind.value is Kind.COMPLAINT
    assert fridge.cause is Cause.NEVER_DELIVERED
    assert not chair.is_complaint
    assert chair.causes == ()


def test_what_was_learned_names_itself_and_its_words() -> None:
    learned = fit(UPSET + CALM + GONE + GRUBBY)
    text = "The fridge has gone walkabout."

    said = read(text, learned)

    assert said.version == f"{reading.VERSION}+{learned.version}"
    assert said.causes[0].spans
    assert {text[start:end] for start, end in said.causes[0].spans} & {"walkabout", "gone walkabout", "has gone"}


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("kind", "suggestion", lambda said: said.kind.value is Kind.SUGGESTION),
        ("kind", "complaint", lambda said: said.is_complaint and said.kind.value is Kind.COMPLAINT),
        ("urgency", "critical", lambda said: said.urgency.value is Urgency.CRITICAL),
        ("emotion", "fear", lambda said: said.emotion is Emotion.FEAR),
        ("emotion", "", lambda said: said.emotions == ()),
    ],
)
def test_every_field_can_be_taught(name: str, value: str, read_as: object) -> None:
    learned = fit([Correction(f"Zounds, the {thing} is splendiferous", name, value) for thing in THINGS])  # type: ignore[arg-type]

    assert read_as(read("Zounds, the fridge is splendiferous", learned))  # type: ignore[operator]


def test_the_same_corrections_give_the_same_version_and_another_order_may_not() -> None:
    assert fit(GONE + GRUBBY) == fit(GONE + GRUBBY)
    assert fit(GONE + GRUBBY).version == fit(GONE + GRUBBY).version
    assert fit(GONE).version != fit(GRUBBY).version


def test_a_correction_taken_back_leaves_no_trace() -> None:
    mistaken = Correction("My fridge has gone walkabout again.", "cause", "hidden_fee")

    with_it = fit([*GONE, mistaken, *GRUBBY])
    without = fit([correction for correction in [*GONE, mistaken, *GRUBBY] if correction is not mistaken])

    assert without == fit(GONE + GRUBBY)
    assert with_it.version != without.version


def test_learned_survives_being_written_down() -> None:
    learned = fit(GONE + GRUBBY + UPSET)

    again = Learned.from_plain(json.loads(json.dumps(learned.to_plain())))

    assert again == learned
    assert again.version == learned.version


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"format": 99, "corrections": 1, "weights": {}},
        {"format": 1, "corrections": 1},
        {"format": 1, "corrections": 1, "weights": {"cause": {"late": ["x"]}}},
        {"format": 1, "corrections": 1, "weights": {"cause": {"late": {"x": "y"}}}},
    ],
)
def test_anything_else_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises((NotLearned, ValueError)):
        Learned.from_plain(plain)


@pytest.mark.parametrize(("name", "value"), [("cause", "bored"), ("cause", ""), ("complaint", "true"), ("mood", "x")])
def test_a_value_the_field_cannot_have_is_refused(name: str, value: str) -> None:
    with pytest.raises(NotAValue):
        fit([Correction("Hello", name, value)])  # type: ignore[arg-type]


def test_it_is_told_whether_learning_helps() -> None:
    told = compare(GONE + GRUBBY)

    assert told.n == len(GONE + GRUBBY)
    assert told.after > told.before
    assert told.fields["cause"].n == told.n


def test_learning_noise_is_not_called_better() -> None:
    causes = [cause for cause in VALUES["cause"] for _ in range(4)]
    noise = [
        Correction(f"My order never arrived, number {7919 * at}.", "cause", cause) for at, cause in enumerate(causes)
    ]

    told = compare(noise)

    assert told.after <= told.before


def test_without_corrections_nothing_is_learned() -> None:
    assert fit([]) == Learned()
    assert compare([]).n == 0
    assert read("Hello, where is my parcel?", fit([])) == read("Hello, where is my parcel?")


def test_only_the_newest_are_learned_from() -> None:
    old = [Correction("My order is late.", "urgency", "critical")]
    new = [Correction("My order is late.", "urgency", "low")] * CORRECTIONS_MAX

    assert fit(old + new).weights == fit(new).weights


def test_what_a_customer_puts_between_quotation_marks_teaches_too() -> None:
    one, other = (
        fit([Correction(f'They said "{words}".', "cause", "late")]) for words in ("gone zorbled", "all blenk")
    )

    assert one.weights != other.weights

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from troth.reading import emotion
from troth.reading.emotion import emotions_in, emotions_in_many
from troth.reading.weights import WeightsUnusable, load
from troth.words.emotions import Emotion

CLEAR = [
    ("I am furious, this is the third time you lied to me.", "anger"),
    ("Absolutely disgraceful service, sort it out!", "anger"),
    ("What a rip off, I want my money back.", "anger"),
    ("I'm sick of waiting on hold for hours.", "anger"),
    ("I hate your new website.", "anger"),
    ("The food was revolting, there were maggots in it.", "disgust"),
    ("The room was gross and smelled of vomit.", "disgust"),
    ("I'm worried about my booking, is it still on?", "fear"),
    ("I am scared that somebody has my bank details.", "fear"),
    ("We were terrified when the brakes failed.", "fear"),
    ("Thank you so much, the fitter was brilliant!", "joy"),
    ("We love the new sofa, it's gorgeous.", "joy"),
    ("Brilliant, it works again, I'm so happy!", "joy"),
    ("So relieved that my case turned up.", "joy"),
    ("The kettle broke, I'm very disappointed.", "sadness"),
    ("I'm not happy with this.", "sadness"),
    ("My father passed away and I am heartbroken.", "sadness"),
    ("We feel badly let down.", "sadness"),
    ("I'm confused by this letter, I don't understand what it says.", "surprise"),
    ("Wow, I never expected a reply on a Sunday!", "surprise"),
]
PLAIN = [
    "My order number is 48213.",
    "You sent the wrong size.",
    "What are your opening hours?",
    "Can you please tell me the price? Thanks",
    "Please send me the invoice again. Thanks in advance, Tom",
    "I would like to change my delivery address.",
    "Please call me back on Tuesday. Thank you.",
    "Kind regards, Anna",
    "I need a copy of the receipt for my tax office.",
    "Do you ship to Norway?",
]
ODD = [
    "",
    " \n\t",
    "\x00\x07\x1b[31m",
    "😡😡😡",
    "🙏❤️😂",
    "שלום עליכם, איפה החבילה שלי?",
    "\u202eevil\u202c I am so angry \u200f",
    "<p>I&nbsp;am <b>furious</b></p>",
    "İ am FURIOUS İİ",
    "a" * 5_000,
    "?!" * 500,
]


@pytest.mark.parametrize(("text", "emotion"), CLEAR)
def test_what_is_clearly_felt_is_found(text: str, emotion: str) -> None:
    assert emotion in [found.value.value for found in emotions_in(text)]


@pytest.mark.parametrize("text", PLAIN)
def test_what_shows_no_emotion_is_given_none(text: str) -> None:
    assert emotions_in(text) == ()


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("I'm not happy with this.", Emotion.JOY),
        ("Not impressed at all.", Emotion.JOY),
        ("This is not good enough.", Emotion.JOY),
        ("The lamp is broken. Please send a new one. Thanks", Emotion.JOY),
        ("No refund after six weeks, great job.", Emotion.FEAR),
        ("Don't worry, there is no hurry.", Emotion.FEAR),
    ],
)
def test_what_is_not_felt_is_not_found(text: str, emotion: Emotion) -> None:
    assert emotion not in [found.value for found in emotions_in(text)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I ordered on Monday and I am absolutely furious about it.", "furious"),
        ("My number is 12. I am so worried about my dog.", "worried"),
        ("The driver came at nine. Wonderful!", "Wonderful"),
        ("We had booked for six and were disappointed.", "disappointed"),
        ("It says delivered 😡", "😡"),
    ],
)
def test_the_words_that_show_it_are_named(text: str, word: str) -> None:
    (first, *_) = emotions_in(text)

    assert any(word in text[span.start : span.end] for span in first.spans)


@pytest.mark.parametrize("text", [text for text, _ in CLEAR] + ODD)
def test_spans_are_words_of_the_text_in_order(text: str) -> None:
    for found in emotions_in(text):
        ends = [0, *(end for _, end in found.spans)]
        assert all(end <= start < len(text) for end, (start, _) in zip(ends, found.spans, strict=False))
        assert all(text[start:end].strip() for start, end in found.spans)
        assert len(found.spans) <= emotion.SPANS_MAX
        assert 0 < found.confidence < 1


def test_many_are_read_as_one_by_one() -> None:
    texts = [text for text, _ in CLEAR] + PLAIN + ODD + ["I am so angry. " * 200]

    assert emotions_in_many(texts) == [emotions_in(text) for text in texts]
    assert emotions_in_many(texts[::-1]) == emotions_in_many(texts)[::-1]
    assert emotions_in_many([]) == []


def test_what_is_felt_in_one_sentence_of_many_is_found() -> None:
    text = "The parcel weighs two kilos and has a blue label. " * 30 + "I am furious. " + "It is made of card. " * 40

    (first, *_) = emotions_in(text)

    assert first.value is Emotion.ANGER
    assert any("furious" in text[start:end] for start, end in first.spans)


@pytest.mark.parametrize("unit", ["a", "a ", "!", "! ", "angry ", "😡", "@", "http://", "[name]", "é", "''", "\u0301"])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def spent(size: int) -> float:
        text = (unit * size)[:size]
        started = time.process_time()
        emotions_in(text)
        return time.process_time() - started

    emotions_in("warm up")
    small = large = float("inf")
    for _ in range(3):  # measured again while it looks bad, for a machine has its moods
        small, large = min(small, spent(20_000)), min(large, spent(100_000))
        if large < 5 * 4 * small + 0.2:
            break

    assert large < 5 * 4 * small + 0.2


def test_a_megabyte_is_read() -> None:
    text = ("The parcel is late and I am angry. " * 30_000)[:1_000_000]

    assert next(found.value for found in emotions_in(text)) is Emotion.ANGER


def test_numpy_is_only_loaded_by_who_reads() -> None:
    """The composer reads our own words; the models stay where they are."""
    code = (
        "import sys, datetime, troth.reading as r, troth.reading.emotion, troth.reading.embedding\n"
        "from troth.words.hours import office\n"
        "from troth.words.messages import Direction\n"
        "at = datetime.datetime.now(datetime.UTC)\n"
        "assert r.read('We will ring you.', at=at, calendar=office('UTC'), direction=Direction.OUTBOUND).promises\n"
        "sys.exit('numpy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_its_weights_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(emotion, "load", lambda name: load(name, folder=tmp_path))
    emotion._model.cache_clear()

    with pytest.raises(WeightsUnusable, match="install Troth again"):
        emotions_in("Hello")

    emotion._model.cache_clear()

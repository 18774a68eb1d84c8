from __future__ import annotations

import pytest

from troth.cases.rules.acknowledging import acknowledges
from troth.words.emotions import Emotion


@pytest.mark.parametrize(
    ("text", "emotion", "answered"),
    [
        ("I am sorry, three weeks is far too long.", Emotion.ANGER, True),
        ("I can see why you are annoyed.", Emotion.ANGER, True),
        ("You're right, this was our mistake.", Emotion.ANGER, True),
        ("Your order left on Tuesday.", Emotion.ANGER, False),
        ("Thank you for your message.", Emotion.ANGER, False),
        ("Please don't worry: the gas is off.", Emotion.FEAR, True),
        ("The engineer comes on Friday.", Emotion.FEAR, False),
        ("Thank you, I'll tell the fitter.", Emotion.JOY, True),
        ("Your case is closed.", Emotion.JOY, False),
        ("We let you down.", Emotion.SADNESS, True),
        ("Let me explain the second line.", Emotion.SURPRISE, True),
        ("That smell must have been awful.", Emotion.DISGUST, True),
    ],
)
def test_an_answer_that_sees_the_feeling_is_told_from_one_that_does_not(
    text: str, emotion: Emotion, answered: bool
) -> None:
    assert acknowledges(text, emotion) is answered


def test_every_emotion_can_be_answered() -> None:
    assert all(acknowledges("I am sorry. Thank you. Let me explain.", emotion) for emotion in Emotion)

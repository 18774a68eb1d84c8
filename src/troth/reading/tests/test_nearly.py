from __future__ import annotations

from datetime import UTC, datetime

import pytest

from troth.reading.found import NearKind, NearPromise
from troth.reading.nearly import find_near_promises
from troth.reading.promises import find_promises
from troth.words.hours import office


@pytest.mark.parametrize(
    "text",
    [
        "I'd be happy to arrange a call.",
        "Happy to check that for you.",
        "We'll be glad to take a look.",
        "I can look into this for you.",
        "We can certainly book you in.",
        "Would you like me to send a new one?",
        "Let me know if you want me to call you.",
        "I'm more than willing to go through it with you.",
    ],
)
def test_what_we_would_do_is_an_offer(text: str) -> None:
    assert find_near_promises(text) == (NearPromise(NearKind.OFFER, text, 0, len(text)),)


@pytest.mark.parametrize(
    "text",
    ["The line is dead, so I can't ring you.", "It is sold out so we cannot send another."],
)
def test_what_we_say_we_cannot_do_hints_at_nothing(text: str) -> None:
    assert find_near_promises(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Send us a photo so that we can trace it.",
        "Could you tell us your postcode, so I can check?",
        "To help us find it, tell us the number.",
        "I've asked the depot to call you.",
        "Write to us so our engineers may have a look.",
        "For us to check, please send the bill.",
    ],
)
def test_what_is_only_hinted_at_is_implied(text: str) -> None:
    assert find_near_promises(text) == (NearPromise(NearKind.IMPLIED, text, 0, len(text)),)


@pytest.mark.parametrize(
    "text",
    [
        "How can I help?",
        "We can't find it.",
        "We are happy to hear that.",
        "You can send it back.",
        "So that was it.",
        "We looked at it.",
        "",
    ],
)
def test_what_is_neither_offered_nor_implied(text: str) -> None:
    assert find_near_promises(text) == ()


def test_a_sentence_that_promises_is_no_near_promise() -> None:
    text = "Happy to check. Send us a photo and we'll call you so that we can arrange it."
    found = find_promises(text, at=datetime(2026, 4, 2, 9, 30, tzinfo=UTC), hours=office("Europe/London"))

    assert [near.quote for near in find_near_promises(text, found)] == ["Happy to check."]

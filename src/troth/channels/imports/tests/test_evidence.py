from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from troth.channels.imports.rules.evidence import Ending, Said, ending_of, it_came, nothing_came, sort_of
from troth.reading import find_promises
from troth.words.hours import round_the_clock
from troth.words.promises import Sort, State

HOURS = round_the_clock("UTC")
SAID_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def found(text: str):
    [promise] = find_promises(text, at=SAID_AT, hours=HOURS)
    return promise


def ending(text: str, *after: tuple[float, str, str]) -> Ending:
    """The ending of the promise in *text*, with messages so many hours later: "us" or "them", and their words."""
    promise = found(text)
    said = [Said(at=SAID_AT + timedelta(hours=hours), ours=who == "us", text=words) for hours, who, words in after]
    return ending_of(promise, sort=sort_of(promise), said_at=SAID_AT, after=said)


CALL = "We will call you back by 5pm today."
SEND = "We will post the new chain by 5pm today."


@pytest.mark.parametrize(
    ("text", "after", "state"),
    [
        (CALL, [], State.PROPOSED),
        (CALL, [(3, "us", "It was a pleasure to talk.")], State.KEPT),
        (CALL, [(9, "us", "Sorry for the wait.")], State.LATE),
        (CALL, [(9, "them", "Nobody called."), (10, "us", "We are sorry.")], State.LATE),
        (CALL, [(9, "them", "Nobody called me.")], State.BROKEN),
        (CALL, [(9, "them", "How late are you open?")], State.PROPOSED),
        (CALL, [(3, "them", "I still have not heard from you.")], State.PROPOSED),  # it was not due yet
        (SEND, [(3, "us", "Is there anything else?")], State.PROPOSED),  # a word is no chain
        (SEND, [(6, "them", "The parcel has arrived, thank you.")], State.KEPT),
        (SEND, [(30, "them", "The parcel finally came.")], State.LATE),
        (SEND, [(30, "them", "The chain has not arrived.")], State.BROKEN),
        (SEND, [(30, "them", "It never came."), (50, "them", "It has arrived now.")], State.LATE),
        ("We will look into it soon.", [(1, "us", "Done.")], State.PROPOSED),  # undated
        ("If you send us the number, we will post a new chain by 5pm today.", [], State.ARMED),
    ],
)
def test_only_what_the_conversation_says_is_settled(text, after, state):
    assert ending(text, *after).state == state


def test_the_rest_of_the_same_message_is_not_the_promised_word():
    assert ending(CALL, (0.02, "us", "2/2 Have a good day.")).state == State.PROPOSED
    assert ending(CALL, (0.02, "them", "Thanks"), (0.05, "us", "Calling you now.")).state == State.KEPT


def test_a_late_word_carries_its_own_time():
    assert ending(CALL, (9, "us", "Here we are.")) == Ending(
        State.LATE, done_at=SAID_AT + timedelta(hours=9), seen_at=SAID_AT + timedelta(hours=9)
    )


def test_a_word_and_a_deed_are_told_apart():
    assert sort_of(found(CALL)) == Sort.NEXT_WORD
    assert sort_of(found(SEND)) == Sort.DEED


@pytest.mark.parametrize(
    "text", ["Still nothing here", "it hasn't arrived", "Nobody rang.", "where is my bike?", "I haven’t heard a word"]
)
def test_plain_words_of_nothing(text):
    assert nothing_came(text)


@pytest.mark.parametrize("text", ["Has it arrived?", "Tell me when it has arrived", "If it came, I would know."])
def test_a_question_or_a_condition_is_no_arrival(text):
    assert not it_came(text)

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.channels.imports.rules.conversation import NotAConversation, Person, checked, shortened
from troth.channels.imports.rules.lines import conversation_of, decoded
from troth.words.promises import State

NOW = datetime(2026, 6, 1, tzinfo=UTC)

CLOSED_AT = datetime(2020, 3, 24, 12, 20, tzinfo=UTC)
#: The number of a post that was sent at CLOSED_AT.
CLOSING_NUMBER = (int(CLOSED_AT.timestamp() * 1000) - 1_288_834_974_657) << 22

OURS = {
    "id": "shop-17",
    "customer": {"name": "Ada Quill", "handle": "ada@quill.example"},
    "channel": "email",
    "subject": "The blue lamp",
    "messages": [
        {"at": "2026-03-02T09:30:00+01:00", "from": "customer", "text": "Where is the lamp?"},
        {"at": "2026-03-02T11:00:00+01:00", "from": "Ben", "text": "It leaves today."},
    ],
    "promises": [{"what": "It leaves today", "due": "2026-03-02T17:00:00+01:00", "outcome": "kept"}],
}
DIALOG = {
    "dialogHeader": {"company": "LampHelp", "sessionID": "s-1", "conversationDateTime": "2020-03-24T12:00:00.000Z"},
    "dialogContent": [
        {
            "client": "adaq",
            "datetime": "2020-03-24T12:00:00.000Z",
            "message": "@LampHelp my lamp is dark",
            "tweet_ID": "1",
        },
        {"client1": "bo", "datetime": "2020-03-24T12:01:00.000Z", "message": "Mine too", "tweet_ID": "2"},
        {"agent": "LampHelp", "datetime": "2020-03-24T12:05:00.000Z", "message": "Sorry!", "tweet_ID": "3"},
    ],
    "agentURL": {"tweet_ID": str(CLOSING_NUMBER), "url_utterance": "We will look into it today."},
}


def read(plain: object):
    return checked(conversation_of(json.dumps(plain), zone="Europe/Berlin"), now=NOW)


def test_our_own_shape_is_read_whole():
    conversation = read(OURS)

    assert (conversation.id, conversation.channel, conversation.subject) == ("shop-17", "email", "The blue lamp")
    assert conversation.customer == Person(name="Ada Quill", kind="email", address="ada@quill.example")
    assert [(turn.at.hour, turn.ours, turn.by) for turn in conversation.turns] == [(8, False, ""), (10, True, "Ben")]
    assert conversation.stated[0].outcome == State.KEPT


def test_a_dialog_is_known_by_its_shape_and_ends_with_the_agents_last_word():
    conversation = read(DIALOG)

    assert conversation.id == "s-1"
    assert conversation.customer == Person(name="adaq", kind="social", address="@adaq")
    assert [turn.ours for turn in conversation.turns] == [False, False, True, True]
    assert conversation.turns[1].person == Person(name="bo", kind="social", address="@bo")
    assert conversation.turns[-1].at == CLOSED_AT
    assert conversation.subject == "my lamp is dark"


def test_a_time_without_a_zone_is_the_companys_own():
    plain = {**OURS, "messages": [{"at": "2026-03-02T09:30:00", "from": "customer", "text": "x"}]}

    assert read(plain).turns[0].at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "no id"),
        ({"id": "x" * 501}, "longer than"),
        ({"customer": {}}, "neither a name nor a handle"),
        ({"customer": {"handle": "a@b", "kind": "pigeon"}}, "pigeon"),
        ({"customer": {"handle": "not an address", "kind": "email"}}, "not an e-mail address"),
        ({"messages": []}, "no messages"),
        ({"messages": [{"at": "yesterday", "from": "customer"}]}, "yesterday"),
        ({"messages": [{"at": "2026-03-02T09:30:00Z"}]}, "from"),
        ({"messages": [{"at": "2999-03-02T09:30:00Z", "from": "Ben", "text": ""}]}, "2999"),
        ({"messages": [{"at": "1815-03-02T09:30:00Z", "from": "Ben", "text": ""}]}, "1815"),
        ({"messages": [{"at": "2026-03-02T09:30:00Z", "from": "Ben", "text": 5}]}, "no text"),
        ({"promises": [{"what": "x", "outcome": "perhaps"}]}, "perhaps"),
        ({"promises": [{"what": "x", "outcome": "late"}]}, "due"),
        ({"promises": 3}, "no list"),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_reason(change, reason):
    with pytest.raises(NotAConversation, match=reason):
        read({**OURS, **change})


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"id": ' + "9" * 5000 + "}", "[" * 200_000, '{"a":' * 99_999, ""])
def test_lines_that_are_no_conversation(line):
    with pytest.raises(NotAConversation):
        conversation_of(line, zone="UTC")


def test_what_a_database_cannot_hold_is_marked():
    line = json.dumps({**OURS, "subject": "a\x00b"}).replace("lamp?", "\\ud800 lamp?")

    conversation = conversation_of(line, zone="UTC")

    assert conversation.subject == "a\ufffdb"
    assert "\ufffd lamp?" in conversation.turns[0].text


@pytest.mark.parametrize(
    ("raw", "text"), [("Grüße".encode(), "Grüße"), ("Grüße".encode("cp1252"), "Grüße"), (b"\x81\x8d", "\x81\x8d")]
)
def test_every_encoding_gives_text(raw, text):
    assert decoded(raw) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "customer", "messages", "promises", "at", "from", "text", "dialogContent", "dialogHeader"]
                ),
                x,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_ends_in_a_conversation_or_a_reason(plain):
    with suppress(NotAConversation):
        assert read(plain).turns


def test_a_subject_is_made_of_the_first_words():
    assert shortened("@a @b  hello   there") == "hello there"
    assert shortened("word " * 40).endswith("word…")

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from troth.inbox.rules.acknowledge import Answer, Recently, may_acknowledge
from troth.inbox.rules.automatic import origin_of
from troth.inbox.rules.incoming import (
    Attachment,
    Dmarc,
    Incoming,
    Origin,
    from_plain,
    same_message_digest,
    sane_sent_at,
    to_plain,
)
from troth.inbox.rules.sender import Place, Proof, place_of
from troth.post.rules.token import EPOCH, make_token, read_token

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
ANN, BOB, SAM, EVE = "ann@example.net", "bob@example.net", "sam@example.org", "eve@example.com"
#: Participants by their handle's id: Ann has case 3, Bob has case 4.
PEOPLE = {34: ANN, 35: BOB}

TOKENS = {
    "valid": make_token(key=KEY, case=3, participant=34, now=NOW),
    "forged": make_token(key=b"x" * 32, case=3, participant=34, now=NOW),
    "expired": make_token(key=KEY, case=3, participant=34, now=NOW - EPOCH * 13),
    "other case": make_token(key=KEY, case=4, participant=35, now=NOW),
}
SENDERS = {"participant": ANN, "staff": SAM, "stranger": EVE}
MATRIX = list(itertools.product(TOKENS, SENDERS, (Dmarc.PASS, Dmarc.FAIL)))


def place(token: str, sender: str, dmarc: Dmarc, *, is_checked: bool = True, is_sound: bool = True) -> Place:
    claim = read_token(TOKENS[token], key=KEY, now=NOW)
    return place_of(
        proofs=[Proof(case=claim.case, participant_address=PEOPLE[claim.participant])] if claim else [],
        from_address=SENDERS.get(sender, sender),
        from_is_sound=is_sound,
        dmarc=dmarc,
        dmarc_is_checked=is_checked,
    )


def test_the_matrix_has_24_rows() -> None:
    assert len(MATRIX) == 24


@pytest.mark.parametrize(("token", "sender", "dmarc"), MATRIX)
def test_one_row_of_24_joins(token: str, sender: str, dmarc: Dmarc) -> None:
    found = place(token, sender, dmarc)

    joins = (token, sender, dmarc) == ("valid", "participant", Dmarc.PASS)
    assert found.case == (3 if joins else None)
    assert found.suggested_case == {"valid": None if joins else 3, "other case": 4}.get(token)
    assert found.sender_is_verified is (dmarc is Dmarc.PASS)
    assert joins or found.why


@pytest.mark.parametrize(("token", "sender", "dmarc"), MATRIX)
def test_an_unsound_sender_never_joins(token: str, sender: str, dmarc: Dmarc) -> None:
    found = place(token, sender, dmarc, is_sound=False)

    assert (found.case, found.sender_is_verified) == (None, False)


@pytest.mark.parametrize(
    ("sender", "dmarc", "is_checked", "case"),
    [
        ("participant", Dmarc.NONE, False, 3),  # nobody is named who could vouch: token and From are enough
        ("stranger", Dmarc.NONE, False, None),
        ("staff", Dmarc.NONE, False, None),
        ("participant", Dmarc.NONE, True, None),  # somebody is named, and did not vouch
        ("ANN@example.net", Dmarc.PASS, True, 3),
        ("", Dmarc.PASS, True, None),
    ],
)
def test_who_vouches_where_nobody_is_named(sender: str, dmarc: Dmarc, is_checked: bool, case: int | None) -> None:
    assert place("valid", sender, dmarc, is_checked=is_checked).case == case


def test_a_hint_is_only_ever_a_suggestion() -> None:
    found = place_of(
        proofs=[], from_address=ANN, from_is_sound=True, dmarc=Dmarc.PASS, dmarc_is_checked=True, hinted_case=3
    )

    assert (found.case, found.suggested_case) == (None, 3)


@pytest.mark.parametrize(
    ("headers", "sender", "origin"),
    [
        ({}, ANN, Origin.PERSON),
        ({"auto-submitted": ["no"]}, ANN, Origin.PERSON),
        ({"auto-submitted": ["auto-replied"]}, ANN, Origin.AUTO_REPLY),
        ({"auto-submitted": ["Auto-Generated; x=y"]}, ANN, Origin.AUTO_REPLY),
        ({"auto-submitted": ["auto-replied"], "return-path": ["<>"]}, ANN, Origin.AUTO_REPLY),
        ({"precedence": ["bulk"]}, ANN, Origin.MAILING_LIST),
        ({"precedence": ["list"]}, ANN, Origin.MAILING_LIST),
        ({"precedence": ["auto_reply"]}, ANN, Origin.AUTO_REPLY),
        ({"list-id": ["<x.example.net>"]}, ANN, Origin.MAILING_LIST),
        ({"list-unsubscribe": ["<mailto:x@example.net>"]}, ANN, Origin.MAILING_LIST),
        ({"return-path": ["<>"]}, ANN, Origin.BOUNCE),
        ({"return-path": ["<ann@example.net>"]}, ANN, Origin.PERSON),
        ({"x-auto-response-suppress": ["All"]}, ANN, Origin.AUTO_REPLY),
        ({"x-autoreply": ["yes"]}, ANN, Origin.AUTO_REPLY),
        ({"x-loop": ["ann@example.net"]}, ANN, Origin.LOOP),
        ({}, "MAILER-DAEMON@example.net", Origin.BOUNCE),
        ({}, "no-reply@example.net", Origin.AUTO_REPLY),
        ({}, "support@example.org", Origin.OWN),
        ({}, "Support+3-4-5-x@example.org", Origin.OWN),
        ({"auto-submitted": ["auto-replied"]}, "support@example.org", Origin.OWN),
    ],
)
def test_machines_are_told_from_people(headers: dict[str, list[str]], sender: str, origin: Origin) -> None:
    assert origin_of(headers, from_address=sender, own_addresses=["support@example.org"]) is origin


def test_loops_and_reports_are_told_too() -> None:
    assert origin_of({}, from_address=ANN, own_addresses=[], hops=1) is Origin.LOOP
    assert origin_of({}, from_address=ANN, own_addresses=[], is_report=True) is Origin.BOUNCE


NONE_YET = Recently(to_address=0, about_case=0, in_all=0)


@pytest.mark.parametrize(
    ("origin", "sound", "dmarc", "checked", "confirmed", "recently", "answer"),
    [
        (Origin.PERSON, True, Dmarc.PASS, True, False, NONE_YET, Answer.YES),
        (Origin.PERSON, True, Dmarc.NONE, False, False, NONE_YET, Answer.YES),
        (Origin.PERSON, True, Dmarc.NONE, True, True, NONE_YET, Answer.YES),
        (Origin.PERSON, True, Dmarc.NONE, True, False, NONE_YET, Answer.NOT_VOUCHED_FOR),
        (Origin.PERSON, True, Dmarc.FAIL, True, True, NONE_YET, Answer.NOT_VOUCHED_FOR),
        (Origin.PERSON, True, Dmarc.FAIL, False, True, NONE_YET, Answer.NOT_VOUCHED_FOR),
        (Origin.PERSON, False, Dmarc.PASS, True, True, NONE_YET, Answer.NOT_VOUCHED_FOR),
        (Origin.PERSON, True, Dmarc.PASS, True, True, replace(NONE_YET, to_address=1), Answer.ADDRESS_HAD_ONE),
        (Origin.PERSON, True, Dmarc.PASS, True, True, replace(NONE_YET, about_case=1), Answer.CASE_HAD_ONE),
        (Origin.PERSON, True, Dmarc.PASS, True, True, replace(NONE_YET, in_all=59), Answer.YES),
        (Origin.PERSON, True, Dmarc.PASS, True, True, replace(NONE_YET, in_all=60), Answer.TOO_MANY_NOW),
        *(
            (origin, True, Dmarc.PASS, True, True, NONE_YET, Answer.NOT_A_PERSON)
            for origin in Origin
            if origin is not Origin.PERSON
        ),
    ],
)
def test_acknowledgements_harm_nobody(
    origin: Origin, sound: bool, dmarc: Dmarc, checked: bool, confirmed: bool, recently: Recently, answer: Answer
) -> None:
    assert (
        may_acknowledge(
            origin=origin,
            from_is_sound=sound,
            dmarc=dmarc,
            dmarc_is_checked=checked,
            address_is_confirmed=confirmed,
            recently=recently,
        )
        is answer
    )


INCOMING = Incoming(text="Where is it?", from_address=ANN, message_id="<a@b>", sent_at=NOW, subject="Parcel")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Where is it"},
        {"from_address": EVE},
        {"sent_at": NOW + timedelta(seconds=1)},
        {"attachments": (Attachment("a", "b/c", b"x"),)},
    ],
)
def test_another_letter_is_another_letter(change: dict[str, object]) -> None:
    assert same_message_digest(replace(INCOMING, **change)) != same_message_digest(INCOMING)  # type: ignore[arg-type]


def test_the_way_it_took_does_not_make_another_letter() -> None:
    other = replace(INCOMING, delivered_to=("x@y.example",), dmarc=Dmarc.PASS, from_address="ANN@example.net")

    assert same_message_digest(other) == same_message_digest(INCOMING)


@pytest.mark.parametrize(
    ("sent_at", "kept"),
    [
        (NOW, NOW),
        (NOW - timedelta(days=400), NOW - timedelta(days=400)),
        (NOW + timedelta(hours=23), NOW + timedelta(hours=23)),
        (NOW + timedelta(days=2), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (None, None),
    ],
)
def test_absurd_dates_are_dropped(sent_at: datetime | None, kept: datetime | None) -> None:
    assert sane_sent_at(sent_at, arrived_at=NOW) == kept


def test_a_cut_answer_of_the_child_is_noticed() -> None:
    plain = to_plain(replace(INCOMING, attachments=(Attachment("a", "b/c", b"xyz"),)))

    with pytest.raises(ValueError, match="longer than what came"):
        from_plain(plain, b"xy")

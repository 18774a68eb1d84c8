"""Kindness aimed at strangers (reliability T3, R16): our acknowledgement as somebody's weapon."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.test import Client

from tests.faces import Shop
from tests.hostile.doors import Door, letter
from tests.hostile.test_spoofing import readable
from tests.people_and_things import NOW
from troth.cases import actions as cases
from troth.inbox.models import Arrival
from troth.inbox.rules import acknowledge
from troth.post.models import Letter

log = logging.getLogger(__name__)

VICTIMS = 10_000 if os.environ.get("HOSTILE") == "full" else 120
PER_SECOND = 5
MARK = "ATTACKERS-WORDS"


def in_any_minute(moments: list[float]) -> int:
    """The most of these that fall into sixty seconds."""
    moments = sorted(moments)
    first, most = 0, 0
    for place, moment in enumerate(moments):
        while moment - moments[first] >= 60:
            first += 1
        most = max(most, place - first + 1)
    return most


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_flood_of_forms_mails_few_victims_and_nothing_of_the_attackers(shop: Shop) -> None:
    """Each form from another network and for another victim, five in a second; nothing the attacker writes may arrive."""
    tokens: list[str] = []
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(VICTIMS):
            if number % PER_SECOND == 0:
                clock.shift(timedelta(seconds=1))
            if number % 20 == 0:
                tokens = [fresh(Client()) for _form in range(20)]
            said = {
                "name": f"{MARK} {number}",
                "email": f"victim{number}@example{number % 97}.net",
                "order": f"{MARK}-{number}",
                "subject": f"{MARK} https://evil.example/{number}",
                "body": f"{MARK}\nhttps://evil.example/{number}\n" * 3,
                "token": tokens[number % 20],
            }
            answer = Client(REMOTE_ADDR=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}").post("/write/", said)
            assert answer.status_code == 302

    letters = list(Letter.objects.all())
    assert Arrival.objects.count() == VICTIMS
    assert Arrival.objects.exclude(state="message").count() == 0, "everything is kept, whatever is acknowledged"
    assert in_any_minute([one.created_at.timestamp() for one in letters]) <= acknowledge.PER_MINUTE
    quarter = acknowledge.STORM.total_seconds()
    by_quarter = Counter(int((one.created_at - NOW).total_seconds() // quarter) for one in letters)
    assert max(by_quarter.values()) <= 2 * acknowledge.PER_STORM
    assert len(letters) >= acknowledge.PER_MINUTE, "it is a cap, not silence"
    assert max(Counter(one.to_address for one in letters).values()) == 1
    for one in letters:
        raw = readable(bytes(one.raw))
        assert MARK.encode() not in raw
        assert b"evil.example" not in raw
        assert one.envelope_from == ""
        assert message_from_bytes(bytes(one.raw))["Auto-Submitted"] == "auto-replied"
    most = in_any_minute([one.created_at.timestamp() for one in letters])
    log.info(
        "%s forms: %s letters, at most %s in a minute, none with a word of the attacker's.", VICTIMS, len(letters), most
    )


def fresh(browser: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', browser.get("/write/").content.decode())
    assert found is not None
    return found[1]


def test_in_a_storm_those_are_answered_whose_address_surely_is(door: Door) -> None:
    Letter.objects.bulk_create(
        Letter(
            key=f"acknowledge:earlier:{number}",
            to_address=f"v{number}@example.net",
            message_id=f"<{number}@x>",
            raw=b"x",
            because="case:1",
            automatic=True,
            created_at=NOW - timedelta(minutes=5),
            leaves_at=NOW,
            next_try_at=NOW,
        )
        for number in range(acknowledge.PER_STORM)
    )
    door.mailbox.trusted_authserv_id = ""
    door.mailbox.save()
    unproven = door.message(letter(sender="new@example.net", message_id="<1@x>"))
    door.mailbox.trusted_authserv_id = "mx.parcel.example"
    door.mailbox.save()
    proven = door.message(letter(sender="signed@example.net", message_id="<2@x>"))

    answered = set(Letter.objects.exclude(raw=b"x").values_list("to_address", flat=True))

    assert answered == {"signed@example.net"}
    assert unproven.case.answer_by is not None, "what is not acknowledged is answered all the same"
    assert proven.case.answer_by is not None


def test_a_letter_holds_no_word_of_the_sender_however_it_was_brought(door: Door) -> None:
    door.message(
        letter(
            sender=f'"{MARK}" <ann@example.net>',
            subject=f"{MARK} =?utf-8?q?{MARK}?=",
            body=MARK * 3,
            message_id=f"<{MARK}@example.net>",
            more=f"References: <{MARK}.1@example.net>\r\nX-Troth-Loop: 1\r\nReply-To: {MARK}@evil.example\r\n"
            f'Content-Type: text/plain; name="{MARK}.txt"\r\n',
        )
    )

    sent = Letter.objects.get()
    raw = readable(bytes(sent.raw))
    assert sent.to_address == "ann@example.net"
    # Only the Message-ID of a sender whom our server vouches for is named, so that their mail program shows one thread.
    assert MARK.encode() not in re.sub(rb"(?m)^(In-Reply-To|References): .*\r?\n", b"", raw)
    assert message_from_bytes(bytes(sent.raw))["X-Troth-Loop"] == "2", "it passed through one system more"


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ("Auto-Submitted: auto-replied\r\n", "Re: x"),
        ("Auto-Submitted: auto-generated; type=x\r\n", "x"),
        ("Precedence: bulk\r\n", "x"),
        ("Precedence: junk\r\n", "x"),
        ("Precedence: auto_reply\r\n", "x"),
        ("List-Id: <news.example.net>\r\n", "x"),
        ("List-Unsubscribe: <mailto:x@example.net>\r\n", "x"),
        ("Return-Path: <>\r\n", "x"),
        ("X-Auto-Response-Suppress: OOF\r\n", "x"),
        ("X-Autoreply: yes\r\n", "x"),
        ("X-Autorespond: yes\r\n", "x"),
        ("X-Loop: other@example.net\r\n", "x"),
        ("X-Troth-Loop: 5\r\n", "x"),
        ("", "Automatic reply: We have your message (case 7)"),
        ("", "Out of Office: Parcel"),
        ("", "Abwesenheitsnotiz: Re: Ihr Paket"),
        ("", "Réponse automatique : absence"),
    ],
)
def test_machines_are_not_answered(door: Door, more: str, subject: str) -> None:
    got = door.takes(letter(more=more, subject=subject))

    assert got.state == "message"
    assert not Letter.objects.exists()


def test_what_answers_an_automatic_letter_of_ours_is_not_answered_automatically(door: Door) -> None:
    door.message(letter())
    ours = Letter.objects.get()

    door.message(letter(sender="boss@example.net", message_id="<2@x>", more=f"In-Reply-To: {ours.message_id}\r\n"))
    door.message(letter(sender="bob@example.net", message_id="<3@x>"))

    assert [one.to_address for one in Letter.objects.order_by("pk")] == ["ann@example.net", "bob@example.net"]


def test_until_a_person_has_written_one_automatic_letter_is_enough(door: Door) -> None:
    first = door.message(letter())
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        door.message(letter(message_id="<2@x>", body="Something else"))
        assert Letter.objects.count() == 1
        cases.send_reply(first.case, staff=door.shop.sam, text="It is on its way.", now=NOW + timedelta(hours=25))
        cases.leave(now=NOW + timedelta(hours=26))
    with time_machine.travel(NOW + timedelta(hours=50), tick=False):
        door.message(letter(message_id="<3@x>", body="Something else again"))

    assert list(Letter.objects.order_by("pk").values_list("automatic", flat=True)) == [True, False, True]


@pytest.mark.parametrize("address", ["ann@example.net", "ann+shop@example.net", "ANN@Example.net"])
def test_one_address_hears_once_a_day(door: Door, address: str) -> None:
    door.message(letter())

    door.message(letter(sender=address, message_id="<2@x>", subject="Again"))

    assert Letter.objects.count() == 1

"""Poison among good letters (reliability R7): each poison becomes a case with the letter attached, the good ones do not wait."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.hostile.doors import Door, letter
from tests.hostile.html_mail import PAYLOADS
from tests.hostile.test_limits import KINDS
from troth.cases.models import Attachment, Message
from troth.inbox import tasks
from troth.inbox.models import Arrival
from troth.words.refs import number_of

FUZZ = Path(__file__).parents[2] / "fuzz"
POISON = 1_000 if os.environ.get("HOSTILE") == "full" else 30
GOOD_FOR_EACH = 10 if os.environ.get("HOSTILE") == "full" else 1
#: Beyond the half second that a letter is given at first.
SLOW = letter(
    more="Content-Type: text/html\r\n", body="Hello<table>" + "x<b>" * 180 + "<tr>x" * 50_000, message_id="<slow@x>"
)


def poison(count: int) -> list[bytes]:
    """Letters beyond each limit, what the fuzzer found, bombs, HTML of every family, and seeds with bytes changed."""
    dice = random.Random(20261111)  # noqa: S311  the same letters every time
    found = [path.read_bytes() for path in sorted(FUZZ.glob("*/mail/*"))]
    made = [make(most + 1) for kind, (make, most) in KINDS.items() if kind != "size"] + found + [SLOW]
    made += [
        b"",
        b"\x00" * 5_000,
        b"\r\n" * 5_000,
        b"From: " + b"(" * 5_000,
        b"Message-ID: " + b"<" * 5_000,
        b":" * 5_000,
        b"\xff" * 5_000,
    ]
    made += [letter(more="Content-Type: text/html\r\n", body=dice.choice(PAYLOADS)) for _ in range(count // 10)]
    while len(made) < count:
        raw = bytearray(dice.choice(found) if dice.random() < 0.7 else letter(body="x" * 200))
        for _change in range(dice.randint(1, 30)):
            place = dice.randrange(len(raw) + 1)
            raw[place : place + dice.randint(0, 4)] = bytes(dice.randrange(256) for _ in range(dice.randint(0, 6)))
        made.append(bytes(raw))
    return made[:count]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_poison_is_shown_and_every_good_letter_read(door: Door) -> None:
    good, bad = [], []
    for number, raw in enumerate(poison(POISON)):
        bad.append((door.falls(raw), raw))
        for other in range(GOOD_FOR_EACH):
            said = {"sender": f"c{number}.{other}@example.net", "message_id": f"<{number}.{other}@x>"}
            good.append(door.falls(letter(body=f"Where is parcel {number}?", **said)))

    dealt_with = tasks.read_waiting()

    for arrival in good:
        arrival.refresh_from_db()
        assert (arrival.state, arrival.attempts) == ("message", 1)
    assert dealt_with == len(good) + len(bad), "and the worker lives"
    slow = Arrival.objects.filter(state="waiting")
    assert [bytes(arrival.source) for arrival in slow] == [SLOW], "only what takes long is left, and for another lane"
    tasks.read_slow()
    for arrival, raw in bad:
        arrival.refresh_from_db()
        assert arrival.state in {"message", "duplicate", "quarantined"}
        assert bytes(arrival.source) == raw
        if arrival.state == "quarantined":
            message = Message.objects.select_related("case").get(pk=number_of(arrival.message_ref, "message"))
            assert message.case.unverified
            assert bytes(Attachment.objects.select_related("blob").get(message=message).blob.content) == raw
    assert sum(arrival.state == "quarantined" for arrival, _raw in bad) >= len(KINDS) - 1

"""A worker paused at some boundaries of its work and overtaken; `make faults` pauses at every one."""

from __future__ import annotations

import pytest
from faults import kill, pause
from faults.flows import REPLY

from tests.lab.mail import MailLab
from troth.post import actions as post
from troth.post.actions import leaving

pytestmark = [pytest.mark.mail, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_that_wakes_beside_its_successor_doubles_nothing(mail_lab: MailLab) -> None:
    outcome = pause.pause(mail_lab, REPLY, at=kill.some(mail_lab, REPLY, points=3))

    assert outcome.points == 3
    assert outcome.is_clean, outcome


def test_a_reply_whose_transaction_ended_in_its_sleep_still_leaves(mail_lab: MailLab) -> None:
    statements = kill.reached(mail_lab, REPLY)
    in_its_transaction = next(number for number, said in enumerate(statements) if 'INSERT INTO "cases_message"' in said)

    outcome = pause.pause(mail_lab, REPLY, at=[in_its_transaction], outlives_its_transaction=True)

    assert outcome.points == 1
    assert outcome.is_clean, outcome


def test_the_laboratory_sees_what_a_missing_lock_does(mail_lab: MailLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "lock", lambda letter_id: True)
    monkeypatch.setattr(leaving, "is_locked_by_us", lambda letter_id: True)
    monkeypatch.setattr(post, "unlock", lambda letter_id: None)
    reached = kill.reached(mail_lab, REPLY)
    before_the_bytes = reached.index("half of the letter's bytes")

    outcome = pause.pause(mail_lab, REPLY, at=[before_the_bytes])

    assert outcome.doubled == 1

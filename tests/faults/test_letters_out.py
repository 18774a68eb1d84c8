"""A mail server that fails in twelve ways; the laboratory tries the same without an archive."""

from __future__ import annotations

import pytest
from faults import letters_out
from faults.letters_out import FAULTS, KINDS

from tests.lab.mail import MailLab

pytestmark = [pytest.mark.mail, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_whatever_the_mail_server_does_each_letter_arrives_once_or_is_shown(mail_lab: MailLab) -> None:
    count = letters_out.smtp_fails(mail_lab, with_archive=[True])

    assert count.points == len(FAULTS) * len(KINDS)
    assert count.is_clean, count


def test_a_busy_mailbox_is_tried_as_the_schedule_says_and_delays_nobody(mail_lab: MailLab) -> None:
    count = letters_out.busy_mailbox(mail_lab, number=10)

    assert count.is_clean, count

"""Letters to very many, struck here and there; the laboratory strikes everywhere."""

from __future__ import annotations

import pytest
from faults import many
from faults.kill import kill, some
from faults.pause import pause

from tests.lab.mail import MailLab
from tests.lab.smtp import Fault

pytestmark = [pytest.mark.mail, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_killed_while_they_leave_none_is_lost_and_none_doubled(mail_lab: MailLab) -> None:
    outcome = kill(mail_lab, many.TO_MANY, at=some(mail_lab, many.TO_MANY, points=2))

    assert (outcome.points, outcome.is_clean) == (2, True), outcome


def test_killed_with_nobody_to_ask_what_comes_twice_is_on_record(mail_lab: MailLab) -> None:
    outcome = many.killed_without_archive(mail_lab, at=[30])

    assert (outcome.points, outcome.is_clean) == (1, True), outcome


def test_paused_while_they_leave_nobody_doubles_them(mail_lab: MailLab) -> None:
    outcome = pause(mail_lab, many.TO_MANY, at=[25])

    assert (outcome.points, outcome.is_clean) == (1, True), outcome


def test_a_mail_server_that_fails_in_the_middle_loses_none(mail_lab: MailLab) -> None:
    outcome = many.smtp_fails(
        mail_lab,
        days=[Fault.CUT_AFTER_DOT_KEPT, "421 after two letters", "greylisting"],
        ahead=[True],
        archives=[False],
    )

    assert (outcome.points, outcome.is_clean) == (18, True), outcome

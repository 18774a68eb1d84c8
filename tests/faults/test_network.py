"""The line to the mail server spoilt at everything said over it; the laboratory also spoils the others, and takes away all names."""

from __future__ import annotations

import pytest
from faults import network

from tests.lab.mail import MailLab
from tests.lab.proxy import Line


@pytest.mark.mail
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_letter_leaves_once_over_a_line_that_falls_silent_anywhere(mail_lab: MailLab) -> None:
    outcome = network.letters_out(mail_lab, hows=[Line.HELD], most=8)

    assert outcome.points == 16
    assert outcome.is_clean, outcome

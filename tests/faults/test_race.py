"""Four workers at the same promises, two of them at the same mailbox; `make faults` gives them ten thousand."""

from __future__ import annotations

import pytest
from faults import race

from tests.lab.mail import MailLab

pytestmark = [pytest.mark.mail, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_many_workers_do_each_thing_once(mail_lab: MailLab) -> None:
    outcome = race.race(mail_lab, promises=50, letters=10)

    assert outcome.is_clean, outcome

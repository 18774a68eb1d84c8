"""Letters that come twice, out of order, late, and over lines that break; the laboratory tries more of them."""

from __future__ import annotations

import pytest
from faults import letters_in

from tests.lab.mail import MailLab


@pytest.mark.django_db
def test_the_order_in_which_letters_come_says_nothing() -> None:
    assert letters_in.any_order(examples=15).is_clean


@pytest.mark.mail
@pytest.mark.django_db(transaction=True)
def test_a_letter_in_two_mailboxes_that_forget_their_numbers_is_one_message(mail_lab: MailLab) -> None:
    count = letters_in.mailboxes_forget(mail_lab, letters=3)

    assert count.points == 3 * (3 + 3 + 1)
    assert count.is_clean, count


@pytest.mark.mail
@pytest.mark.django_db(transaction=True)
def test_a_line_cut_anywhere_loses_and_doubles_no_letter(mail_lab: MailLab) -> None:
    count = letters_in.lines_break(mail_lab)

    assert count.points > 10
    assert count.is_clean, count

from __future__ import annotations

import time

import pytest

from troth.inbox.rules.sign_in import lets_somebody_in

OF_CUSTOMERS = [
    ("Code", "My verification code 482913 does not work any more, what shall I do?"),
    ("Login", "I never got the security code. Please help, my order is 4471823."),
    ("Parcel", "Where is my parcel? The tracking number is AB12345678GB. See https://track.example/AB12345678GB"),
    ("Password", "I cannot change my password on https://shop.example, it says the link is too old."),
    ("Re: We have your message (case 12)", "Thanks. My order number is 22817 and the invoice is RE-2026-1188."),
    ("Address", "Please change the address on my account to 12 Mill Lane, CB1 2AB."),
    ("Discount", "The voucher code SUMMER25 is refused at the till."),
    (
        "Discount",
        "I tried to use your discount code SUMMER25, and when I enter the code AUTUMN24 nothing happens either.",
    ),
    ("Code", "When I use the security code 482913 it says the code is wrong."),
    ("Invitation", "I was invited to your workshop on Friday and cannot come. https://cal.example/x"),
    ("Konto", "Mein Bestätigungscode kam nicht an. Bestellung 448211."),
    ("Verify", "How do I verify that the parcel is mine? https://shop.example/orders/4471"),
    ("Refund", "Your invoice 2026-4471 says 45.00, I paid 54.00. Account 12345678, sort code 20-00-00."),
    ("Bell", "Can you confirm your address so that I can send the bell back?"),
]


@pytest.mark.parametrize(("subject", "text"), OF_CUSTOMERS)
def test_what_customers_write_of_codes_and_links_is_theirs(subject: str, text: str) -> None:
    assert not lets_somebody_in(subject=subject, text=text)


@pytest.mark.parametrize(
    "sign", ["A", "A1", "your ", "your a", "is your a ", "G-", "-", "click to ", "1 ", "\n", "code "]
)
def test_it_is_decided_in_no_time_whatever_is_written(sign: str) -> None:
    began = time.process_time()

    lets_somebody_in(subject=sign * 1_000, text=sign * 100_000, html=sign * 100_000)

    assert time.process_time() - began < 1

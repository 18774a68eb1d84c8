"""A forgotten password comes as a letter of ours, and only to those who work here."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from troth.people.models import Staff
from troth.post.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted(settings) -> None:
    settings.EMAIL_BACKEND = "troth.post.backend.LetterBackend"  # the test runner puts its own in place
    cache.clear()  # allauth counts tries there


def test_a_forgotten_password_is_answered_by_a_letter_with_a_link() -> None:
    sam = Staff.objects.create_user("sam@troth.test", "a long way to Tipperary", name="Sam")

    answer = Client().post("/account/password/reset/", {"email": "sam@troth.test"})

    assert answer.status_code == 302
    letter = Letter.objects.get()
    assert (letter.to_address, letter.automatic, letter.because) == ("sam@troth.test", True, f"staff:{sam.pk}")
    assert letter.subject == "A new password"
    assert b"/account/password/reset/key/" in bytes(letter.raw)
    assert letter.opens_account


def test_a_stranger_gets_no_letter() -> None:
    answer = Client().post("/account/password/reset/", {"email": "victim@example.test"})

    assert answer.status_code == 302
    assert not Letter.objects.exists()

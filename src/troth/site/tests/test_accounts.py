from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings
from tests.faces import Shop
from tests.people_and_things import letters, text_of

from troth.people.models import Staff
from troth.post.models import Letter
from troth.site.settings import EMAIL_BACKEND as OUR_BACKEND  # pytest-django puts its own in the place of it


@pytest.fixture(autouse=True)
def _as_it_runs(db: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = OUR_BACKEND
    cache.clear()


def ask(address: str, **headers: str) -> tuple[int, str]:
    answer = Client().post("/account/password/reset/", {"email": address}, headers=headers)
    return answer.status_code, answer.headers.get("Location", "")


def test_a_new_password_is_chosen_by_the_link_in_a_letter(shop: Shop) -> None:
    asked = ask(shop.sam.email, host="localhost")

    assert letters() == [(shop.sam.email, "A new password")]
    link = re.search(r"^http\S+$", text_of(Letter.objects.get()), re.MULTILINE)
    assert link is not None
    assert link[0].startswith(f"{settings.TROTH_URL}/account/password/reset/key/")
    browser = Client()
    form = browser.get(link[0].removeprefix(settings.TROTH_URL), follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "a-quite-new-one-7", "password2": "a-quite-new-one-7"})
    assert Staff.objects.get(pk=shop.sam.pk).check_password("a-quite-new-one-7")
    assert asked == (302, "/account/password/reset/done/")


def test_whom_we_do_not_know_is_told_the_same_and_written_nothing(shop: Shop) -> None:
    Staff.objects.filter(pk=shop.lea.pk).update(is_active=False)

    answers = {ask(address) for address in ("nobody@parcel.example", shop.ann.address, shop.lea.email)}

    assert answers == {(302, "/account/password/reset/done/")}
    assert letters() == []

"""A final response written in the browser: what the rules ask for is seen while it is written, and put in by keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases.models import Case, Reply
from troth.clocks import actions as clocks
from troth.clocks import queries
from troth.clocks.rules.profiles import Profile
from troth.clocks.rules.profiles import ready as policy_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def complaint(transactional_db: None) -> Iterator[tuple[Shop, Case]]:
    shop, now = Shop(), timezone.now()
    may_sign_in(shop.sam)
    clocks.set_policy(policy_of(Profile.FCA_DISP), from_at=now, by=shop.lea, now=now)
    yield shop, shop.case(text="I am very unhappy: you charged me twice, and nobody tells me why.", at=now, now=now)
    queries.forget_policy()


def test_what_the_rules_ask_for_is_put_in_by_keys(complaint: tuple[Shop, Case], browser: Browser) -> None:
    shop, case = complaint
    with served() as home:
        seen = Watched(browser, home)
        page = seen.page
        seen.sign_in(shop.sam)
        page.goto(f"/cases/{case.pk}/")
        ready(page)
        letter = page.locator("[data-formal-letter]")

        page.get_by_label("This letter is").select_option("final")
        expect(letter).to_contain_text("6 points missing")
        page.keyboard.press("r")
        page.keyboard.type("We reject your complaint, because both fees stand in the contract.")
        expect(letter).to_contain_text("It rejects the complaint.")
        expect(letter).to_contain_text("5 points missing")
        page.keyboard.press("Escape")
        page.keyboard.press("i")
        expect(letter).to_contain_text("4 points missing")
        assert faults(page) == []
        page.get_by_role("button", name="Put in all that is missing").click()
        expect(letter).to_contain_text("complete")
        photograph(page, "final-response")

        text = page.get_by_role("textbox", name="Your reply")
        text.fill(text.input_value().replace("leaflet", "booklet").replace("fees stand", "fees still stand"))
        expect(letter).to_contain_text("one point missing")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("It does not say all that the rules ask for")
        page.get_by_label("It says so").check()
        expect(letter).to_contain_text("complete")
        page.get_by_role("textbox", name="Your reply").press("Control+Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        assert [one for one in seen.complaints if "422" not in one] == []

    reply = Reply.objects.get(state="held")
    assert reply.formal == {"formal": "final", "ticked": ["leaflet"], "without": ""}
    assert reply.status_after == "resolved"

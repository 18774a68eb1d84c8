"""What is said of an incident in a real browser: kept while typed, helped by a sentence, held without a connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.incidents import actions
from troth.incidents.models import Draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
HAPPENED = "Since Monday, parcels for Hull leave a day late, because we loaded the wrong lorry."


def test_what_is_said_is_kept_while_it_is_typed_and_held_without_a_connection(
    transactional_db: None, browser: Browser
) -> None:
    shop, now = Shop(), timezone.now()
    may_sign_in(shop.sam)
    incident = actions.begin(
        title="Parcels leave late", sort="late", happened_at=now - timedelta(hours=1), next_word_at=now + timedelta(days=1),
        by=shop.sam, now=now,
    )  # fmt: skip

    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(shop.sam)
        page = seen.page
        page.goto(f"/incidents/{incident.pk}/write/")
        ready(page)
        happened, can = page.locator("#text-0-happened"), page.locator("#text-0-you_can")

        # Typed, looked at, and kept on the server.
        happened.press_sequentially(HAPPENED)
        expect(page.locator("#looked [data-kept]")).to_be_visible()
        point = page.locator('[data-check="you_can"]')
        suggested = point.locator(".check-suggestion").inner_text()
        point.get_by_role("button", name="Put it in").click()
        expect(can).to_have_value(suggested)
        expect(point).to_have_count(0)
        photograph(page, "incident-writing")
        assert faults(page) == []
        assert seen.complaints == []
        assert Draft.objects.get().texts[0]["happened"] == HAPPENED

        # The connection goes while one writes on, and the page is lost: the words are not.
        page.route("**/write/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        happened.press("End")
        happened.press_sequentially(" It is our fault.")
        page.wait_for_function("Object.values(localStorage).some(one => one.includes('It is our fault.'))")
        page.unroute("**/write/")
        page.reload()
        ready(page)
        expect(happened).to_have_value(f"{HAPPENED} It is our fault.")
        expect(page.locator("#looked [data-kept]")).to_be_visible()
    assert Draft.objects.count() == 1

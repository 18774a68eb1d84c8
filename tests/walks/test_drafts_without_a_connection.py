"""Words written while there is no connection, in a real browser: neither lost nor sent unawares."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.walks.browser import Watched, may_sign_in, ready, served
from troth.cases.models import Reply

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


def test_words_outlive_a_lost_connection_and_follow_into_another_tab(transactional_db: None, browser: Browser) -> None:
    shop = Shop()
    may_sign_in(shop.sam)
    case = shop.case()
    with served() as home:
        seen = Watched(browser, home)
        page = seen.page
        seen.sign_in(shop.sam)
        page.goto(f"/cases/{case.pk}/")
        ready(page)
        text = page.get_by_role("textbox", name="Your reply")

        # The draft does not get through; the page is gone; the words are there again, and are kept.
        page.route("**/draft/", lambda route: route.abort())
        page.evaluate("navigator.sendBeacon = () => false")
        text.fill("It is on its way.")
        expect(page.locator("#panel-reply [data-draft-state]")).to_have_text("Draft not kept yet: no connection")
        page.reload()
        ready(page)
        expect(text).to_have_value("It is on its way.")
        assert not Reply.objects.exists()
        page.unroute("**/draft/")
        text.press("End")
        page.keyboard.type(" Tomorrow.")
        expect(page.locator("#panel-reply [data-draft-state]")).to_have_text("Draft kept")
        assert Reply.objects.get().text == "It is on its way. Tomorrow."

        # Sending without a connection sends nothing and says so.
        seen.context.set_offline(True)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast", has_text="No connection. Nothing was sent")).to_be_visible()
        seen.context.set_offline(False)
        expect(text).to_have_value("It is on its way. Tomorrow.")

        # Another tab follows what is kept here.
        other = seen.tab()
        other.goto(f"/cases/{case.pk}/")
        ready(other)
        text.press("End")
        page.keyboard.type(" At noon.")
        expect(other.get_by_role("textbox", name="Your reply")).to_have_value("It is on its way. Tomorrow. At noon.")

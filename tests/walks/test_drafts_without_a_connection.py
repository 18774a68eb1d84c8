"""Words written while there is no connection, in a real browser: neither lost nor sent unawares."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
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


def test_what_one_writer_wrote_in_two_browsers_is_all_kept_until_they_choose(
    transactional_db: None, browser: Browser
) -> None:
    shop = Shop()
    may_sign_in(shop.sam)
    case = shop.case()
    with served() as home:
        office, train = Watched(browser, home), Watched(browser, home, wide=False)
        text, asked = {}, {}
        for seen in (office, train):
            seen.sign_in(shop.sam)
            seen.page.goto(f"/cases/{case.pk}/")
            ready(seen.page)
            text[seen] = seen.page.get_by_role("textbox", name="Your reply")
            asked[seen] = seen.page.locator("#panel-reply [data-elsewhere]")
        kept = "#panel-reply [data-draft-state]"

        # Written at the office, then on the train by a page that knows nothing of it.
        text[office].fill("It is on its way.")
        expect(office.page.locator(kept)).to_have_text("Draft kept")
        text[train].fill("I look into it.")
        expect(asked[train]).to_contain_text("Written further elsewhere at ")
        expect(asked[train]).to_contain_text("It is on its way.")
        expect(text[train]).to_have_value("I look into it.")
        photograph(train.page, "elsewhere")
        assert faults(train.page) == []
        assert Reply.objects.get().text == "It is on its way."

        # Nothing is sent, and nothing lost with the page, before it is known which words count.
        train.page.keyboard.press("Control+Enter")
        expect(asked[train]).to_be_focused()
        train.page.reload()
        ready(train.page)
        expect(text[train]).to_have_value("I look into it.")
        expect(asked[train]).to_contain_text("It is on its way.")
        assert Reply.objects.get().text == "It is on its way."

        # Taken, taken back, and both put together by the keyboard.
        train.page.get_by_role("button", name="Take these words").press("Enter")
        expect(text[train]).to_have_value("It is on its way.")
        train.page.get_by_role("button", name="Undo").press("Enter")
        expect(text[train]).to_have_value("I look into it.")
        train.page.get_by_role("button", name="Both, one after the other").press("Enter")
        expect(text[train]).to_be_focused()
        expect(train.page.locator(kept)).to_have_text("Draft kept")
        assert Reply.objects.get().text == "It is on its way.\n\nI look into it."

        # The office is asked in its turn, and its words count.
        text[office].press("End")
        office.page.keyboard.type(" Tomorrow.")
        expect(asked[office]).to_contain_text("I look into it.")
        office.page.get_by_role("button", name="Keep what stands below").click()
        expect(office.page.locator(kept)).to_have_text("Draft kept")
        assert Reply.objects.get().text == "It is on its way. Tomorrow."
        for seen in (office, train):
            assert [words for words in seen.complaints if "409" not in words] == []

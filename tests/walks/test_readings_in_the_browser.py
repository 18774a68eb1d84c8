"""What was read, looked at and corrected in a real browser: in the case by keys, and one after another in the review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases import actions as cases
from troth.cases.models import Correction
from troth.cases.rules.corrections import Field

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
ANGRY = "I am furious. My parcel never came and nobody answers!"


def test_a_reading_is_corrected_in_the_case_and_others_in_the_review(transactional_db: None, browser: Browser) -> None:
    shop, now = Shop(), timezone.now()
    may_sign_in(shop.lea)
    message = shop.message(text=ANGRY, at=now - timedelta(hours=1), now=now)
    other = shop.message(shop.bob, text="Please send two of the small ones.", at=now, now=now)

    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(shop.lea)
        page = seen.page
        page.goto(f"/cases/{message.case_id}/")
        ready(page)

        # In the case: opened within it, with the telling words marked; what was chosen stays while news arrive.
        page.get_by_role("link", name="What was read").click()
        form = page.get_by_role("region", name="What was read")
        expect(form).to_be_visible()
        expect(page.locator(".message-body mark").first).to_be_visible()
        form.get_by_label("Cause").select_option("late")
        shop.message(text="Are you there?", case_id=message.case_id, at=timezone.now(), now=timezone.now())
        expect(page.locator(".message[data-way='in']")).to_have_count(2)
        expect(form.get_by_label("Cause")).to_have_value("late")
        photograph(page, "reading-open")
        assert faults(page) == []
        cases.correct(message.pk, said={Field.URGENCY: ["low"]}, by=shop.sam, now=timezone.now())
        form.get_by_role("button", name="Save what I changed").click()
        expect(form.get_by_role("alert")).to_contain_text("A colleague looked at this meanwhile")
        form.get_by_label("Cause").select_option("late")
        form.get_by_role("button", name="Save what I changed").click()
        expect(form.get_by_text("said by Lea")).to_be_visible()
        assert dict(Correction.objects.values_list("field", "said")) == {"causes": ["late"], "urgency": ["low"]}
        form.get_by_role("listitem").filter(has_text="said by Lea").get_by_role("button", name="Undo").click()
        expect(form.get_by_text("said by Lea")).to_have_count(0)
        form.get_by_role("link", name="Close").click()
        expect(form).to_have_count(0)
        expect(page.get_by_text(ANGRY)).to_be_visible()

        # In the review, by keys alone.
        page.goto("/reading/")
        photograph(page, "accuracy-empty")
        assert faults(page) == []
        page.keyboard.press("c")
        page.wait_for_url("**/reading/review/")
        ready(page)
        page.keyboard.press("y")
        expect(page.get_by_role("status").filter(has_text="0 looked at, 2 to go")).to_be_visible()
        ready(page)
        photograph(page, "review")
        assert faults(page) == []
        for done in (1, 2):
            page.keyboard.press("1")
            page.keyboard.press("y")
            expect(page.get_by_text("Thank you" if done == 2 else f"{done} looked at")).to_be_visible()
            ready(page)
        page.goto("/reading/")
        photograph(page, "accuracy")
        assert faults(page) == []
        seen.context.close()

    said = Correction.objects.filter(until=None, field="emotions", message=other).get()
    assert (said.said, said.drawn) == (["anger"], True)
    assert [words for words in seen.complaints if "status of 422" not in words] == []

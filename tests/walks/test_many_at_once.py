"""Several cases dealt with together, by keyboard alone, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.people_and_things import handle
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases.models import BulkStep, Case, SavedView

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def five(transactional_db: None) -> Shop:
    """Five customers ask for their bells, the first the longest ago."""
    shop = Shop()
    may_sign_in(shop.sam)
    now = timezone.now()
    for number in range(5):
        who = handle(f"customer{number}@example.net", name=f"Customer {number}")
        at = now - timedelta(hours=2, minutes=-number)
        shop.message(who, "Where is my bell?", subject=f"Bell {number}", verified=True, at=at, now=now)
    return shop


def test_cases_are_changed_together_undone_and_kept_as_a_view_by_keyboard_alone(five: Shop, browser: Browser) -> None:
    with served() as home:
        seen = Watched(browser, home)
        page, press = seen.page, seen.page.keyboard.press
        seen.sign_in(five.sam)
        page.goto("/cases/?view=all")
        ready(page)

        # The second row, then all up to the fourth.
        for key in ("j", "j", "x", "j", "j", "X"):
            press(key)
        expect(page.locator("[data-bulk-count]")).to_have_text("3 cases chosen")
        assert page.locator("[data-pick]:checked").count() == 3
        press("a")
        owner = page.get_by_role("form", name="What to do with the chosen cases").get_by_label("Owner")
        expect(owner).to_be_focused()
        assert faults(page) == []
        photograph(page, "many-chosen")
        page.keyboard.type("Lea")
        press("Control+Enter")
        page.wait_for_url("**act=*")
        ready(page)
        said = page.locator(".bulk-done")
        expect(said).to_contain_text("3 cases changed.")
        given = Case.objects.filter(assignee=five.lea).order_by("subject")
        assert list(given.values_list("subject", flat=True)) == ["Bell 1", "Bell 2", "Bell 3"]
        assert page.locator("[data-row]", has_text="Lea").count() == 3

        press("u")
        expect(page.locator("[data-live=bulk] [role=status]")).to_have_text("3 cases are as they were.")
        assert not given.exists()
        assert set(BulkStep.objects.values_list("state", flat=True)) == {"undone"}
        assert faults(page) == []

        # Narrowed to one of them, kept as a view, and reached by its keys.
        Case.objects.filter(subject="Bell 3").update(kind="complaint", channel="phone")
        page.goto("/cases/?view=all")
        ready(page)
        press("f")
        form = page.get_by_role("form", name="Narrow the list")
        expect(form.get_by_label("Open", exact=True)).to_be_focused()
        for words in ("Complaint", "Phone"):
            form.get_by_label(words, exact=True).focus()
            press("Space")
        press("Enter")
        page.wait_for_url("**channel=phone**")
        ready(page)
        chips = page.locator(".filter-chips .chip")
        assert [" ".join(chip.split()) for chip in chips.all_inner_texts()] == [
            "Take off: Kind: Complaint",
            "Take off: Channel: Phone",
        ]
        assert page.locator("[data-row]").count() == 1
        photograph(page, "many-chips")
        chips.last.focus()
        press("Enter")
        expect(chips).to_have_count(1)

        page.locator("#save-fold > summary").focus()
        press("Enter")
        page.get_by_label("Its name").focus()
        page.keyboard.type("Complaints")
        press("Enter")
        page.wait_for_url("**saved=*")
        ready(page)
        assert SavedView.objects.get().filters == {"kind": ["complaint"]}
        here = page.locator(".views [aria-current]")
        expect(here).to_contain_text("Complaints")

        press("[")
        page.wait_for_url("**view=all")
        ready(page)
        expect(here).to_contain_text("All")
        press("]")
        page.wait_for_url("**saved=*")
        ready(page)
        expect(here).to_contain_text("Complaints")
        expect(page.locator(".views .num").last).to_have_text("1")
        assert page.locator("[data-row]").count() == 1
        assert faults(page) == []
        complaints = seen.complaints
    assert complaints == []

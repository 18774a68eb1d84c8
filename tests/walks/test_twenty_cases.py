"""Twenty cases from unread to answered, by keyboard alone, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.faces import Shop
from tests.people_and_things import handle
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases import actions as cases
from troth.cases.models import Case, Message, Reply
from troth.promises.models import Promise
from troth.words.refs import ref

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

#: What they write, and what is answered; the last says whether a date is asked for, which one more key gives.
MAILS = (
    ("My parcel never came and nobody answers. This is not acceptable!", "I am sorry. We looked into it today.", False),
    ("Which bell fits a bar of 25 mm?", "The small one fits.", False),
    ("Thank you, the repair was done so well.", "How kind of you to say so.", False),
    ("The lamp is broken again, I want a new one.", "I am sorry. We will send you a new one.", True),
    ("Could you tell me when the shop opens?", "At nine. We will ring you by Friday at noon.", False),
)


@pytest.fixture
def twenty(transactional_db: None) -> Shop:
    """By mail, by the form, and after a talk that somebody noted."""
    shop = Shop()
    may_sign_in(shop.sam)
    now = timezone.now()
    for number in range(20):
        who = handle(f"customer{number}@example.net", name=f"Customer {number}")
        text, at = MAILS[number % len(MAILS)][0], now - timedelta(hours=2, minutes=-number)
        case = None
        if number % 4 == 3:
            said = {"channel": "phone", "subject": "A call", "text": "They rang.", "at": at - timedelta(hours=1)}
            case = cases.note_talk(handle=who, case=None, staff=shop.sam, now=now, **said).case_id
        channel = "webform" if number % 4 == 1 else "email"
        shop.message(who, text, case_id=case, subject=f"No. {number}", channel=channel, verified=True, at=at, now=now)
    return shop


def test_twenty_cases_are_answered_by_keyboard_alone(twenty: Shop, browser: Browser) -> None:
    waiting = Case.objects.filter(unanswered_since__isnull=False)
    assert waiting.count() == 20
    keys: list[str] = []
    with served() as home:
        seen = Watched(browser, home)
        page = seen.page

        def press(key: str) -> None:
            keys.append(key)
            page.keyboard.press(key)

        seen.sign_in(twenty.sam)
        ready(page)
        # Everything is reached by typing: a customer by name, and the case to answer next.
        press("Control+k")
        field = page.get_by_role("combobox")
        expect(field).to_be_focused()
        page.keyboard.type("customer 7")
        option = page.get_by_role("option", name="Customer 7 Customer customer7@example.net")
        expect(option).to_be_visible()
        press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        assert faults(page) == []
        photograph(page, "palette")
        press("Escape")
        expect(field).to_be_hidden()
        press("Control+k")
        page.keyboard.type("next case")
        press("Enter")
        for turn in range(20):
            page.wait_for_url("**/cases/*/")
            ready(page)
            here = page.url
            asked = page.locator(".message[data-way=in] .message-body").last.inner_text()
            _said, answer, asks = next(one for one in MAILS if one[0] == asked.strip())

            press("r")
            page.keyboard.type(answer)
            press("Control+Shift+Enter")
            if asks:
                expect(page.locator("[data-promise].asks")).to_be_focused()
                press("1")
                expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
                press("Control+Shift+Enter")
            if turn < 19:
                page.wait_for_url(lambda url, here=here: url != here and url.endswith("/"))
        expect(page.locator(".toast", has_text="No other case waits for an answer from you.")).to_be_visible()

        # The last can still be taken back, from the keyboard too.
        expect(page.locator(".toast [data-key=u]")).to_be_visible()
        press("u")
        expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
        ready(page)
        press("r")
        press("Control+Enter")
        expect(page.locator(".toast", has_text="Your answer leaves in a moment.")).to_be_visible()
        complaints = seen.complaints
    cases.leave(now=timezone.now() + timedelta(seconds=30))

    assert complaints == []
    assert not waiting.exists()
    assert set(Reply.objects.values_list("state", flat=True)) == {"sent"}
    assert Message.objects.filter(direction="outbound").count() == 20
    promised = set(Promise.objects.values_list("about", flat=True))
    dated = Message.objects.filter(text__in=[MAILS[3][0], MAILS[4][0]])
    # Since the talk they are owed word on a rhythm: an answer is an update, and the composer has it promise the next.
    talked = Message.objects.filter(direction="note")
    assert promised == {ref("case", case) for case in dated.union(talked).values_list("case", flat=True)}
    # Two keys a case beside the words, two more where a date is asked for; five to begin, and three for the change of mind.
    assert len(keys) == 5 + 20 * 2 + 4 * 2 + 3

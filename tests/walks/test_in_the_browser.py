"""A day at the desk and at the kitchen table, in a real browser against the real server."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import people_and_things as things
from tests.faces import Shop
from tests.people_and_things import refused
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases import actions as cases
from troth.cases.models import Case, Reply, Template
from troth.people.actions import issue_link
from troth.people.queries import link_token
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words.promises import Sort, State
from troth.words.refs import ref

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def day(transactional_db: None) -> Shop:
    """The shop now, with two letters from Ann, one from Bob, and promises in every state."""
    shop = Shop()
    for staff in (shop.sam, shop.lea, shop.aud):
        may_sign_in(staff)
    now = timezone.now()
    Template.objects.create(name="It has left", text="Dear {name},\n\nit left us today.")
    file = cases.File(name="the broken bell, seen from below.jpg", content_type="image/jpeg", content=b"x" * 70_000)
    first = shop.message(
        text="Good morning,\n\nwhere is my parcel? This is the third time I ask, and I am furious.\n\nAnn",
        html="<p>Good morning,</p><p>where <b>is</b> my parcel?</p>",
        files=[file],
        at=now - timedelta(hours=3),
        now=now,
    )
    letter = cases.acknowledge(first, now=now - timedelta(hours=2))
    assert letter is not None
    refused(letter, at=now)
    shop.case(shop.bob, text="Which bell fits a 25 mm bar?", subject="Bell", at=now, now=now)
    shop.case(subject="Re: Parcel", unverified=True, seems_to_be=first.case_id, at=now, now=now)
    made = [
        make(shop, quote="We will refund the postage within two days.", days=2, about=first.case_id),
        make(shop, quote="I’ll ring you before five with what the carrier says.", days=1, about=first.case_id),
        make(shop, quote="You’ll have the new wheel by Friday.", days=3),
        make(shop, quote="We will send you the drawing.", days=4),
        make(shop, what="Next word about: the drawing", sort=Sort.NEXT_WORD, days=5),
        make(shop, quote="We will look at the hinge.", days=6),
    ]
    past = {"due": now - timedelta(hours=1)}
    Promise.objects.filter(pk=made[1].pk).update(state=State.LATE, warned_at=now, escalated_at=now, **past)
    promises.keep(made[2], by=shop.sam, now=now)
    promises.move(
        made[3], to=made[3].due + timedelta(days=3), words="The printer broke.", reason="", by=shop.sam, now=now
    )
    Promise.objects.filter(pk=made[5].pk).update(state=State.BROKEN, settled_at=now, **past)
    return shop


def make(shop: Shop, *, days: int, about: int | None = None, **values: object) -> Promise:
    now = timezone.now()
    values = {"said_at": now - timedelta(days=1), "now": now, "due": now + timedelta(days=days), **values}
    return things.promise(
        customer=shop.ann.customer, owner=shop.sam, about=ref("case", about) if about else "", what=values.pop("what", "it"), **values
    )  # fmt: skip


def test_a_day_at_the_desk(day: Shop, browser: Browser) -> None:
    with served() as home:
        seen = Watched(browser, home)
        page = seen.page
        seen.sign_in(day.sam)
        ready(page)

        # Single keys: down, down, up; the help; the row opens.
        names = page.locator("[data-row] .cover").all_inner_texts()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(page.locator("[data-row] .cover").first).to_be_focused()
        assert len(names) >= 5
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.goto("/cases/?search=Bell")
        ready(page)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/cases/\d+/$"))
        ready(page)

        # A promise without a date is asked for one.
        page.keyboard.press("r")
        text = page.get_by_role("textbox", name="Your reply")
        expect(text).to_be_focused()
        page.keyboard.type("Dear Bob,\n\nthe small one. We will send you one.\n\nSam")
        asker = page.locator("[data-promise].asks")
        expect(asker).to_be_visible()
        photograph(page, "asker")
        page.keyboard.press("Control+Enter")
        expect(asker).to_be_focused()
        assert Reply.objects.filter(state="held").count() == 0
        page.keyboard.press("1")
        expect(text).to_be_focused()
        page.keyboard.press("Control+Enter")

        # It can be taken back, and the words and the date are there again.
        undo = page.locator(".toast").get_by_role("button", name="Undo")
        expect(undo).to_be_visible()
        photograph(page, "undo")
        undo.click()
        expect(page.locator(".toast", has_text="Taken back. Your words are in the draft.")).to_be_visible()
        expect(text).to_have_value("Dear Bob,\n\nthe small one. We will send you one.\n\nSam")
        assert [reply.state for reply in Reply.objects.all()] == ["draft"]

        # Sent again, it leaves with its promise on record.
        ready(page)
        page.wait_for_timeout(600)
        page.keyboard.press("r")
        page.keyboard.press("Control+Enter")
        expect(undo).to_be_visible()
        cases.leave(now=timezone.now() + timedelta(seconds=11))
        expect(page.locator("#thread")).to_contain_text("the small one.")
        promise = Promise.objects.get(source_quote="We will send you one.")
        assert promise.owner == day.sam
        expect(page.locator("[data-live=side-promises]")).to_contain_text("We will send you one.")

        # Resolved by one key.
        ready(page)
        page.locator("body").click(position={"x": 5, "y": 5})
        page.keyboard.press("e")
        expect(page.get_by_role("button", name="Open again")).to_be_visible()
        seen.context.close()
        assert seen.complaints == []


def test_the_writer_sees_the_anger_and_says_of_each_promise_with_one_key_whether_it_is_one(
    day: Shop, browser: Browser
) -> None:
    first = Case.objects.get(emotion="anger")
    with served() as home:
        seen = Watched(browser, home)
        page = seen.page
        seen.sign_in(day.sam)
        page.goto(f"/cases/{first.pk}/")
        ready(page)
        expect(page.locator(".felt")).to_contain_text("furious")

        page.keyboard.press("r")
        page.keyboard.type("Your parcel left today. We will refund you by Friday. I will ring you tomorrow.")
        promises_found = page.locator("[data-promise]")
        expect(promises_found).to_have_count(2)
        expect(page.locator(".reply-check")).to_contain_text("The anger is not answered yet")
        page.keyboard.type(" I am sorry: you asked three times.")
        expect(page.locator(".reply-check")).to_contain_text("You answer the anger")

        # From the text to the first one, then on to the next, and back to the text after the last.
        page.keyboard.press("Escape")
        expect(promises_found.nth(0)).to_be_focused()
        page.keyboard.press("y")
        expect(promises_found.nth(1)).to_be_focused()
        page.keyboard.press("x")
        expect(page.get_by_role("textbox", name="Your reply")).to_be_focused()
        photograph(page, "confirmed")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_visible()

    (reply,) = Reply.objects.filter(case=first)
    said = {answer["quote"]: answer["choice"] for answer in reply.answers}
    assert said == {
        "We will refund you by Friday.": "promise",
        "I will ring you tomorrow.": "not_a_promise",
    }


def test_what_changes_elsewhere_is_seen_without_a_reload(day: Shop, browser: Browser) -> None:
    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(day.lea)
        other = seen.tab()
        other.goto("/today/")
        for page in (seen.page, other):
            ready(page)
            page.evaluate("window.wasHere = true")
        seen.page.wait_for_timeout(1000)

        make(day, quote="We will paint it red.", days=1)

        for page in (seen.page, other):
            expect(page.locator("#today-list")).to_contain_text("We will paint it red.")
            assert page.evaluate("window.wasHere") is True
        seen.context.close()
        assert seen.complaints == []


def test_a_draft_survives_closing_the_page(day: Shop, browser: Browser) -> None:
    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(day.sam)
        path = f"/cases/{day.case(day.bob, subject='Spoke', at=timezone.now(), now=timezone.now()).pk}/"
        seen.page.goto(path)
        ready(seen.page)
        seen.page.get_by_role("textbox", name="Your reply").fill("Dear Bob, wait a mo")
        seen.page.goto("/today/")  # before the draft was kept by itself
        seen.page.goto(path)

        expect(seen.page.get_by_role("textbox", name="Your reply")).to_have_value("Dear Bob, wait a mo")
        seen.context.close()
        assert seen.complaints == []


def test_what_is_chosen_beside_a_case_keeps_itself_or_goes_back(day: Shop, browser: Browser) -> None:
    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(day.sam)
        case = day.case(day.bob, subject="Spoke", at=timezone.now(), now=timezone.now())
        page = seen.page
        page.goto(f"/cases/{case.pk}/")
        ready(page)

        page.get_by_label("Kind").select_option("complaint")
        expect(page.locator(".toast", has_text="Kept: Kind, ")).to_be_visible()
        expect(page.locator(".case-marks")).to_contain_text("Complaint")
        assert Case.objects.get(pk=case.pk).kind == "complaint"

        # Each goes back where it is not kept, and says why.
        was = Case.objects.values("assignee", "kind", "cause", "status").get(pk=case.pk)
        other_choices = (
            ("Owner", "assign", str(day.lea.pk)),
            ("Kind", "kind", "enquiry"),
            ("Cause", "cause", "late"),
            ("State", "status", "waiting"),
        )
        for field, path, other in other_choices:
            choice = page.get_by_label(field, exact=True)
            before = choice.input_value()
            page.route(f"**/{path}/", lambda route: route.abort())
            choice.select_option(other)
            expect(page.locator(".toast", has_text="No connection, so it is as it was.")).to_be_visible()
            expect(choice).to_have_value(before)
            page.unroute(f"**/{path}/")
            page.locator(".toast").get_by_role("button", name="Close").last.click()
        page.route("**/kind/", lambda route: route.fulfill(status=500, body="no"))
        page.get_by_label("Kind").select_option("enquiry")
        expect(page.locator(".toast", has_text="It could not be kept, so it is as it was.")).to_be_visible()
        expect(page.get_by_label("Kind")).to_have_value("complaint")
        assert Case.objects.values("assignee", "kind", "cause", "status").get(pk=case.pk) == was
        seen.context.close()


def test_the_letter_as_it_was_written_runs_nothing(day: Shop, browser: Browser) -> None:
    message = day.message(html="<p>Look: <b>here</b></p>", at=timezone.now(), now=timezone.now())
    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(day.sam)
        seen.page.goto(f"/cases/{message.case_id}/")
        seen.page.get_by_text("Show as it was written").click()

        frame = seen.page.frame_locator(".message-html")
        expect(frame.locator("b")).to_have_text("here")
        photograph(seen.page, "as-written")
        seen.context.close()
        assert seen.complaints == []


def test_ann_follows_her_link_and_gives_her_verdict(day: Shop, browser: Browser) -> None:
    link = issue_link(customer_id=day.ann.customer_id, now=timezone.now())
    with served() as home:
        seen = Watched(browser, home, wide=False)
        page = seen.page
        page.goto(f"/p/{link_token(link)}/")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/my/")
        page.get_by_role("button", name="Yes, you did").first.click()
        expect(page.locator(".toast", has_text="Your word stands beside ours.")).to_be_visible()
        expect(page.get_by_text("You told us that we kept it.")).to_be_visible()
        page.get_by_role("link", name="Parcel").first.click()
        page.get_by_label("Write back").fill("Any news?")
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_text("Any news?")).to_be_visible()
        page.get_by_role("button", name="Close this page in this browser").click()
        expect(page.get_by_role("heading", name="Your page is closed in this browser")).to_be_visible()
        seen.context.close()
        assert [words for words in seen.complaints if "403" not in words] == []
    assert Promise.objects.filter(verdict=True).count() == 1


def desk_pages(day: Shop) -> dict[str, str]:
    case = day.ann.customer.cases.order_by("pk").first()
    unproved = day.ann.customer.cases.get(unverified=True)
    open_one = Promise.objects.get(source_quote__startswith="We will refund")
    return {
        "today": "/today/", "cases": "/cases/", "cases-none": "/cases/?search=nothing", "case": f"/cases/{case.pk}/",
        "case-unproved": f"/cases/{unproved.pk}/", "talk": "/cases/new/", "promises": "/promises/",
        "promise": f"/promises/{open_one.pk}/", "customers": "/customers/", "customer": f"/customers/{day.ann.customer_id}/",
        "letters": "/letters/", "letters-failed": "/letters/?view=failed", "not-found": "/cases/999999/",
        "password": "/account/password/change/",
    }  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_every_page_is_fit_for_everyone(day: Shop, browser: Browser, wide: bool, dark: bool) -> None:
    look = f"{'wide' if wide else 'narrow'}-{'dark' if dark else 'light'}"
    link = issue_link(customer_id=day.ann.customer_id, now=timezone.now())
    case = day.ann.customer.cases.order_by("pk").first()
    assert Letter.objects.filter(state="refused").exists()
    found: dict[str, list[str]] = {}

    def examine(page: Page, name: str, path: str) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle") if path == "/account/login/" else page.wait_for_timeout(150)
        photograph(page, f"{name}-{look}")
        found[name] = faults(page)

    with served() as home:
        seen = Watched(browser, home, wide=wide, dark=dark)
        for name, path in (
            ("sign-in", "/account/login/"), ("reset", "/account/password/reset/"), ("closed", "/account/signup/"),
            ("open", f"/p/{link_token(link)}/"), ("gone", "/p/nonsense/"), ("write", "/write/"), ("nowhere", "/nowhere/"),
        ):  # fmt: skip
            examine(seen.page, name, path)
        seen.page.goto("/write/")
        seen.page.evaluate("document.querySelector('main form').noValidate = true")
        seen.page.get_by_role("button", name="Send it").click()
        expect(seen.page.get_by_role("alert")).to_be_focused()
        photograph(seen.page, f"write-wrong-{look}")
        found["write-wrong"] = faults(seen.page)
        seen.page.get_by_label("Your name").fill("Dora Drake")
        seen.page.get_by_label("Your email address").fill("dora@example.net")
        seen.page.get_by_label("What it is about").fill("A bell")
        seen.page.get_by_label("What happened").fill("It does not ring.")
        seen.page.get_by_role("button", name="Send it").click()
        seen.page.wait_for_url("**/write/sent/")
        photograph(seen.page, f"sent-{look}")
        found["sent"] = faults(seen.page)
        seen.page.goto(f"/p/{link_token(link)}/")
        seen.page.get_by_role("button", name="Continue").click()
        examine(seen.page, "my", "/my/")
        examine(seen.page, "my-case", f"/my/cases/{case.pk}/")
        seen.context.clear_cookies()
        seen.sign_in(day.lea)
        for name, path in desk_pages(day).items():
            examine(seen.page, name, path)
        seen.page.goto(desk_pages(day)["promise"])
        ready(seen.page)
        seen.page.keyboard.press("m")
        photograph(seen.page, f"move-{look}")
        found["move"] = faults(seen.page)
        seen.context.clear_cookies()
        seen.sign_in(day.aud)
        for name in ("today", "case-unproved", "customer"):
            examine(seen.page, f"auditor-{name}", desk_pages(day)[name])
        seen.context.close()

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert [words for words in seen.complaints if "status of 40" not in words and "status of 422" not in words] == []


def test_everything_is_reached_by_the_keyboard(day: Shop, browser: Browser) -> None:
    """Tab goes through every link, button and field of the page, and each shows that it has the focus."""
    with served() as home:
        seen = Watched(browser, home)
        seen.sign_in(day.lea)
        for path in (desk_pages(day)[name] for name in ("today", "case", "promise", "customer", "talk", "letters")):
            seen.page.goto(path)
            ready(seen.page)
            if "/cases/" in path and not path.endswith("/new/"):  # what is fetched after the page is there
                expect(seen.page.locator("#like")).to_be_attached()
            wanted = seen.page.evaluate(REACHABLE)
            reached: dict[int, str] = {}
            for _step in range(wanted * 2 + 20):
                seen.page.keyboard.press("Tab")
                told = seen.page.evaluate(FOCUSED)
                # A field for dates is several stops, of which the browser marks the parts by itself.
                if told is not None and (told["shown"] or told["place"] not in reached):
                    reached[told["place"]] = "" if told["shown"] else told["what"]
            assert [what for what in reached.values() if what] == [], f"{path}: these do not show their focus"
            assert len(reached) >= wanted, f"{path}: {len(reached)} of {wanted}"
        seen.context.close()


REACHABLE = """() => {
  const one = new Set();
  let count = 0;
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled || e.tabIndex < 0 || e.closest("dialog:not([open])")) continue;
    if (e.type === "radio") { if (one.has(e.name)) continue; one.add(e.name); }
    count += 1;
  }
  return count;
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const all = [...document.querySelectorAll("*")];
  const marked = [e, e.closest("li, tr, label, .chip, .composer")].filter(Boolean).some((one) =>
    [null, "::after", "::before"].some((part) => {
      const style = getComputedStyle(one, part);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    }));
  return { place: all.indexOf(e), what: e.outerHTML.slice(0, 120), shown: marked };
}"""

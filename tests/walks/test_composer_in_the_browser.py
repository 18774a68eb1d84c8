"""Files and a machine's draft put into an answer, and a list that cannot be had, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FileChooser, JSHandle, Page, Route, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, may_sign_in, photograph, ready, served
from troth.cases.models import Reply, ReplyFile
from troth.drafting import actions as drafting
from troth.drafting.tests.endpoint_server import model, says

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)
CARRIED = """name => {
  const held = new DataTransfer();
  held.items.add(new File(["as drawn"], name, { type: "text/plain" }));
  return held;
}"""
PASTED = """(place, held) =>
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }))"""
HALF = 600 * 1024


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def carried(page: Page, name: str) -> JSHandle:
    """What a hand, or the clipboard, carries into the page: one file."""
    return page.evaluate_handle(CARRIED, name)


def held_up(page: Page, path: str) -> list[Route]:
    """What asks for *path* from here on waits until it is told to go on."""
    waiting: list[Route] = []
    page.route(path, lambda route: waiting.append(route))
    return waiting


def put_in() -> list[str]:
    return list(ReplyFile.objects.filter(removed_at=None, reply=None).order_by("pk").values_list("name", flat=True))


def files_are_put_in(page: Page) -> None:
    """Chosen, dropped and pasted; refused, lost and tried again; left out and put back by the keyboard."""
    lines = page.locator("[data-files-in] .file")
    field, text = page.locator("[data-files-field]"), page.get_by_role("textbox", name="Your reply")
    asked: list[FileChooser] = []
    page.on("filechooser", lambda chooser: asked.append(chooser))
    page.get_by_role("button", name="Files").press("Enter")
    field.set_input_files([file("bell.png", PICTURE), file("drawing.bin", b"\x00" * HALF)])
    expect(lines.locator("[data-file-out]")).to_have_count(2)
    assert len(asked) == 1
    expect(lines.first.locator("img")).to_be_visible()

    held = carried(page, "dropped.txt")
    page.locator(".composer").dispatch_event("dragover", {"dataTransfer": held})
    expect(page.get_by_text("Drop files here to put them in.")).to_be_visible()
    photograph(page, "files-dropping")
    page.locator(".composer").dispatch_event("drop", {"dataTransfer": held})
    expect(lines).to_have_count(3)
    text.evaluate(PASTED, carried(page, "pasted.txt"))
    expect(lines.locator("[data-file-out]")).to_have_count(4)
    assert sorted(put_in()) == ["bell.png", "drawing.bin", "dropped.txt", "pasted.txt"]

    # Too large by itself, too large beside the others, and empty: each says so and goes by the keyboard.
    wrong = page.locator(".file.is-wrong")
    for name, content, why in (
        ("huge.bin", b"x" * (1 << 20) + b"x", "One letter takes at most"),
        ("second.bin", b"x" * HALF, "One letter takes at most"),
        ("empty.txt", b"", "It is empty."),
    ):
        field.set_input_files([file(name, content)])
        expect(wrong).to_contain_text(why)
        if name == "empty.txt":
            photograph(page, "files-refused")
            assert faults(page) == []
        page.get_by_role("button", name=f"Leave out: {name}").press("Enter")
        expect(wrong).to_have_count(0)

    page.route("**/files/*", lambda route: route.abort())
    field.set_input_files([file("lost.txt", b"words")])
    expect(wrong).to_contain_text("No connection. It was not put in.")
    page.unroute("**/files/*")
    page.get_by_role("button", name="Try again: lost.txt").press("Enter")
    expect(lines.locator("[data-file-out]")).to_have_count(5)

    page.get_by_role("button", name="Leave out drawing.bin").press("Enter")
    expect(lines).to_have_count(4)
    page.locator(".toast", has_text="drawing.bin was left out.").get_by_role("button", name="Undo").press("Enter")
    expect(lines).to_have_count(5)
    page.get_by_role("button", name="Leave out drawing.bin").press("Enter")
    expect(lines).to_have_count(4)


def a_draft_is_had(page: Page) -> None:
    """Asked for, written elsewhere, put in by a person's click, and marked as a machine's until they change it."""
    panel = page.locator("#drafting")
    expect(panel).to_contain_text("What you and the customer wrote in this case is sent there")
    panel.get_by_role("button", name="Send it there and have a draft written").press("Enter")
    expect(panel).to_contain_text("A draft is being written.")
    assert drafting.write_next(timezone.now())
    expect(panel).to_contain_text("your bell is on its way")
    photograph(page, "drafting")
    assert faults(page) == []
    panel.get_by_role("button", name="Put it into my answer").press("Enter")
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("Dear Ann, your bell is on its way.")
    expect(page.get_by_text("Written by a machine, not changed yet")).to_be_visible()


def it_leaves_when_all_is_there(page: Page) -> None:
    """Sent while a file is on its way: it waits, says so, and goes."""
    on_its_way = held_up(page, "**/files/*")
    page.locator("[data-files-field]").set_input_files([file("late.txt", b"words")])
    expect(page.get_by_role("progressbar", name="late.txt")).to_be_visible()
    page.get_by_role("textbox", name="Your reply").press("Control+Enter")
    expect(page.locator(".toast", has_text="A file is still on its way.")).to_be_visible()
    assert not Reply.objects.filter(state="held").exists()
    on_its_way[0].continue_()
    expect(page.locator(".toast", has_text="Your answer leaves in a moment.")).to_be_visible()


def a_list_says_that_it_cannot_be_had(page: Page) -> None:
    """What was there stays, and a second try brings the rest."""
    page.goto("/cases/?view=all")
    ready(page)
    rows, trouble, asked = page.locator(".case-row"), page.locator(".fetch-trouble"), "**/cases/?*search=*"
    for broken in (lambda route: route.abort(), lambda route: route.fulfill(status=500, body="<p>no</p>")):
        page.route(asked, broken)
        page.get_by_role("searchbox", name="Search in cases").fill("nobody wrote this")
        expect(trouble).to_contain_text("This could not be fetched.")
        assert rows.count() == 1
        photograph(page, "list-trouble")
        page.unroute(asked)
        waiting = held_up(page, asked)
        trouble.get_by_role("button", name="Try again").press("Enter")
        expect(page.locator(".fetching").get_by_text("Fetching…")).to_be_visible()
        photograph(page, "list-fetching")
        expect(page.locator("#list")).to_have_attribute("aria-busy", "true")
        waiting[0].continue_()
        expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
        expect(trouble).to_have_count(0)
        page.unroute(asked)
        page.goto("/cases/?view=all")
        ready(page)
    # Signed out meanwhile, the list stays, and says what to do.
    page.context.clear_cookies()
    page.get_by_role("searchbox", name="Search in cases").fill("nobody")
    expect(trouble).to_contain_text("You are signed out.")
    assert rows.count() == 1
    assert faults(page) == []


def test_files_a_draft_and_a_list_are_had_or_say_why_not(
    transactional_db: None, browser: Browser, settings: Any
) -> None:
    shop = Shop()
    may_sign_in(shop.sam)
    case = shop.case(text="Where is my bell?")
    with model(says("Dear Ann, ", "your bell is on its way.")) as to:
        named = {"TROTH_MODEL_URL": to.url, "TROTH_MODEL_NAME": "small", "TROTH_MODEL_KEY": "secret"}
        for name, value in named.items():
            setattr(settings, name, value)
        with served(**named, TROTH_FILES_MIB="1") as home:
            seen = Watched(browser, home)
            seen.sign_in(shop.sam)
            seen.page.goto(f"/cases/{case.pk}/")
            ready(seen.page)
            files_are_put_in(seen.page)
            a_draft_is_had(seen.page)
            it_leaves_when_all_is_there(seen.page)
            a_list_says_that_it_cannot_be_had(seen.page)
    reply = Reply.objects.get(state="held")
    sent = ReplyFile.objects.filter(reply=reply).values_list("name", flat=True)
    assert sorted(sent) == ["bell.png", "dropped.txt", "late.txt", "lost.txt", "pasted.txt"]

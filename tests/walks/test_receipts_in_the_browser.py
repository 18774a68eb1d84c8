"""Receipts checked in a real browser: it says what `troth verify` says, and nothing of them leaves the page."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.faces import Shop
from tests.walks.browser import Watched, faults, photograph, ready, served
from troth.ledger import keys
from troth.ledger.actions import seal
from troth.ledger.outside import read_keys
from troth.ledger.rules.note import Signer
from troth.ledger.rules.receipt_verify import verify
from troth.ledger.tests.receipts import NEW_KEY, SHOP, STRANGER, opening, written
from troth.people.queries import link_token
from troth.privacy import actions as privacy
from troth.site.receipt_commands import verify as command

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/receipt.json").read_text())["receipts"]
#: The page itself asks no record for a later head.
OURS = [vector for vector in VECTORS if "later" not in vector]
PARTS = [
    "A promise was made",
    "Promised: Send",
    "By: Fri",
    "Place: entry",
    "Key: shop",
    "extra ey",
    "index 1",
    "=\n",
    "\n1050\n",
    "— shop",
]


def test_receipts_are_checked_in_the_browser(transactional_db: None, browser: Browser, tmp_path: Path) -> None:
    shop = Shop()
    with served() as home:
        receipt = ann_keeps_a_receipt_and_is_forgotten(shop, home, browser)
        the_live_record_still_begins_as_it_did(receipt, home, tmp_path)
        it_says_what_the_command_says_and_asks_nobody(home, browser)
        it_is_used_by_keyboard_with_the_key_one_has(home, browser)
        an_old_browser_is_told_so(home, browser)
        saved = saved_copy(home, browser, tmp_path)
    it_holds_when_she_is_forgotten_and_the_server_is_gone(receipt, saved, browser)


def own_key() -> Signer:
    """What this installation signs its record with."""
    signer = read_keys()[0].signer
    assert signer
    return signer


def ann_keeps_a_receipt_and_is_forgotten(shop: Shop, home: str, browser: Browser) -> bytes:
    """What she downloads from her page, before everything that is known of her here is erased."""
    now = timezone.now()
    shop.promise(due=now + timedelta(days=4), said_at=now, now=now, what="ring you", quote="I will ring you on Friday.")
    seal(now=timezone.now())
    page = Watched(browser, home).page
    page.goto(f"/p/{link_token(shop.link(now=now))}/")
    page.get_by_role("button", name="Continue").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt", exact=True).click()
    receipt = Path(download.value.path()).read_bytes()

    privacy.erase(shop.ann.customer, by=shop.lea, now=timezone.now())

    assert download.value.suggested_filename.endswith(".txt")
    assert keys.of([shop.ann.customer_id]) == {shop.ann.customer_id: None}
    assert b"Promised: ring you\nIn the words: I will ring you on Friday.\n" in receipt
    return receipt


def the_live_record_still_begins_as_it_did(receipt: bytes, home: str, folder: Path) -> None:
    """Asked of the server that runs, which has signed the erasure since."""
    seal(now=timezone.now())
    (folder / "receipt.txt").write_bytes(receipt)

    done = CliRunner().invoke(command, [str(folder / "receipt.txt"), "--checkpoint", f"{home}/record"])

    assert "none of them was changed, taken out or put in since" in done.output
    assert done.exit_code == 0


def choose(page: Page, files: dict[str, bytes]) -> list[tuple[str, str, list[str]]]:
    """Choose these files; name, word and sentences of what is said of each."""
    payload: list[Any] = [{"name": name, "mimeType": "text/plain", "buffer": raw} for name, raw in files.items()]
    page.get_by_label("Receipts").set_input_files(payload)
    expect(page.locator(".verdict h3")).to_have_text(list(files))
    return said(page)


def said(page: Page) -> list[tuple[str, str, list[str]]]:
    return [tuple(one) for one in page.evaluate(
        "[...document.querySelectorAll('.verdict')].map((one) => [one.children[0].textContent, one.children[1].textContent,"
        " [...one.children].slice(2).map((line) => line.textContent)])"
    )]  # fmt: skip


def trust(page: Page, keys: list[str]) -> None:
    page.evaluate("document.querySelector('details').open = true")
    page.get_by_label("Keys, each on its own line").fill("\n".join(keys))


def raw(vector: dict[str, Any]) -> bytes:
    return vector["text"].encode() if "text" in vector else bytes.fromhex(vector["hex"])


def it_says_what_the_command_says_and_asks_nobody(home: str, browser: Browser) -> None:
    watched = Watched(browser, home)
    page = watched.page
    page.goto("/record/verify")
    ready(page)
    asked: list[str] = []
    watched.context.on("request", lambda request: asked.append(request.url))

    for given in {tuple(vector["keys"]) for vector in OURS}:
        trust(page, list(given))
        vectors = [vector for vector in OURS if tuple(vector["keys"]) == given]
        found = choose(page, {vector["name"]: raw(vector) for vector in vectors})
        assert [(name, sentences) for name, _word, sentences in found] == [
            (one["name"], one["said"]) for one in vectors
        ]
        assert [word == "It holds" for _name, word, _sentences in found] == [not one["code"] for one in vectors]

    # One byte changed, in each part.
    trust(page, [SHOP.verifier.to_text()])
    text = written().encode()
    spoiled = {}
    for part in PARTS:
        place = text.index(part.encode()) + len(part.encode()) - 1
        spoiled[part.strip()] = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
    assert {word for _name, word, _sentences in choose(page, spoiled)} == {"It does not hold"}
    expect(page.locator("#found-sum")).to_have_text(
        f"{len(PARTS)} receipts were checked: {len(PARTS)} of them do not hold."
    )

    # As many lines as nobody would write, which are more than a script may hand over at once.
    long = written(opening(words={"what": "\n" * 200_000}), size=3, index=1).encode()
    assert [word for _name, word, _sentences in choose(page, {"long.txt": long})] == ["It holds"]
    # And no text stops the page, however its line breaks stand.
    breaks = {"lf.txt": b"\n" * 1_000_000 + b"x", "crlf.txt": b"\r\n" * 500_000 + b"x"}
    assert {word for _name, word, _sentences in choose(page, breaks)} == {"It does not hold"}

    # Nobody was asked for anything, nobody can be, and without a connection it is the same.
    watched.context.set_offline(True)
    assert [word for _name, word, _sentences in choose(page, {"receipt.txt": text})] == ["It holds"]
    assert asked == []
    assert watched.complaints == []
    watched.context.set_offline(False)
    assert page.evaluate("fetch('/record/verify').then(() => 'answered', () => 'refused')") == "refused"
    assert "connect-src 'none'" in " ".join(watched.complaints)


def it_is_used_by_keyboard_with_the_key_one_has(home: str, browser: Browser) -> None:
    watched = Watched(browser, home, wide=False)
    page = watched.page
    page.goto("/record/verify")
    ready(page)
    assert faults(page) == []
    photograph(page, "verify-phone")

    # The record's own key came with the page.
    page.get_by_label("Or the text of one").focus()
    page.keyboard.insert_text(written(signers=[own_key()]))
    expect(page.locator(".verdict-word")).to_have_text("It holds")
    assert own_key().verifier.to_text() in said(page)[0][2][-1]
    expect(page.locator("#found-sum")).to_have_text("1 receipt was checked: it holds.")
    assert faults(page) == []

    # Another in its place, by keys alone; one that is none; and none at all.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(STRANGER.verifier.to_text())
    expect(page.locator(".verdict-word")).to_have_text("It does not hold")
    assert "not signed with a key that is trusted here" in said(page)[0][2][0]
    photograph(page, "verify-phone-not")
    page.keyboard.insert_text("x")
    expect(page.get_by_text("Line 1 is no key, or a letter of it was lost in copying.")).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(0)
    assert faults(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator(".verdict-word")).to_have_text("It holds")
    assert "not whose key it is" in said(page)[0][2][-1]

    # Dropped anywhere; several at once.
    files = {
        "one.txt": written(signers=[own_key()]),
        "two.txt": written(signers=[NEW_KEY]),
        "three.txt": written() + "P.S.\n",
    }
    page.evaluate(
        """(files) => {
          const held = new DataTransfer();
          for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
          document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        files,
    )
    expect(page.locator(".verdict h3")).to_have_text(list(files))
    assert [word for _name, word, _sentences in said(page)] == ["It holds", "It holds", "It does not hold"]
    assert watched.complaints == []


def an_old_browser_is_told_so(home: str, browser: Browser) -> None:
    watched = Watched(browser, home)
    watched.context.add_init_script(
        "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))"
    )
    watched.page.goto("/record/verify")
    ready(watched.page)

    expect(watched.page.get_by_role("alert").filter(has_text="This browser cannot check signatures")).to_be_visible()
    expect(watched.page.get_by_label("Receipts")).to_be_hidden()


def saved_copy(home: str, browser: Browser, folder: Path) -> Path:
    """As browsers save one: the page, what it loads beside it, and the addresses of these changed."""
    page = Watched(browser, home).page
    page.goto("/record/verify")
    text = page.request.get("/record/verify").text()
    for address in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text)):
        name = address.rsplit("/", 1)[1]
        (folder / name).write_bytes(page.request.get(address).body())
        text = text.replace(address, name)
    (folder / "Check a receipt.html").write_text(text)
    return folder / "Check a receipt.html"


def it_holds_when_she_is_forgotten_and_the_server_is_gone(receipt: bytes, saved: Path, browser: Browser) -> None:
    watched = Watched(browser, "http://localhost:1")
    watched.context.set_offline(True)
    watched.page.goto(saved.as_uri())
    ready(watched.page)

    found = choose(watched.page, {"receipt.txt": receipt, "spoiled.txt": receipt.replace(b"A promise", b"No promise")})

    assert [word for _name, word, _sentences in found] == ["It holds", "It does not hold"]
    by_command = verify(receipt, keys=[own_key().verifier])
    assert by_command.holds
    assert found[0][2] == list(by_command.said)
    assert own_key().verifier.to_text() in by_command.said[-1]

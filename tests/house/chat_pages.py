"""The chat's pages in the stylebook: its settings, the page to try it, and the talk as its visitor has it."""

# ruff: noqa: E501  the invented sentences are as long as real ones
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Page = tuple[str, str, dict[str, Any]]


def pages(staff: dict[str, Any]) -> Iterator[Page]:
    lead = {**staff, "shell": {**staff["shell"], "may_lead": True}}
    shop = {"id": 1, "name": "Harbour & Pine, the shop", "origins": ["https://harbourpine.example", "https://www.harbourpine.example"], "team": "Workshop", "is_on": True}  # fmt: skip
    old = {"id": 2, "name": "The old catalogue", "origins": ["https://catalogue.a-rather-long-domain.example:8443"], "team": None, "is_on": False}  # fmt: skip
    yield "chat-sites", "chat/sites.html", {**lead, "sites": [shop, old]}
    yield "chat-sites-none", "chat/sites.html", {**lead, "sites": []}
    teams = [("", "No team"), ("1", "Workshop")]
    snippet = (
        '<script src="https://desk.harbourpine.example/chat/widget.js" data-chat="GQsyJ-ipsSR4Ienl" async></script>'
    )
    site = {"id": 1, "name": shop["name"], "key": "GQsyJ-ipsSR4Ienl", "is_on": True, "snippet": snippet}
    form = {"name": shop["name"], "lines": "\n".join(shop["origins"]), "team": "1", "is_on": True}
    yield (
        "chat-site",
        "chat/site.html",
        {**lead, "site": site, "form": form, "teams": teams, "problems": {}, "errors": []},
    )
    wrong = "“shop.example/chat” is not the address of a site: write https://shop.example, without anything behind it."
    yield "chat-site-wrong", "chat/site.html", {
        **lead, "site": None, "form": {**form, "name": "", "lines": "shop.example/chat"}, "teams": teams, "problems": {"origins": wrong},
        "errors": [{"id": "id_origins", "words": wrong}],
    }  # fmt: skip
    # The script itself asks the desk, which the stylebook is not.
    yield "chat-try", "chat/try.html", {**lead, "site": {**site, "is_on": False}}
    frame = {
        "company": "Harbour & Pine", "key": "GQsyJ-ipsSR4Ienl", "pass": "x", "origin": "https://harbourpine.example", "is_open": True,
        "answer_by": "Thursday 26 November, 18:20 (GMT)", "gone_seconds": 30, "text_most": 4000,
    }  # fmt: skip
    yield "chat-frame", "chat/frame.html", frame
    yield (
        "chat-frame-away",
        "chat/frame.html",
        {**frame, "is_open": False, "answer_by": "Friday 27 November, 11:00 (GMT)"},
    )
    yield "chat-refused", "chat/refused.html", {"company": "Harbour & Pine"}

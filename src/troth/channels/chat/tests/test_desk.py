"""Leads say which sites show the chat."""

from __future__ import annotations

import html

import pytest
from tests.faces import Shop, page, signed_in

from troth.channels.chat.models import Site


def test_a_site_is_made_once_and_its_line_is_there_to_copy(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    form = {"name": "Shop", "origins": "https://shop.example\nhttps://www.shop.example/", "team": str(shop.team.pk)}

    for _press in range(2):
        answer = lea.post("/chat/new/", {**form, "once": "x" * 22})
        assert answer.status_code == 302

    site = Site.objects.get()
    assert (site.name, site.origins, site.team) == (
        "Shop",
        ["https://shop.example", "https://www.shop.example"],
        shop.team,
    )
    text = html.unescape(page(lea, f"/chat/{site.pk}/"))
    assert f'/chat/widget.js" data-chat="{site.key}" async></script>' in text
    assert "Shop" in page(lea, "/chat/")
    assert f'data-chat="{site.key}"' in page(lea, f"/chat/{site.pk}/try/")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "Write the address of each site"),
        ("https://shop.example/chat", "is not the address of a site"),
        ("\n".join(f"https://shop{number}.example" for number in range(21)), "At most 20 sites"),
    ],
)
def test_what_is_no_site_is_said(shop: Shop, lines: str, words: str) -> None:
    answer = signed_in(shop.lea).post("/chat/new/", {"name": "Shop", "origins": lines})

    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert Site.objects.count() == 0


def test_a_site_is_changed_and_switched_off(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    lea.post("/chat/new/", {"name": "Shop", "origins": "https://shop.example"})
    site = Site.objects.get()

    lea.post(f"/chat/{site.pk}/", {"name": "Old shop", "origins": "https://old.example", "team": "", "is_on": "no"})

    site.refresh_from_db()
    assert (site.name, site.origins, site.is_on) == ("Old shop", ["https://old.example"], False)
    assert "widget.js" not in page(lea, f"/chat/{site.pk}/try/")

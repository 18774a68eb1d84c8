from __future__ import annotations

import pytest

from troth.channels.chat.rules.origins import NotAnOrigin, origin, origins


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(text: str, found: str) -> None:
    assert origin(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "shop.example", "http://shop.example", "https://*.shop.example", "https://shop.example/chat", "https://shop.example?x",
        "https://ann@shop.example", "https://shop.example:0", "https://shop.example:70000", "https://shop.example; script-src *",
        "https://shop.example\nhttps://x.example", "null", "ftp://shop.example", "https://-shop.example",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(NotAnOrigin):
        origin(text)


def test_each_is_listed_once() -> None:
    assert origins(["https://a.example", "", "https://a.example/", "https://b.example"]) == [
        "https://a.example",
        "https://b.example",
    ]

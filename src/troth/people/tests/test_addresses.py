from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.people.rules.addresses import NotAnAddress, email_address, shown_name
from troth.words.addresses import is_sound


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ann@example.net", "ann@example.net"),
        ("  Ann.Miller+shop@EXAMPLE.net\n", "ann.miller+shop@example.net"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@例え.jp", "ann@xn--r8jz45g.jp"),
    ],
)
def test_one_mailbox_has_one_spelling(written: str, kept: str) -> None:
    assert email_address(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ann",
        "ann@",
        "@example.net",
        "ann@localhost",
        "ann@10.0.0.1",
        "ann@[10.0.0.1]",
        "ann@@example.net",
        "ann@bob@example.net",
        "alice@example.org)bob@example.com",  # CVE-2023-27043
        "alice@example.org(<bob@example.com>",
        "Ann <ann@example.net>",
        "<ann@example.net>",
        '"ann"@example.net',
        "ann,bob@example.net",
        "ann@example.net,bob@example.net",
        "ann@example.net;bob@example.net",
        "ann bob@example.net",
        "ann@example .net",
        "ann@example.net\nBcc: bob@example.com",
        "ann\r\n@example.net",
        "ann\0@example.net",
        "ann@example.net\0",
        ".ann@example.net",
        "ann.@example.net",
        "ann..miller@example.net",
        "ann@.example.net",
        "ann@example..net",
        "ann@example.net.",
        "ann@-example.net",
        "ann@example-.net",
        "ann@exa_mple.net",
        "ann@example.net\u202e",
        "ann@exam\u200bple.net",
        "ann\uff20example.net",
        "ann@example\uff0enet",
        "ann@ex\u2100mple.net",
        "änn@example.net",
        "\u212ann@example.net",  # the Kelvin sign is no k
        "ann@\ud800.net",
        "a" * 65 + "@example.net",
        "ann@" + "a" * 64 + ".net",
        "ann@" + "a." * 130 + "net",
    ],
)
def test_what_is_not_one_plain_address_is_none(text: str) -> None:
    with pytest.raises(NotAnAddress):
        email_address(text)


@given(st.one_of(st.text(max_size=40), st.emails(), st.from_regex(r"[a-zA-Z.]{1,6}@[\w.\-]{1,12}", fullmatch=True)))
def test_what_is_kept_is_ascii_stays_as_it_is_and_can_be_written_to(text: str) -> None:
    try:
        address = email_address(text)
    except NotAnAddress:
        return

    assert address.isascii()
    assert address.isprintable()
    assert email_address(address) == address
    assert is_sound(address)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann Miller", "Ann Miller"),
        ("  Ann \t Miller\r\n", "Ann Miller"),
        ("Ann\nBcc: bob@example.com", "Ann Bcc: bob@example.com"),
        ("Ann\u202eelliM", "AnnelliM"),
        ("A\u200bnn\0", "Ann"),
        ("e\u0301", "é"),
        ("x" * 500, "x" * 120),
    ],
)
def test_name_is_one_line_of_what_can_be_seen(written: str, shown: str) -> None:
    assert shown_name(written) == shown


@given(st.text())
def test_shown_name_hides_nothing_and_stays_as_it_is(text: str) -> None:
    name = shown_name(text)

    assert len(name) <= 120
    assert not any(unicodedata.category(character).startswith("C") for character in name)
    assert shown_name(name) == name

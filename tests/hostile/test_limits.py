"""How much a letter may be (reliability T19), at each limit: one below, at it, one above, and ten times over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.hostile.doors import Door, letter
from troth.cases.models import Attachment, Message
from troth.channels.email.html import too_much
from troth.channels.email.limits import LIMITS, TooMuch, check
from troth.channels.email.parse import parse
from troth.words.refs import number_of

HEAD = b"From: ann@example.net\r\nTo: support@parcel.example\r\nSubject: Parcel\r\n"


def size(n: int) -> bytes:
    return HEAD + b"\r\n" + b"x" * (n - len(HEAD) - 2)


def parts(n: int) -> bytes:
    """A letter with parts counts itself as one."""
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * (n - 1) + b"--b--\r\n"


def depth(n: int) -> bytes:
    levels = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (k, k) for k in range(n))
    return HEAD + levels + b"\r\nx\r\n"


def letters_in_letters(n: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * n + b"\r\nx\r\n"


def header(n: int) -> bytes:
    return HEAD + b"X: " + b"y" * (n - len(HEAD) - 5) + b"\r\n\r\nx"


def header_of_a_part(n: int) -> bytes:
    inner = b"X: " + b"y" * (n - 5) + b"\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + inner + b"\r\nx\r\n--b--\r\n"


def addresses(n: int) -> bytes:
    return HEAD + b"Cc: " + b",".join(b"a@b.cc" for _ in range(n - 2)) + b"\r\n\r\nx"


def parameters(n: int) -> bytes:
    return HEAD + b"Content-Type: text/plain" + b"; a=b" * n + b"\r\n\r\nx"


KINDS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "size": (size, LIMITS.size),
    "parts": (parts, LIMITS.parts),
    "depth": (depth, LIMITS.depth),
    "letters in letters": (letters_in_letters, LIMITS.depth),
    "header": (header, LIMITS.header),
    "header of a part": (header_of_a_part, LIMITS.header),
    "addresses": (addresses, LIMITS.addresses),
    "parameters": (parameters, LIMITS.parameters),
}


def test_the_limits_are_those_we_tell() -> None:
    told = (LIMITS.size, LIMITS.parts, LIMITS.depth, LIMITS.header, LIMITS.addresses, LIMITS.html, LIMITS.html_depth)

    assert told == (25 * 1024 * 1024, 200, 20, 64 * 1024, 2_000, 512 * 1024, 200)


@pytest.mark.parametrize("kind", KINDS)
def test_each_limit_is_where_it_is_said_to_be(kind: str) -> None:
    make, most = KINDS[kind]

    for n in (most - 1, most):
        check(make(n))
    for n in (most + 1, 10 * most):
        with pytest.raises(TooMuch):
            check(make(n))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "size"])
def test_what_is_within_is_read(kind: str) -> None:
    make, most = KINDS[kind]

    assert parse(make(most)).from_address == "ann@example.net"


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda n: "x" * n, LIMITS.html),
        (lambda n: "<div>" * n + "x", LIMITS.html_depth),
        (lambda n: "<b><i>" * (n // 2) + "<u>" * (n % 2), LIMITS.html_depth),
        (lambda n: "&" * n, 50_000),
    ],
)
def test_html_beyond_a_limit_is_withheld(make: Callable[[int], str], most: int) -> None:
    assert [bool(too_much(make(n))) for n in (most - 1, most, most + 1, 10 * most)] == [False, False, True, True]


@pytest.mark.parametrize("kind", ["parts", "depth", "header", "addresses"])
def test_beyond_a_limit_it_becomes_a_case_with_the_letter_attached(door: Door, kind: str) -> None:
    make, most = KINDS[kind]
    raw = make(most + 1)

    arrival = door.takes(raw)

    assert arrival.state == "quarantined"
    message = Message.objects.select_related("case").get(pk=number_of(arrival.message_ref, "message"))
    assert message.case.subject == "A message that could not be read"
    assert bytes(Attachment.objects.select_related("blob").get(message=message).blob.content) == raw


def test_html_that_is_withheld_leaves_its_words(door: Door) -> None:
    body = "<div>" * 201 + "Where is my parcel?"

    got = door.message(letter(more="Content-Type: text/html\r\n", body=body))

    assert (got.html, got.text) == ("", "Where is my parcel?")

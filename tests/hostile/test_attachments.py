"""Files of strangers (reliability T9, T10): kept by digest, never a path, never a page, and nobody else's."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import unquote

import pytest
from django.http import HttpResponse

from tests.faces import Shop, signed_in, with_link
from tests.hostile.attached_mail import NAMES
from tests.hostile.doors import Door, letter
from troth.cases import actions as cases
from troth.cases.files import harmless
from troth.cases.models import Attachment, Blob
from troth.channels.email.parse import file_name

KINDS = ["text/html", "image/svg+xml", "application/xml", "application/xhtml+xml", "text/javascript", "x/\r\ny", ""]
#: What no name may hold when it is offered.
_HARMFUL = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
CONTENT = b"<html><svg onload=alert(1)><script>alert(1)</script>"


def is_a_download(answer: HttpResponse) -> None:
    """Whatever it is called and whatever it says it is: a file to be saved, and nothing to be shown."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    said = answer.headers["Content-Disposition"]
    found = re.fullmatch(r"attachment; filename\*=UTF-8''([A-Za-z0-9._~%-]+)", said)
    assert found, said
    is_harmless(unquote(found[1]))
    assert "X-Evil" not in answer.headers
    assert answer.cookies.get("a") is None


def is_harmless(name: str) -> None:
    assert name
    assert len(name) <= 200
    assert not _HARMFUL.search(name), ascii(name)
    assert not name.startswith((".", " ", "~", "-"))
    assert not name.endswith((".", " "))
    assert name not in {"", ".", ".."}


def test_there_are_enough_of_them() -> None:
    assert len(set(NAMES)) >= 150


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_made_harmless_before_it_is_kept_and_before_it_is_told(name: str) -> None:
    is_harmless(harmless(name))
    assert harmless(harmless(name)) == harmless(name)
    kept = file_name(name)
    assert not re.search(r"[\x00-\x1f/\\\u200b\u202e]", kept)
    assert not kept.startswith(".")


@pytest.mark.slow
def test_every_hostile_name_is_a_download_at_both_doors(shop: Shop) -> None:
    files = [
        cases.File(name=holdable(name), content_type=KINDS[number % len(KINDS)], content=CONTENT)
        for number, name in enumerate(NAMES)
    ]
    shop.case(files=files)
    sam, ann, bob = signed_in(shop.sam), with_link(shop.link()), with_link(shop.link(shop.bob))

    for attachment in Attachment.objects.order_by("pk"):
        is_a_download(sam.get(f"/cases/attachments/{attachment.pk}/"))
        is_a_download(ann.get(f"/my/attachments/{attachment.pk}/"))
    refused = [bob.get(f"/my/attachments/{attachment.pk}/").status_code for attachment in Attachment.objects.all()[:5]]

    assert Attachment.objects.count() == len(NAMES)
    assert refused == [404] * 5
    assert Blob.objects.count() == 1, "the same bytes are kept once, by their digest"
    assert Blob.objects.get().digest == hashlib.sha256(CONTENT).hexdigest()


def holdable(name: str) -> str:
    """What of the name a database can hold at all."""
    return name.encode("utf-8", "replace").decode().replace("\x00", "")


def encoded(name: str, how: int) -> bytes:
    """The name as a mail program might write it: plain, quoted, RFC 2047, RFC 2231, and in pieces."""
    raw = name.encode("utf-8", "replace")
    percent = "".join(f"%{byte:02X}" for byte in raw).encode()
    word = b"=?utf-8?b?" + base64.b64encode(raw) + b"?="
    return [
        b"attachment; filename=" + raw,
        b'attachment; filename="' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"',
        b'attachment; filename="' + word + b'"',
        b"attachment; filename*=utf-8''" + percent,
        b"attachment; filename*0*=utf-8''"
        + percent[: len(percent) // 6 * 3]
        + b"; filename*1*="
        + percent[len(percent) // 6 * 3 :],
    ][how]


@pytest.mark.parametrize("how", range(5))
def test_hostile_names_come_by_mail_and_leave_as_downloads(door: Door, how: int) -> None:
    parts = b"".join(
        b"--b\r\nContent-Type: text/html\r\nContent-Disposition: "
        + encoded(name, how)
        + b"\r\n\r\n"
        + CONTENT
        + b"\r\n"
        for name in NAMES[:: 2 if how else 1]
        if len(name) < 1000 and not (how < 2 and re.search(r"[\r\n]", name))
    )
    head = letter(more="Content-Type: multipart/mixed; boundary=b\r\n").partition(b"\r\n\r\n")[0]
    half = len(parts) // 2
    for number, some in enumerate((parts[:half], parts[half:])):
        raw = head.replace(b"<1@example.net>", b"<%d@example.net>" % number)
        assert door.takes(raw + b"\r\n\r\n" + some + b"\r\n--b--\r\n").state == "message"
    sam = signed_in(door.shop.sam)

    found = list(Attachment.objects.order_by("pk"))

    assert len(found) > 50
    for attachment in found:
        assert attachment.name
        is_a_download(sam.get(f"/cases/attachments/{attachment.pk}/"))

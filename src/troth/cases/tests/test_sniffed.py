from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.cases.rules.sniffed import IMAGES, PDF, TEXT, sniffed

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", ""),
        (b"%PDF-1.7\n%\xe2\xe3", PDF),
        (b"plain words", TEXT),
        ("Grüße\r\n\tund mehr".encode(), TEXT),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", TEXT),
        (b"<!doctype html><script>alert(1)</script>", TEXT),
        (b"PK\x03\x04", ""),
        (b"MZ\x90\0", ""),
        (b"caf\xe9", ""),
        (b"", ""),
        (b"a" * 4095 + "é".encode() + b"a", TEXT),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str) -> None:
    assert sniffed(content) == kind


@given(st.binary(max_size=6000))
def test_nothing_becomes_a_page(content: bytes) -> None:
    assert sniffed(content) in {*IMAGES, PDF, TEXT, ""}

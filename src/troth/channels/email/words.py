"""Bytes of strangers into words. Nothing here raises: a wrong charset makes odd letters, never a lost letter."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

# Only codecs that are linear and make text; `punycode`, `idna` and the like are slow on long input or no charsets at all.
_CHARSET = re.compile(
    r"(ascii|utf[-_]?(7|8|16|32)|utf[-_]8[-_]sig|latin|iso[-_]?8859|iso[-_]?2022|iso[-_]?ir|cp\d|windows|mac|koi8|gb|hz|big5|"
    r"euc|shift|sjis|ms[-_]?kanji|tis|ptcp|kz1048|viscii|johab|ks[-_]?c|ibm\d|us[-_]?ascii|l\d$|charmap)",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_GONE = dict.fromkeys(number for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\n\t")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")


def decode_bytes(raw: bytes, charset: str) -> str:
    """The words, by the charset that is named where it fits, else by the likeliest."""
    for name in (charset.strip(" \"'")[:60], "utf-8"):
        if not name or not _CHARSET.match(name):
            continue
        try:
            words = codecs.decode(raw, name)
        except (LookupError, ValueError, TypeError):
            continue
        if isinstance(words, str):
            return words
    return raw.decode("cp1252", "replace")


def header_text(value: str) -> str:
    """A header as one line of words; bytes that are not ASCII are read as UTF-8 where they are, else as Windows letters.

    A control character leaves a mark, for without it an address with a NUL in it would look sound.
    """
    if not value.isascii():
        value = decode_bytes(value.encode("utf-8", "surrogateescape"), "")
    line = " ".join(value.splitlines()).replace("\t", " ").strip()
    return "".join("\ufffd" if _is_control(character) else character for character in line)


def decode_words(text: str) -> str:
    """RFC 2047 words decoded; broken ones stay as they are."""
    if "=?" not in text:
        return text
    return _ENCODED.sub(lambda found: _decode_word(found[1], found[2], found[3], found[0]), _BETWEEN.sub(r"\1", text))


def _decode_word(charset: str, how: str, content: str, whole: str) -> str:
    try:
        raw = content.encode("ascii")
        if how in "bB":
            decoded = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        else:
            decoded = quopri.decodestring(raw.replace(b"_", b" "), header=False)
    except (ValueError, binascii.Error):
        return whole
    return decode_bytes(decoded, charset.split("*", 1)[0])


def clean(text: str) -> str:
    """Words that a database and a page can hold: no control characters but line break and tab, no half characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return text.translate(_GONE)


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff"

"""What our own mail server found out about a sender (RFC 8601). Nobody else's word counts: anyone can write this header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from troth.inbox.rules.incoming import Dmarc

_METHOD = re.compile(r"dmarc[ \t]*(?:/[ \t]*1)?[ \t]*=[ \t]*([a-z]{1,20})", re.IGNORECASE)
_HEADER_FROM = re.compile(r"header\.from[ \t]*=[ \t]*\"?(?:[^\s;\"@]{0,64}@)?([A-Za-z0-9.-]{1,253})", re.IGNORECASE)
_HARMLESS = re.compile(r"[A-Za-z0-9.@_-]*")


def dmarc_of(lines: Sequence[str], *, trusted: str, from_address: str) -> tuple[Dmarc, bool]:
    """DMARC by the server named *trusted*, and whether one is named. Only its first line counts: the server writes it on top."""
    if not trusted.strip():
        return Dmarc.NONE, False
    for line in lines:
        (server, *results), whole = _parts(line)
        if server.split(" ", 1)[0].strip().lower() != trusted.strip().lower():
            continue
        return _result(results, from_address) if whole else Dmarc.FAIL, True
    return Dmarc.NONE, True


def _result(results: Sequence[str], from_address: str) -> Dmarc:
    found = [part.strip() for part in results if _METHOD.match(part.strip())]
    if len(found) != 1:
        return Dmarc.NONE if not found else Dmarc.FAIL
    method = _METHOD.match(found[0])
    assert method is not None  # it was chosen by this
    word = method[1].lower()
    if word == "none":
        return Dmarc.NONE
    header_from = _HEADER_FROM.search(found[0])
    domain = from_address.rpartition("@")[2].lower()
    if word != "pass" or (header_from is not None and header_from[1].lower().rstrip(".") != domain):
        return Dmarc.FAIL
    return Dmarc.PASS


def _parts(line: str) -> tuple[list[str], bool]:
    """The line cut at its semicolons, and whether every quote and comment in it ends.

    Quotes and comments may hold the sender's own words; of the former only what cannot pass for a result is kept.
    """
    parts: list[str] = [""]
    words: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in line:
        if escaped:
            escaped = False
            words.append(character)
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            if character != '"':
                words.append(character)
                continue
            quoted, said = False, "".join(words)
            parts[-1] += said if _HARMLESS.fullmatch(said) else '""'
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth < 0:
                return parts, False
        elif depth:
            continue
        elif character == '"':
            quoted, words = True, []
        elif character == ";":
            parts.append("")
        else:
            parts[-1] += character
    return parts, not (depth or quoted)

"""What our own mail server found out about a sender (RFC 8601). Nobody else's word counts: anyone can write this header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from troth.inbox.rules.incoming import Dmarc

_METHOD = re.compile(r"dmarc[ \t]*(?:/[ \t]*1)?[ \t]*=[ \t]*([a-z]{1,20})", re.IGNORECASE)
_HEADER_FROM = re.compile(r"header\.from[ \t]*=[ \t]*\"?(?:[^\s;\"@]{0,64}@)?([A-Za-z0-9.-]{1,253})", re.IGNORECASE)


def dmarc_of(lines: Sequence[str], *, trusted: str, from_address: str) -> tuple[Dmarc, bool]:
    """DMARC by the server named *trusted*, and whether one is named. Only its first line counts: the server writes it on top."""
    if not trusted.strip():
        return Dmarc.NONE, False
    for line in lines:
        server, _, results = _without_comments(line).partition(";")
        if server.split(" ", 1)[0].strip().lower() != trusted.strip().lower():
            continue
        return _result(results, from_address), True
    return Dmarc.NONE, True


def _result(results: str, from_address: str) -> Dmarc:
    found = [part.strip() for part in results.split(";") if _METHOD.match(part.strip())]
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


def _without_comments(line: str) -> str:
    kept: list[str] = []
    depth, quoted = 0, False
    for character in line:
        if character == '"' and not depth:
            quoted = not quoted
        if not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(character)
    return "".join(kept).strip()

"""What a letter may be before anything complicated looks at it (reliability T19). One pass over the lines, no recursion."""

from __future__ import annotations

import re
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    size: int = 25 * MIB
    parts: int = 200
    depth: int = 20
    header: int = 64 * 1024
    addresses: int = 2_000
    parameters: int = 200
    html: int = 512 * 1024
    html_depth: int = 200


LIMITS = Limits()


class TooMuch(ValueError):
    """The letter is beyond a limit; it is kept whole and not read."""


_BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,100})\"|([^\s;\"]{1,100}))", re.IGNORECASE)
_ADDRESS_HEADERS = (b"from:", b"sender:", b"reply-to:", b"to:", b"cc:", b"bcc:", b"delivered-to:", b"resent-to:")


def check(raw: bytes, limits: Limits = LIMITS) -> None:
    """Raises TooMuch with a sentence for staff."""
    if len(raw) > limits.size:
        raise TooMuch(f"The letter is larger than {limits.size // MIB} MiB.")
    _check_structure(raw, limits)


def _check_structure(raw: bytes, limits: Limits) -> None:
    boundaries: list[bytes] = []  # open multiparts, outermost first
    places: dict[bytes, int] = {}
    nested = 0  # letters inside letters
    parts = 1
    header: list[bytes] | None = []
    header_size = 0
    start = 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = len(raw) if end < 0 else end + 1
        line = raw[start:end]
        start = end
        if line.startswith(b"--") and boundaries:
            name = line[2:].rstrip()
            closing = name.endswith(b"--") and name not in places
            place = places.get(name[:-2] if closing else name)
            if place is not None:
                keep = place if closing else place + 1
                for gone in boundaries[keep:]:
                    places.pop(gone, None)
                del boundaries[keep:]
                header, header_size = (None, 0) if closing else ([], 0)
                if not closing:
                    parts += 1
                    if parts > limits.parts:
                        raise TooMuch(f"The letter has more than {limits.parts} parts.")
                continue
        if header is None:
            continue
        if line.strip(b"\r\n"):
            header_size += len(line)
            if header_size > limits.header:
                raise TooMuch(f"A header is larger than {limits.header // 1024} KiB.")
            header.append(line)
            continue
        boundary, holds_letter = _read_header(header, limits)
        header, header_size = ([], 0) if holds_letter else (None, 0)
        if holds_letter:
            nested += 1
            parts += 1
        if boundary is not None:
            places[boundary] = len(boundaries)
            boundaries.append(boundary)
        if len(boundaries) + nested > limits.depth:
            raise TooMuch(f"The letter is nested deeper than {limits.depth}.")
        if parts > limits.parts:
            raise TooMuch(f"The letter has more than {limits.parts} parts.")
    if header:
        _read_header(header, limits)


def _read_header(lines: list[bytes], limits: Limits) -> tuple[bytes | None, bool]:
    """The boundary that a header opens, if any, and whether a whole letter follows it."""
    boundary, holds_letter, addresses = None, False, 0
    for field in _fields(lines):
        start = field[:40].lower()
        if start.startswith(_ADDRESS_HEADERS):
            addresses += 1 + field.count(b",") + field.count(b";")
            if addresses > limits.addresses:
                raise TooMuch(f"The letter names more than {limits.addresses} addresses.")
        if start.startswith((b"content-type:", b"content-disposition:")):
            if field.count(b";") > limits.parameters:
                raise TooMuch(f"A header has more than {limits.parameters} parameters.")
            if start.startswith(b"content-type:"):
                kind = start[13:].strip()
                if kind.startswith(b"multipart/"):
                    found = _BOUNDARY.search(field)
                    boundary = (found[1] or found[2]).rstrip() if found else None
                holds_letter = kind.startswith((b"message/rfc822", b"message/global"))
    return boundary, holds_letter


def _fields(lines: list[bytes]) -> list[bytes]:
    """Header lines put together where one was folded."""
    fields: list[list[bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1].append(line)
        else:
            fields.append([line])
    return [b"".join(parts) for parts in fields]

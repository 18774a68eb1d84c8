"""Addresses in a header, read in one pass. The standard library's readers recurse on `((((`, and some are too kind."""

from __future__ import annotations

from dataclasses import dataclass

from troth.words.addresses import is_sound


@dataclass(frozen=True)
class Found:
    name: str
    address: str  # empty where there is no sound one
    in_group: bool = False


def read_addresses(header: str, *, limit: int = 2_000) -> list[Found]:
    """Everything the header names, in order; what is no sound address keeps its text as a name only."""
    found: list[Found] = []
    in_group = False
    for piece, ended_by in _pieces(header):
        if ended_by == ":":
            in_group = True
            continue
        one = _read_one(piece, in_group)
        if one is not None:
            found.append(one)
        if ended_by == ";":
            in_group = False
            if one is None:
                found.append(Found(name="", address="", in_group=True))
        if len(found) >= limit:
            break
    return found


def _pieces(header: str) -> list[tuple[str, str]]:
    """The header cut at commas, colons and semicolons that stand outside quotes, angles and comments; comments left out."""
    pieces: list[tuple[str, str]] = []
    now: list[str] = []
    comments, quoted, angled, escaped = 0, False, False, False
    for character in header:
        if escaped:
            escaped = False
            if not comments:
                now.append(character)
        elif character == "\\" and (quoted or comments):
            escaped = True
            if quoted:
                now.append(character)
        elif comments:
            comments += (character == "(") - (character == ")")
        elif quoted:
            quoted = character != '"'
            now.append(character)
        elif character == '"':
            quoted = True
            now.append(character)
        elif character == "(":
            comments = 1
        elif character == "<" and not angled:
            angled = True
            now.append(character)
        elif character == ">" and angled:
            angled = False
            now.append(character)
        elif character in ",:;" and not angled:
            pieces.append(("".join(now), character))
            now = []
        else:
            now.append(character)
    pieces.append(("".join(now), ""))
    return pieces


def _read_one(piece: str, in_group: bool) -> Found | None:
    piece = piece.strip()
    if not piece:
        return None
    name, address = "", piece
    if piece.endswith(">"):
        start = piece.rfind("<")
        name, address = piece[:start].strip(), piece[start + 1 : -1].strip()
        if "<" in name.replace('"', "").replace("\\", "") and not name.startswith('"'):
            address = ""  # two addresses in angles: it is not for us to choose
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = name[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not is_sound(address):
        return Found(name=name or address, address="", in_group=in_group)
    local, _, domain = address.rpartition("@")
    return Found(name=name, address=f"{local}@{domain.lower()}", in_group=in_group)

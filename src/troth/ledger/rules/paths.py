"""What the log's resources are called (c2sp.org/tlog-tiles), for whoever serves them and whoever fetches them; pure.

Each thing has one name and no other: with leading zeros or empty groups it would be cached many times over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from troth.ledger.rules.tree import WIDTH, Tile

#: The level under which stand the entries themselves instead of hashes.
ENTRIES = "entries"
#: No tree is higher: a level more for each 8 of the 63 bits that a size may have.
LEVELS_MOST = 64

_PLACE = re.compile(r"((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class NotAPlace(ValueError):
    """The path names no tile."""


class Place(NamedTuple):
    """The tile *number* of its level, and how many of its hashes or entries are meant: 256 where it is full."""

    number: int
    width: int


def tile_path(tile: Tile, width: int = WIDTH) -> str:
    """`tile/0/x001/234.p/12`."""
    return f"tile/{tile.level}/{place_path(Place(tile.number, width))}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """`tile/entries/x001/234.p/12`."""
    return f"tile/{ENTRIES}/{place_path(Place(number, width))}"


def place_path(place: Place) -> str:
    """`x001/234.p/12`; the part after the dot only where the tile is not full."""
    if place.number < 0 or not 0 < place.width <= WIDTH:
        raise NotAPlace(f"There is no tile {place.number} with {place.width} hashes.")
    digits = str(place.number)
    groups = f"{place.number:0{-(-len(digits) // 3) * 3}}"
    parts = [groups[at : at + 3] for at in range(0, len(groups), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if place.width == WIDTH else f"{path}.p/{place.width}"


def place_of(path: str) -> Place:
    """The place that *path* names, if that is its one name; raises NotAPlace."""
    found = _PLACE.fullmatch(path)
    if found is None:
        raise NotAPlace("A tile is named by groups of three digits, all but the last behind an x.")
    place = Place(int(found[1].replace("x", "").replace("/", "") + found[2]), int(found[3] or WIDTH))
    if place.width > WIDTH or place_path(place) != path:
        raise NotAPlace("This is not the one name of this tile.")
    return place


def level_of(text: str) -> int:
    """The level of a tile; raises NotAPlace."""
    if not re.fullmatch("0|[1-9][0-9]?", text) or int(text) >= LEVELS_MOST:
        raise NotAPlace("The level of a tile is a number from 0 to 63.")
    return int(text)

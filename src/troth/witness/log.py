"""A log as others see it: its head, its tiles, its entries and its keys, fetched from its address (c2sp.org/tlog-tiles).

Everything it gives is of the right shape; whether it is true is for `audit` to find out.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable

from troth.ledger.rules import paths
from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.note import ED25519, NOTE_BYTES_MOST, NotAKey, NotANote, Verifier
from troth.ledger.rules.tree import HASH_BYTES, WIDTH, Tile, width
from troth.witness.fetch import FetchFailed, NotThere, Site
from troth.witness.rules import bundles
from troth.witness.rules.head import Head
from troth.witness.rules.plain import plain

CHECKPOINT = "checkpoint"
KEYS = "keys"
#: More keys than any log has had.
KEYS_MOST = 64
#: A tree of 2^63 leaves needs no more.
PROOF_MOST = 63


class Log:
    """The log below the address of *site*."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._kept: dict[tuple[Tile, int], bytes] = {}

    def head(self) -> Head:
        """The newest head it shows; raises FetchFailed."""
        raw = self.site.get(CHECKPOINT, most=NOTE_BYTES_MOST)
        try:
            return Head.from_text(raw.decode())
        except (NotANote, NotACheckpoint, UnicodeDecodeError) as error:
            raise FetchFailed(
                f"{self.site.url}/{CHECKPOINT} is no signed head of a log. {plain(str(error))}"
            ) from error

    def keys(self) -> list[Verifier]:
        """The keys it says are its own, newest first; none where it publishes none. Each line begins with a key."""
        try:
            raw = self.site.get(KEYS, most=NOTE_BYTES_MOST)
        except NotThere:
            return []
        found = []
        for line in raw.decode("utf-8", "replace").splitlines()[:KEYS_MOST]:
            try:
                key = Verifier.from_text((line.split() or [""])[0])
            except NotAKey:
                continue
            if key.algorithm == ED25519:
                found.append(key)
        return found

    def tiles(self, wanted: Iterable[Tile], *, size: int) -> dict[Tile, bytes]:
        """These tiles as they are in the tree of *size*; raises FetchFailed."""
        return {tile: self._tile(tile, width(tile, size)) for tile in sorted(wanted)}

    def forget(self) -> None:
        """Let go of the tiles that were fetched."""
        self._kept.clear()

    def _tile(self, tile: Tile, wide: int) -> bytes:
        if (tile, wide) not in self._kept:
            raw = self._part(paths.tile_path(tile, wide), paths.tile_path(tile), most=WIDTH * HASH_BYTES)
            if len(raw) not in {wide * HASH_BYTES, WIDTH * HASH_BYTES}:
                where = f"{self.site.url}/{paths.tile_path(tile, wide)}"
                raise FetchFailed(f"{where}: the tile has {len(raw)} bytes and not {wide * HASH_BYTES}.")
            self._kept[tile, wide] = raw[: wide * HASH_BYTES]
        return self._kept[tile, wide]

    def entries(self, number: int, *, size: int) -> list[bytes]:
        """The entries of tile *number* of level 0 in the tree of *size*; raises FetchFailed."""
        wide = width(Tile(0, number), size)
        where = paths.entries_path(number, wide)
        raw = self._part(where, paths.entries_path(number), most=bundles.LARGEST)
        for count in dict.fromkeys((wide, WIDTH)):
            try:
                return bundles.entries_of(raw, count)[:wide]
            except bundles.NotABundle as error:
                wrong = error
        raise FetchFailed(f"{self.site.url}/{where}: {wrong}")

    def consistency(self, old: int, new: int) -> list[bytes] | None:
        """The proof it offers ready made; None where it offers none. Raises FetchFailed."""
        try:
            raw = self.site.get(_consistency_path(old, new), most=64 * (PROOF_MOST + 1))
        except NotThere:
            return None
        lines = raw.decode("ascii", "replace").split()
        if len(lines) > PROOF_MOST or not all(re.fullmatch("[A-Za-z0-9+/]{43}=", line) for line in lines):
            raise FetchFailed(f"{self.site.url}/{_consistency_path(old, new)} is no proof.")
        return [b64decode(line) for line in lines]

    def _part(self, part: str, full: str, *, most: int) -> bytes:
        """What lies at *part*, or at *full*: a log need not keep the parts of what has become full."""
        try:
            return self.site.get(part, most=most)
        except NotThere:
            if part == full:
                raise
            return self.site.get(full, most=most)


def _consistency_path(old: int, new: int) -> str:
    """Of Troth, beside what tlog-tiles asks for: the proof in one file."""
    return f"consistency/{old}/{new}"

"""Reading every entry of a log and computing its root anew: in a stream, from where it was left, a bundle at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from troth.ledger.rules.tree import EMPTY, HASH_BYTES, WIDTH, Tile, leaf_hash, node_hash, root_of_leaves, width
from troth.witness.log import Log
from troth.witness.rules import findings
from troth.witness.rules.bundles import Odd, is_ours, look_over
from troth.witness.rules.findings import Finding
from troth.witness.rules.head import Head
from troth.witness.state import Read

#: What was read is remembered this often, by the clock.
SAVED_EVERY_SECONDS = 5.0
SHOWN_MOST = 5

Save = Callable[[Read], None]
Tell = Callable[[int, int], None]


@dataclass
class _Oddities:
    """What was odd: how many, and the first few."""

    count: int = 0
    shown: list[Odd] = field(default_factory=list)

    def add(self, more: list[Odd]) -> None:
        self.count += len(more)
        self.shown += more[: SHOWN_MOST - len(self.shown)]


def read_entries(
    log: Log, head: Head, read: Read, *, now: datetime, save: Save, tell: Tell
) -> tuple[list[Finding], Read]:
    """Read the entries of *head* from *read* on: what was found, and how far to begin the next time.

    Each bundle is held against the tile above it, so that a changed entry is named to within 256; and all together against the
    root that was signed, so that tiles changed along with it help nobody. *save* is told from time to time how far it came, *tell*
    how many are done of how many. While something is odd nothing is remembered: it is told again the next time.
    """
    began, saved = read, time.monotonic()
    odd = _Oddities()
    at_edge: list[bytes] = []
    for number in range(read.count // WIDTH, -(-head.size // WIDTH)):
        entries = log.entries(number, size=head.size)
        ours, latest = is_ours(entries[0]) if read.ours is None else read.ours, read.latest
        if ours:
            more, latest = look_over(entries, first=number * WIDTH, latest=read.latest, now=now)
            odd.add(more)
        leaves = [leaf_hash(entry) for entry in entries]
        if not _is_sealed(log, number, leaves, size=head.size):
            return [findings.entries_wrong(number * WIDTH, number * WIDTH + len(leaves) - 1)], began
        if len(leaves) == WIDTH:
            subtrees = _pushed(read.subtrees, number, root_of_leaves(leaves))
            read = Read((number + 1) * WIDTH, subtrees, latest, ours)
        else:
            at_edge = [root_of_leaves(leaves)]
        tell(min((number + 1) * WIDTH, head.size), head.size)
        if time.monotonic() - saved > SAVED_EVERY_SECONDS and not odd.count:
            save(read)
            saved = time.monotonic()
    if _root([*read.subtrees, *at_edge]) != head.root:
        return [findings.entries_wrong(0, head.size - 1)], Read()
    if odd.count:
        return [findings.entries_odd(odd.count, [f"entry {one.index} {one.words}" for one in odd.shown])], began
    return [findings.entries_well(head.size - began.count, head.size, ours=bool(read.ours))], read


def _is_sealed(log: Log, number: int, leaves: list[bytes], *, size: int) -> bool:
    """Whether these are the leaves of tile *number*: a whole tile has its hash in the tile above, the last one is fetched itself."""
    if len(leaves) < WIDTH:
        tile = Tile(0, number)
        return log.tiles([tile], size=size)[tile] == b"".join(leaves)
    tile, place = Tile(1, number // WIDTH), number % WIDTH * HASH_BYTES
    assert width(tile, size) > number % WIDTH
    return log.tiles([tile], size=size)[tile][place : place + HASH_BYTES] == root_of_leaves(leaves)


def _pushed(subtrees: tuple[bytes, ...], number: int, root: bytes) -> tuple[bytes, ...]:
    """The whole subtrees of the tree of tiles once tile *number* (from 0) with *root* has joined: as in adding one in binary."""
    found = [*subtrees, root]
    while number & 1:
        right = found.pop()
        found[-1] = node_hash(found[-1], right)
        number >>= 1
    return tuple(found)


def _root(subtrees: list[bytes]) -> bytes:
    if not subtrees:
        return EMPTY
    found = subtrees.pop()
    while subtrees:
        found = node_hash(subtrees.pop(), found)
    return found

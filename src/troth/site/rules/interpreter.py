"""Which faults this Python is known to have in what we read mail and requests with; pure.

Only patch releases are told apart: a distribution may have mended a fault without giving it another number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A fault of the standard library, and the first patch release of each line that is free of it."""

    module: str
    name: str
    what: str
    mended_in: Mapping[tuple[int, int], int]


FAULTS = (
    Fault(
        "email",
        "CVE-2023-27043",
        "takes the wrong part of a header for the address of the sender",
        {(3, 11): 10, (3, 12): 6},
    ),
    Fault("email", "CVE-2024-6923", "lets a line break into a header it writes", {(3, 11): 10, (3, 12): 5}),
    Fault("http", "CVE-2024-7592", "reads some cookies ever more slowly", {(3, 11): 10, (3, 12): 6}),
    Fault(
        "http",
        "CVE-2025-13836",
        "fills the memory at the word of the other side",
        {(3, 11): 15, (3, 12): 13, (3, 13): 11, (3, 14): 2},
    ),
)


def faults_of(version: tuple[int, int, int]) -> list[Fault]:
    """What is known of this Python; nothing of lines younger than each fault."""
    line, patch = version[:2], version[2]
    return [fault for fault in FAULTS if patch < fault.mended_in.get(line, 0)]


def mended_by(version: tuple[int, int, int]) -> str:
    """The first release of this line without any of them, such as 3.11.15."""
    line = version[:2]
    patch = max((fault.mended_in.get(line, 0) for fault in FAULTS), default=0)
    return f"{line[0]}.{line[1]}.{max(patch, version[2])}"

"""References to things in other rooms: a kind and a number, `"case:12"`; how a low room names a high one."""

from __future__ import annotations


class NotAReference(ValueError):
    """A text that is not `kind:number`."""


def ref(kind: str, number: int) -> str:
    """`ref("case", 12)` is `"case:12"`."""
    return f"{kind}:{number}"


def number_of(reference: str, kind: str) -> int:
    """The number in *reference*, which must be of *kind*; raises NotAReference."""
    found, _, number = reference.partition(":")
    if found != kind or not number.isdecimal():
        raise NotAReference(f"{reference!r} is not a reference to a {kind}.")
    return int(number)

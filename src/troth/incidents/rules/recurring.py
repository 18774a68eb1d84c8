"""Whether a complaint may be the same failing once more: by its cause, its product, its place, and how like its words are; pure.

A finder that cries wolf is switched off, and one that waits to be sure finds nothing. So there are two degrees: what is strong is
asked of a person at once, above everything else on Today; what is weak stands on the page of the incident, for whoever looks.
The same cause is asked for in both, for it is what the promise was about; product and place tell two incidents of one cause apart;
and the words decide where neither is known (the more alike, the more a second failing weighs: Maxham & Netemeyer 2002).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from troth.words.causes import Cause

#: From how alike on the words are evidence, and from how alike on they are strong evidence without product or place.
#: Cosines of what was read (`reading.embedding`), set by judgement and not fitted: measured on public complaints no threshold tells
#: a failing well from its neighbours (docs/benchmarks.md). So words alone never decide anything: they ask a person, who does.
ALIKE, VERY_ALIKE = 0.60, 0.80
#: "Other" is no cause of which two complaints could have the same.
NO_CAUSE = frozenset({"", Cause.OTHER})


class Reason(StrEnum):
    """By what a recurrence is known."""

    CAUSE = "cause"
    PRODUCT = "product"
    PLACE = "place"
    SIMILAR = "similar"
    #: A person says so.
    HAND = "hand"


@dataclass(frozen=True)
class Watched:
    """What is watched for; what is empty is not known, or of every product and place."""

    cause: str = ""
    product: str = ""
    place: str = ""


@dataclass(frozen=True)
class Heard:
    """What is known of one complaint."""

    causes: frozenset[str]
    #: Subject and words.
    text: str
    #: What the customer ordered lately, and where to; empty where nothing is known of it.
    products: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    #: How alike it is to the words of the most similar complaint of the incident: a cosine; None where it was not measured.
    likeness: float | None = None
    #: What was read is sure: staff said so, or the reading is confident enough to act on by itself.
    is_sure: bool = False


@dataclass(frozen=True)
class Found:
    """That it may be the same, and by what."""

    why: tuple[Reason, ...]
    is_strong: bool


def found(watched: Watched, heard: Heard) -> Found | None:
    """Whether *heard* may be the same thing once more; None where nothing speaks for it, or something against it."""
    product = same(watched.product, ordered=heard.products, text=heard.text)
    place = same(watched.place, ordered=heard.places, text=heard.text)
    if product is False or place is False:  # known to be another
        return None
    alike = heard.likeness is not None and heard.likeness >= ALIKE
    very_alike = heard.likeness is not None and heard.likeness >= VERY_ALIKE
    cause_known = watched.cause not in NO_CAUSE
    cause = cause_known and watched.cause in heard.causes
    if cause_known and not cause:
        return None
    why = [
        reason
        for reason, holds in (
            (Reason.CAUSE, cause), (Reason.PRODUCT, product), (Reason.PLACE, place), (Reason.SIMILAR, alike)
        )
        if holds
    ]  # fmt: skip
    tells = bool(set(why) & {Reason.PRODUCT, Reason.PLACE, Reason.SIMILAR})
    # The cause alone: half of all complaints have it. It is enough only where nothing else is watched for.
    if not tells and (not cause or watched.product or watched.place):
        return None
    if not cause and not alike:  # without a cause the words have to say it
        return None
    narrow = bool(product or place) or very_alike
    return Found(why=tuple(why), is_strong=cause and narrow and heard.is_sure)


def same(wanted: str, *, ordered: Iterable[str], text: str) -> bool | None:
    """Whether it is about *wanted*: the words say so, or the orders do. None where nothing is asked for or nothing known.

    What somebody ordered besides tells nothing against it: they may complain of any of it. Only who bought nothing but other
    things, and names none of it, complains of something else.
    """
    if not wanted:
        return None
    known = {plain(name) for name in ordered if name}
    if plain(wanted) in known or names(wanted, text):
        return True
    return False if known else None


def names(wanted: str, text: str) -> bool:
    """Whether *text* names it, as words of their own, however they are written."""
    return re.search(rf"(?<!\w){re.escape(plain(wanted))}(?!\w)", plain(text)) is not None


def plain(text: str) -> str:
    """Without differences of case and of spaces."""
    return " ".join(text.casefold().split())


def alike(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two unit vectors; nothing where either is missing."""
    return sum(a * b for a, b in zip(one, other, strict=True)) if one and len(one) == len(other) else 0.0


def most_alike(one: Sequence[float], others: Iterable[Sequence[float]]) -> float | None:
    """How alike *one* is to the most similar of *others*; None where there is nothing to compare."""
    compared = [alike(one, other) for other in others if one and len(one) == len(other)]
    return max(0.0, min(1.0, max(compared))) if compared else None

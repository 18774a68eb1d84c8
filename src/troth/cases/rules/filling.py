"""One text for many customers: `{name}`, `{case}`, `{promised}`, `{due}`, `{order}` and `{subject}` filled in for each; pure.

What cannot be filled in is told and nothing is put in its place, but for words the writer gives themselves: `{name|there}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: What can be filled in.
PLACES = ("name", "case", "subject", "promised", "due", "order")
_PLACE = re.compile(r"\{([A-Za-z_]+)(?:\|([^{}\n]*))?\}")
#: How customers name an order: a word for it, perhaps "no." or "#", and signs with a figure among them. A few spaces between:
#: without an end to them a customer's hundred thousand would be looked through for each of them.
_ORDER = re.compile(
    r"\b(?:orders?|booking|invoice|parcel|reference|bestellung|commande|pedido)"
    r"(?:\s{1,4}(?:no|nr|number|ref|id)\b\.?)?\s{0,4}[:#]?\s{0,4}#?((?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{2,23})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Filled:
    text: str
    #: What the text asks for and nobody knows of this customer.
    missing: tuple[str, ...]


def fill(text: str, known: Mapping[str, str]) -> Filled:
    """*text* with what is known put in; what is filled in is never read as a place again."""
    missing: list[str] = []

    def put(place: re.Match[str]) -> str:
        name, instead = place[1], place[2]
        if value := known.get(name, ""):
            return value
        if instead is not None:
            return instead
        missing.append(name)
        return place[0]

    return Filled(_PLACE.sub(put, text), tuple(dict.fromkeys(missing)))


def places_in(text: str) -> frozenset[str]:
    """What *text* asks for."""
    return frozenset(place[1] for place in _PLACE.finditer(text))


def unknown(text: str) -> tuple[str, ...]:
    """The places in *text* that nothing can be filled into."""
    return tuple(dict.fromkeys(place[1] for place in _PLACE.finditer(text) if place[1] not in PLACES))


def order_in(texts: Iterable[str]) -> str:
    """The order the customer named last, *texts* newest first; empty where they named none, or two in one text."""
    for text in texts:
        named = {found.group(1).upper() for found in _ORDER.finditer(text)}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""

"""A message's reading as it counts: what staff said where they said something, else what was read."""

from __future__ import annotations

from collections.abc import Iterable

from troth.cases.models import Correction, Message
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field, corrected
from troth.reading import Reading


def as_corrected(message: Message, holding: Iterable[Correction], *, text: str = "") -> Reading:
    """What counts, with the corrections that hold; *text* is wanted only for the words of requests."""
    return corrected(kept.from_plain(message.reading, text=text), {Field(row.field): row.said for row in holding})


def standing(message: Message, holding: Iterable[Correction]) -> str:
    """Names how a message's reading stands, so that a form can say what its sender had seen."""
    return "~".join([kept.from_plain(message.reading).version, *(str(pk) for pk in sorted(row.pk for row in holding))])

"""What a reading fills into its case: only what is sure enough; the rest is a hint to whoever reads the message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from troth.reading import Reading
from troth.words.emotions import HURT
from troth.words.messages import Kind


@dataclass(frozen=True)
class Filled:
    """The fields of a case as one message fills them; empty where it is not sure enough."""

    kind: str
    cause: str
    emotion: str
    urgency: str


def filled(read: Reading) -> Filled:
    return Filled(
        kind=(read.kind.value if read.kind and read.kind.is_confident else Kind.ENQUIRY).value,
        cause=read.cause or "",
        emotion=felt(read),
        urgency=read.urgency.value if read.urgency and read.urgency.is_confident else "",
    )


def felt(read: Reading) -> str:
    """The emotion shown most; empty if none is, or none surely enough."""
    return next((found.value.value for found in read.emotions if found.is_confident), "")


def felt_in_all(felt_first_to_last: Iterable[str]) -> str:
    """How the customer feels after these messages: hurt stays until it is shown otherwise, never taken back by silence."""
    told = list(felt_first_to_last)
    return next((one for one in reversed(told) if one in HURT), told[0] if told else "")

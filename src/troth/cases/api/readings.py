"""A message's reading as other programs are told it, and what they say of it for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from troth.cases.models import Correction, Message
from troth.cases.readings import as_corrected, standing
from troth.cases.rules import corrections as rules
from troth.cases.rules.corrections import findings
from troth.people.operations import Asked, Told
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy


class FoundTold(Told):
    value: str
    confidence: Annotated[float, Field(description="From 0 to 1; below 0.6 it is a hint. 1 where staff said it.")]
    spans: Annotated[list[tuple[int, int]], Field(description="Where in `text` the words are that show it.")]


class ReadingTold(Told):
    """What counts: staff's word where they said one, else what was read."""

    version: Annotated[str, Field(description="What read it.")]
    language: Annotated[str, Field(description="ISO 639-1, or `unknown`: then nothing was read.")]
    emotions: list[FoundTold]
    kind: FoundTold | None
    causes: list[FoundTold]
    urgency: FoundTold | None
    remedies: list[FoundTold]
    looked_at: Annotated[list[str], Field(description="The fields that staff confirmed or corrected.")]
    standing: Annotated[str, Field(description="Names how all of this stands; send it back when you correct it.")]


class CorrectionAsked(Asked):
    """What is right of each field you name; what you leave out stays unsaid."""

    emotions: Annotated[list[Emotion] | None, Field(max_length=len(Emotion))] = None
    kind: Kind | None = None
    causes: Annotated[list[Cause] | None, Field(max_length=rules.CAUSES_MAX, description="The main one first.")] = None
    urgency: Urgency | None = None
    remedies: Annotated[list[Remedy] | None, Field(max_length=len(Remedy))] = None
    seen: Annotated[
        str | None, Field(max_length=400, description="The `standing` you looked at; where it is another now, nothing is kept.")
    ] = None  # fmt: skip

    def said(self) -> dict[rules.Field, list[str]]:
        given: dict[rules.Field, Any] = {field: getattr(self, field.value) for field in rules.Field}
        return {
            field: list(value) if isinstance(value, list) else [value]
            for field, value in given.items()
            if value is not None
        }


def reading_told(message: Message, holding: Iterable[Correction]) -> ReadingTold | None:
    """None of what no customer wrote."""
    if message.direction != Message.Direction.INBOUND:
        return None
    rows = list(holding)
    read = as_corrected(message, rows)
    found = {
        field: [
            FoundTold(value=one.value, confidence=one.confidence, spans=[(span.start, span.end) for span in one.spans])
            for one in findings(read, field)
        ]
        for field in rules.Field
    }
    return ReadingTold(
        version=read.version,
        language=read.language,
        emotions=found[rules.Field.EMOTIONS],
        kind=next(iter(found[rules.Field.KIND]), None),
        causes=found[rules.Field.CAUSES],
        urgency=next(iter(found[rules.Field.URGENCY]), None),
        remedies=found[rules.Field.REMEDIES],
        looked_at=sorted(row.field for row in rows),
        standing=standing(message, rows),
    )

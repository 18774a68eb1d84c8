"""How what was read in a message is said to staff."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.cases.models import Message
from troth.cases.queries import Said
from troth.cases.rules import kept
from troth.cases.rules.corrections import WORDS, Field, corrected, findings
from troth.reading import CONFIDENT, Reading
from troth.words.causes import Cause
from troth.words.emotions import HURT, Emotion
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy

#: From here on a finding is called sure.
SURE = 0.85


def field_words(field: Field) -> str:
    return {
        Field.EMOTIONS: _("Emotion"),
        Field.KIND: _("Kind"),
        Field.CAUSES: _("Cause"),
        Field.URGENCY: _("Urgency"),
        Field.REMEDIES: _("Remedy sought"),
    }[field]


def value_words(field: Field, value: str) -> str:
    """A value as staff say it; one that is not in the list any more as it is written."""
    return _value_words(field, get_language()).get(value, value)


@lru_cache(maxsize=64)
def _value_words(field: Field, language: str | None) -> dict[str, str]:
    """Kept for each language: a page asks for many words, and each asks the catalogue."""
    words: dict[Field, dict[Any, str]] = {
        Field.EMOTIONS: {
            Emotion.ANGER: _("Angry"),
            Emotion.DISGUST: _("Disgusted"),
            Emotion.FEAR: _("Worried"),
            Emotion.JOY: _("Pleased"),
            Emotion.SADNESS: _("Disappointed"),
            Emotion.SURPRISE: _("Surprised"),
        },
        Field.KIND: {
            Kind.ENQUIRY: _("Enquiry"),
            Kind.SUGGESTION: _("Suggestion"),
            Kind.COMPLAINT: _("Complaint"),
            Kind.COMPLIMENT: _("Compliment"),
        },
        Field.CAUSES: {
            Cause.LATE: _("Late"),
            Cause.NEVER_DELIVERED: _("Never delivered"),
            Cause.POOR_QUALITY: _("Poor quality"),
            Cause.NOT_AS_DESCRIBED: _("Not as described"),
            Cause.TREATED_POORLY: _("Treated poorly"),
            Cause.HIDDEN_FEE: _("Hidden fee"),
            Cause.NO_ACKNOWLEDGEMENT: _("No acknowledgement"),
            Cause.SAFETY_OR_BREACH: _("Safety or breach"),
            Cause.OTHER: _("Another cause"),
        },
        Field.URGENCY: {
            Urgency.LOW: _("Low"),
            Urgency.NORMAL: _("Normal"),
            Urgency.HIGH: _("High"),
            Urgency.CRITICAL: _("Critical"),
        },
        Field.REMEDIES: {
            Remedy.REFUND: _("Money back"),
            Remedy.REPLACEMENT: _("A replacement"),
            Remedy.REPAIR: _("A repair"),
            Remedy.DELIVERY: _("Delivery"),
            Remedy.COMPENSATION: _("Compensation"),
            Remedy.CANCELLATION: _("Cancellation"),
            Remedy.APOLOGY: _("An apology"),
            Remedy.EXPLANATION: _("An explanation"),
            Remedy.CONTACT: _("An answer or a call"),
            Remedy.CHANGE: _("That it does not happen again"),
            Remedy.OTHER: _("Something else"),
        },
    }
    return words[field]


def none_words(field: Field) -> str:
    """How nothing of the kind is said."""
    return {
        Field.EMOTIONS: _("No emotion shown"),
        Field.CAUSES: _("No cause named"),
        Field.REMEDIES: _("None named"),
    }.get(field, _("Cannot be told"))


def choices(field: Field) -> list[tuple[str, str]]:
    return [(word.value, value_words(field, word.value)) for word in WORDS[field]]


def sure_words(confidence: float) -> str:
    if confidence >= SURE:
        return _("sure")
    return _("likely") if confidence >= CONFIDENT else _("a guess")


def _unread_words(language: str) -> str:
    name = {"de": _("German"), "es": _("Spanish"), "fr": _("French")}.get(language)
    if name is None:
        return _("Not read: the language is not known")
    return _("Not read: this is %s, and what customers feel and want is read in English") % name


def read_words(read: Reading, *, said: frozenset[Field] | set[Field] = frozenset()) -> list[dict[str, Any]]:
    """The few words beneath a message; what somebody *said* is marked as such, and a hint asks."""
    if read.is_unread and not said:
        return [{"words": _unread_words(read.language), "tone": None}] if read.version else []
    shown = [(Field.EMOTIONS, found) for found in findings(read, Field.EMOTIONS)[:2]]
    shown += [(Field.CAUSES, found) for found in findings(read, Field.CAUSES)[:1]]
    shown += [(Field.URGENCY, found) for found in findings(read, Field.URGENCY) if found.value in PRESSING]
    shown += [(Field.REMEDIES, found) for found in findings(read, Field.REMEDIES)[:1]]
    return [
        {
            "words": _tag_words(field, found.value) if found.is_confident else _tag_words(field, found.value) + "?",
            "tone": _tone(field, found.value) if found.is_confident else None,
            "sign": "check" if field in said else None,
        }
        for field, found in shown
    ]


PRESSING = frozenset({Urgency.HIGH, Urgency.CRITICAL})


def _tag_words(field: Field, value: str) -> str:
    words = value_words(field, value)
    if field is Field.URGENCY:
        return _("Urgency: %(how)s") % {"how": words}
    return _("Wants: %(what)s") % {"what": words} if field is Field.REMEDIES else words


def _tone(field: Field, value: str) -> str:
    if value in {Emotion.ANGER, Urgency.CRITICAL}:
        return "alarm"
    return "calm" if field in {Field.EMOTIONS, Field.REMEDIES} else "warn"


def felt_words(thread: Sequence[Said]) -> dict[str, Any] | None:
    """What the customer shows in what nobody has answered yet: the latest emotion that wants a word, with the words that show it.

    Surprise wants none: who asks how often to do something is asked nothing back about it.
    """
    for said in reversed(thread):
        if said.message.direction == Message.Direction.OUTBOUND:
            return None
        if said.message.direction != Message.Direction.INBOUND:
            continue
        for found in counts(said).emotions[:1]:
            if Emotion(found.value) not in HURT | {Emotion.JOY}:
                continue
            return {
                "words": value_words(Field.EMOTIONS, found.value),
                "tone": {Emotion.JOY: "calm", Emotion.ANGER: "alarm"}.get(Emotion(found.value), "warn"),
                "quotes": [said.message.text[span.start : span.end] for span in found.spans[:3]],
                "message": said.message.pk,
            }
    return None


def counts(said: Said) -> Reading:
    """The reading of a message that counts, staff's word before ours."""
    return corrected(kept.from_plain(said.message.reading), said.corrections)

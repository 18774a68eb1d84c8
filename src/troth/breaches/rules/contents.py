"""What must stand in what we tell the authority and the people concerned, and what is missing in it; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from troth.breaches.rules.clock import report_by


class Field(StrEnum):
    """What GDPR 33(3) asks a report to say."""

    NATURE = "nature"  # (a)
    PEOPLE = "people"  # (a): categories
    PEOPLE_COUNT = "people_count"  # (a): about how many
    RECORDS = "records"
    RECORDS_COUNT = "records_count"
    CONTACT = "contact"  # (b)
    CONSEQUENCES = "consequences"  # (c)
    MEASURES = "measures"  # (d)


#: What can be said later (GDPR 33(4)). What happened and whom to ask are known by whoever writes at all.
CAN_FOLLOW = frozenset(Field) - {Field.NATURE, Field.CONTACT}
NUMBERS = frozenset({Field.PEOPLE_COUNT, Field.RECORDS_COUNT})


class Lack(StrEnum):
    """What else a report cannot leave without."""

    FOLLOWS_BY = "follows_by"
    REASON_FOR_DELAY = "reason_for_delay"
    AUTHORITY = "authority"
    HOW = "how"


@dataclass(frozen=True)
class Draft:
    """A report as far as it is written."""

    phase: int
    values: Mapping[Field, str | int | None]
    to_follow: Collection[str]
    follows_by: datetime | None
    reason_for_delay: str
    has_authority: bool
    how: str


def missing(draft: Draft, *, aware_at: datetime, now: datetime) -> list[Field | Lack]:
    """What it cannot be sent without at *now*, in the order of the form; empty where it can be."""
    found: list[Field | Lack] = [field for field in Field if not _is_said(draft, field)]
    if draft.to_follow and (draft.follows_by is None or draft.follows_by <= now):
        found.append(Lack.FOLLOWS_BY)
    if is_delayed(draft.phase, aware_at=aware_at, now=now) and not draft.reason_for_delay.strip():
        found.append(Lack.REASON_FOR_DELAY)
    if not draft.has_authority:
        found.append(Lack.AUTHORITY)
    if not draft.how.strip():
        found.append(Lack.HOW)
    return found


def is_delayed(phase: int, *, aware_at: datetime, now: datetime) -> bool:
    """Whether the first report leaves after the 72 hours, so that it says why (GDPR 33(1))."""
    return phase == 1 and now > report_by(aware_at)


def _is_said(draft: Draft, field: Field) -> bool:
    if field in draft.to_follow and field in CAN_FOLLOW:
        return True
    value = draft.values.get(field)
    return value is not None if field in NUMBERS else bool(str(value or "").strip())


class Part(StrEnum):
    """What GDPR 34(2) asks the word to the people concerned to say, in clear and plain language."""

    SUBJECT = "subject"
    NATURE = "nature"
    CONSEQUENCES = "consequences"  # 33(3)(c)
    MEASURES = "measures"  # 33(3)(d): what we did and do
    ADVICE = "advice"  # 33(3)(d): to mitigate its possible adverse effects: what they can do
    CONTACT = "contact"  # 33(3)(b)


#: A part of fewer letters says nothing to anybody.
PART_LEAST = 10
SUBJECT_MOST, PART_MOST = 150, 4000


def missing_parts(texts: Mapping[str, Mapping[str, str]]) -> list[tuple[str, Part]]:
    """What is missing in which language; every language in which anything was written must be whole."""
    begun = {language: parts for language, parts in texts.items() if any(said.strip() for said in parts.values())}
    if not begun:
        return [("", part) for part in Part]
    return [
        (language, part)
        for language, parts in begun.items()
        for part in Part
        if len(parts.get(part, "").strip()) < (1 if part is Part.SUBJECT else PART_LEAST)
    ]


def composed(parts: Mapping[str, str], headings: Mapping[Part, str]) -> str:
    """The letter: what happened first, then each part under its heading."""
    order = [Part.NATURE, Part.CONSEQUENCES, Part.MEASURES, Part.ADVICE, Part.CONTACT]
    return "\n\n".join(f"{headings[part]}\n{parts[part].strip()}" for part in order)


#: What stands above each part, in the languages that people can be told in.
HEADINGS: Mapping[str, Mapping[Part, str]] = {
    "en": {
        Part.NATURE: "What happened", Part.CONSEQUENCES: "What may come of it",
        Part.MEASURES: "What we have done and are doing", Part.ADVICE: "What you can do", Part.CONTACT: "Whom you can ask",
    },
    "de": {
        Part.NATURE: "Was geschehen ist", Part.CONSEQUENCES: "Was daraus entstehen kann",
        Part.MEASURES: "Was wir getan haben und tun", Part.ADVICE: "Was Sie tun können",
        Part.CONTACT: "Wen Sie fragen können",
    },
    "fr": {
        Part.NATURE: "Ce qui s’est passé", Part.CONSEQUENCES: "Ce qui peut en résulter",
        Part.MEASURES: "Ce que nous avons fait et faisons", Part.ADVICE: "Ce que vous pouvez faire",
        Part.CONTACT: "À qui vous adresser",
    },
    "es": {
        Part.NATURE: "Qué ha ocurrido", Part.CONSEQUENCES: "Qué consecuencias puede tener",
        Part.MEASURES: "Qué hemos hecho y estamos haciendo", Part.ADVICE: "Qué puede hacer usted",
        Part.CONTACT: "A quién puede preguntar",
    },
}  # fmt: skip
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}

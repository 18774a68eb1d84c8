"""What those who were hurt are told once it has held, and how it begins to be told that it came back; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

LANGUAGES = ("en", "de")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_DAYS = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}"}
_SUBJECTS = {"en": "It has not happened again: {title}", "de": "Es ist nicht wieder vorgekommen: {title}"}
_WORDS = {
    "en": """We wrote to you about this: {title}.

We gave you our word that it does not happen again, and we have watched for it until {until}. It has not come back.

If you saw it otherwise, please answer this letter: a person reads it.""",
    "de": """Wir haben Ihnen hierüber geschrieben: {title}.

Wir haben Ihnen unser Wort gegeben, dass es nicht wieder vorkommt, und bis zum {until} darauf geachtet. Es kam nicht wieder vor.

Wenn Sie es anders erlebt haben, antworten Sie bitte auf diesen Brief: Ein Mensch liest ihn.""",
}


def held_texts(languages: Iterable[str], *, title: str, until: datetime, zone: str) -> dict[str, tuple[str, str]]:
    """Subject and words in those of *languages* that are known, in their order; in English where none is."""
    known = [language for language in dict.fromkeys(languages) if language in LANGUAGES] or ["en"]
    return {
        language: (
            _SUBJECTS[language].format(title=title),
            _WORDS[language].format(title=title, until=day_words(until, zone=zone, language=language)),
        )
        for language in known
    }


def day_words(at: datetime, *, zone: str, language: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    month = _MONTHS[language].split()[local.month - 1]
    return _DAYS[language].format(day=local.day, month=month, year=local.year)


_AGAIN = {"en": "It happened again: {title}", "de": "Es ist wieder vorgekommen: {title}"}
_SORRY = {
    "en": "We gave you our word that this does not happen again. It has, and our word is broken. We are sorry.",
    "de": "Wir haben Ihnen unser Wort gegeben, dass das nicht wieder vorkommt."
    " Es ist doch passiert, und wir haben unser Wort gebrochen. Es tut uns leid.",
}


def again_text(language: str, *, title: str) -> dict[str, str]:
    """What is known already of a letter that says so; the rest a person has to say."""
    return {
        "language": language,
        "subject": _AGAIN.get(language, _AGAIN["en"]).format(title=title),
        "sorry": _SORRY.get(language, ""),
    }

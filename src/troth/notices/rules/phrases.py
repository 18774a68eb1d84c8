"""What stands around a notice's own words, in the language of those words; pure.

The pages speak the language of who works here; a letter speaks its reader's. So these few sentences are kept here for each language
in which notices are written, and in English for every other.
"""

from __future__ import annotations

from dataclasses import dataclass

ENGLISH = "en"


@dataclass(frozen=True)
class Phrases:
    hello: str
    hello_nobody: str
    #: With `happened` and `said`.
    times: str
    page: str
    answer: str


_ENGLISH = Phrases(
    hello="Hello {name},",
    hello_nobody="Hello,",
    times="This concerns {happened}. We wrote it on {said}.",
    page="What concerns you, and how it stands: {page}",
    answer="You can answer this letter; a person reads it.",
)
_BY_LANGUAGE = {
    ENGLISH: _ENGLISH,
    "de": Phrases(
        hello="Guten Tag {name},",
        hello_nobody="Guten Tag,",
        times="Es betrifft {happened}. Geschrieben haben wir es am {said}.",
        page="Was Sie betrifft, und wie es steht: {page}",
        answer="Sie können auf diesen Brief antworten; ein Mensch liest die Antwort.",
    ),
}


def phrases(language: str) -> Phrases:
    """For "de" and "de-AT" alike."""
    return _BY_LANGUAGE.get(language.partition("-")[0].lower(), _ENGLISH)


def chosen_language(wanted: str, written: tuple[str, ...]) -> str:
    """Of the languages a notice was *written* in, the reader's; else the first."""
    plain = wanted.partition("-")[0].lower()
    return next((one for one in written if one.partition("-")[0].lower() == plain), written[0])

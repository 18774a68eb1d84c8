"""Promises in languages that bring their forms as patterns: German, Spanish and French, the common forms.

A sentence is cut into clauses; the words that name a time are blanked first, so that "am Dienstag, den 17. März" cuts
nothing. A clause that begins with an "if" is a condition, one that begins with a "so that" only implies; of every other
clause the first form that fits says whether it promises, who does, and how firmly. What asks, hopes, denies or offers
promises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from troth.reading.due import find_dues
from troth.reading.found import FoundDue, FoundPromise, NearKind, NearPromise
from troth.reading.pieces import Grammar
from troth.reading.sentences import Sentence, own_words, sentences
from troth.words.hours import Hours
from troth.words.promises import Strength

CLAUSES_MAX = 12
WHAT_CHARS_MAX = 90


class Form(NamedTuple):
    """A form of promise. The groups ``i`` and ``we`` (or ``i2``, ``i3``, …) show who promises, if *who* does not."""

    pattern: re.Pattern[str]
    who: str = ""
    strength: Strength = Strength.PROMISE
    timed: bool = False
    """A promise only with a time, be it vague, or a condition."""
    dated: bool = False
    """A promise only with a date."""
    negative: bool = False
    goes_on: bool = False
    """Only after another promise, whose subject it shares."""


@dataclass(frozen=True)
class Speech:
    """How a language promises. All patterns ignore case."""

    grammar: Grammar
    forms: tuple[Form, ...]
    """In the order of their claims."""
    subject: re.Pattern[str]
    """In a clause that names who acts."""
    cuts: re.Pattern[str]
    """What parts clauses; what it matches belongs to neither."""
    condition: re.Pattern[str]
    """Starts a clause on which others hang."""
    condition_inside: re.Pattern[str]
    """A condition without a verb, inside a clause that promises; group ``words``."""
    no_condition: re.Pattern[str]
    """Starts like a condition and is none: "as soon as possible"."""
    purpose: re.Pattern[str]
    """Starts a clause that says what for."""
    complement: re.Pattern[str]
    """Starts a clause that says what is promised, or hoped: "that"."""
    hope: re.Pattern[str]
    """In a clause that wishes or doubts."""
    denial: re.Pattern[str]
    """In a clause that denies."""
    stative: re.Pattern[str]
    """In a clause of what is, was, or can be: nobody's promise."""
    offer: re.Pattern[str]
    implied: re.Pattern[str]
    asks: re.Pattern[str]
    """In a sentence or clause that asks the reader to do something."""
    guaranteed: re.Pattern[str]
    aimed: re.Pattern[str]
    expected: re.Pattern[str]
    vague: re.Pattern[str]
    dangling: re.Pattern[str]
    """Ends the words of a promise from which its time was cut."""

    def promises(self, text: str, *, at: datetime, hours: Hours) -> tuple[FoundPromise, ...]:
        """The promises in a text written by us at the instant *at*, in order."""
        found: list[FoundPromise] = []
        before: Sentence | None = None
        for sentence in sentences(own_words(text)):
            dues = find_dues(sentence.text, at=at, hours=hours, grammar=self.grammar)
            found += self._in_sentence(text, sentence, before, dues)
            before = sentence
        return tuple(found)

    def near(self, text: str, promises: Sequence[FoundPromise]) -> tuple[NearPromise, ...]:
        """The sentences that offer or imply something and promise nothing."""
        taken = {promise.start for promise in promises}
        found = []
        for sentence in sentences(own_words(text)):
            if sentence.start in taken:
                continue
            implied, offered = self.implied.search(sentence.text), self.offer.search(sentence.text)
            if implied or offered:
                kind = NearKind.IMPLIED if implied else NearKind.OFFER
                found.append(NearPromise(kind, text[sentence.start : sentence.end], sentence.start, sentence.end))
        return tuple(found)

    def _in_sentence(
        self, text: str, sentence: Sentence, before: Sentence | None, dues: tuple[FoundDue, ...]
    ) -> Iterator[FoundPromise]:
        said = sentence.text
        if said.endswith("?"):
            return
        claims, conditions = self._claims(said, dues)
        claims = self._joined(claims, len(said), dues, conditions)
        asked = before.text.strip(" ,;:.!") if before is not None and self.asks.search(before.text) else ""
        for n, claim in enumerate(claims):
            end = claims[n + 1].start if n + 1 < len(claims) else len(said)
            due = self._due_of(claim, end, claims[n - 1].end if n else 0, dues, conditions)
            vague = self.vague.search(said, claim.start, end)
            inside = self.condition_inside.search(said, claim.start, end)
            condition = next((said[a:b] for a, b in conditions), inside["words"] if inside else "") or asked
            if due is None and (claim.form.dated or (claim.form.timed and vague is None and not condition)):
                continue
            yield FoundPromise(
                who=claim.who,
                what=self._what(said, claim, due),
                quote=text[sentence.start : sentence.end],
                start=sentence.start,
                end=sentence.end,
                strength=self._strength(said, claim, end),
                condition=condition.strip(" ,;:.!"),
                due=due.due if due else None,
                negative=claim.form.negative,
                vague="" if due or vague is None else vague[0],
            )

    def _joined(
        self, claims: list[_Claim], end: int, dues: tuple[FoundDue, ...], conditions: list[tuple[int, int]]
    ) -> list[_Claim]:
        """Verbs that share a subject are one promise ("I'll check and ring you by 4"), unless each has its own time."""
        joined: list[_Claim] = []
        for n, claim in enumerate(claims):
            if not (joined and claim.shares):
                joined.append(claim)
                continue
            until = claims[n + 1].start if n + 1 < len(claims) else end
            own = self._due_of(claim, until, claim.start, dues, conditions)
            earlier = self._due_of(joined[-1], claim.start, 0, dues, conditions)
            if own is not None and earlier is not None:
                joined.append(claim)
            else:
                joined[-1] = joined[-1]._replace(end=claim.end)
        return joined

    # --- finding them -------------------------------------------------------------------------------------------------

    def _claims(self, said: str, dues: tuple[FoundDue, ...]) -> tuple[list[_Claim], list[tuple[int, int]]]:
        """The clauses that promise, and those on which they hang."""
        masked = _masked(said, dues)
        claims: list[_Claim] = []
        conditions: list[tuple[int, int]] = []
        hoping = False
        for start, end in self._clauses(masked):
            clause = masked[start:end]
            if self.condition.match(clause) and not self.no_condition.match(clause):
                conditions.append((start, end))
                continue
            if self.complement.match(clause) and (hoping or self._promised(claims)):
                claims[-1:] = [claim._replace(end=end) for claim in claims[-1:]]
                continue
            if self.complement.match(clause) and claims and (claims[-1].form.timed or claims[-1].form.dated):
                claims.pop()  # "We remind you that you must pay on Monday."
                continue
            if self.purpose.match(clause):
                continue
            if self.hope.search(clause):
                hoping = True
                continue
            claim = self._claim(clause, start, end, claims)
            if claim is not None:
                claims.append(claim)
            elif self.asks.search(clause):
                conditions.append((start, end))  # "Send us your number and we'll look into it."
        first = claims[0].start if claims else 0
        return claims, [(a, b) for a, b in conditions if a < first or not self.asks.search(said[a:b])]

    def _clauses(self, masked: str) -> Iterator[tuple[int, int]]:
        start, count = 0, 0
        for match in self.cuts.finditer(masked):
            if match.start() > start and count < CLAUSES_MAX:
                yield start + _lead(masked[start : match.start()]), match.start()
                count += 1
            start = match.end()
        if start < len(masked):
            yield start + _lead(masked[start:]), len(masked)

    def _claim(self, clause: str, start: int, end: int, before: list[_Claim]) -> _Claim | None:
        for form in self.forms:
            if form.goes_on and not before:
                continue
            match = form.pattern.search(clause)
            if match is None:
                continue
            if not form.negative and self.denial.search(clause):
                return None
            plain = form.strength is not Strength.GUARANTEE and not form.negative
            if plain and (self.offer.search(clause) or self.stative.search(clause)):
                return None
            who = _who(form, match, before)
            shares = form.goes_on or (
                bool(before) and form is before[-1].form and who == before[-1].who and not self.subject.search(clause)
            )
            return _Claim(form, who, start, end, shares)
        return None

    @staticmethod
    def _promised(claims: list[_Claim]) -> bool:
        return bool(claims) and claims[-1].form.strength in {Strength.GUARANTEE, Strength.AIM}

    def _due_of(
        self,
        claim: _Claim,
        end: int,
        since: int,
        dues: tuple[FoundDue, ...],
        conditions: list[tuple[int, int]],
    ) -> FoundDue | None:
        """The time said in the clause or after it, or before it if no other clause has it; never one of a condition."""
        free = [due for due in dues if not any(a <= due.start < b for a, b in conditions)]
        own = [due for due in free if claim.start <= due.start < end]
        if own:
            return own[-1] if own[-1].due.at >= own[0].due.at else own[0]
        ahead = [due for due in free if since <= due.start < claim.start]
        return ahead[-1] if ahead else None

    # --- saying what they are -----------------------------------------------------------------------------------------

    def _strength(self, said: str, claim: _Claim, end: int) -> Strength:
        if claim.form.strength is not Strength.PROMISE:
            return claim.form.strength
        clause = said[claim.start : end]
        if self.guaranteed.search(said):
            return Strength.GUARANTEE
        if self.aimed.search(clause):
            return Strength.AIM
        return Strength.EXPECT if self.expected.search(clause) else Strength.PROMISE

    def _what(self, said: str, claim: _Claim, due: FoundDue | None) -> str:
        """The clause, without its time, short enough for a list."""
        clause = said[claim.start : claim.end]
        if due is not None and claim.start <= due.start < claim.end:
            lead = self.dangling.sub("", said[claim.start : due.start])
            clause = f"{lead} {said[due.end : claim.end].strip()}"
        clause = " ".join(clause.split()).strip(" ,;:.!")
        if len(clause) > WHAT_CHARS_MAX:
            clause = clause[:WHAT_CHARS_MAX].rsplit(" ", 1)[0] + "…"
        return clause or said[:WHAT_CHARS_MAX]


class _Claim(NamedTuple):
    form: Form
    who: str
    start: int
    """Where its clause starts."""
    end: int
    """Where its clause ends."""
    shares: bool
    """Has it no subject of its own, but that of the clause before?"""


def _who(form: Form, match: re.Match[str], before: list[_Claim]) -> str:
    groups = match.groupdict()
    if any(groups.get(name) for name in ("i", "i2", "i3")):
        return "I"
    if any(groups.get(name) for name in ("we", "we2", "we3")):
        return "we"
    return form.who or (before[-1].who if before else "we")


def _lead(clause: str) -> int:
    return len(clause) - len(clause.lstrip(" ,;:.–—-"))


def _masked(said: str, dues: tuple[FoundDue, ...]) -> str:
    """The sentence with its times blanked: every character of them is ``#``."""
    for due in dues:
        said = said[: due.start] + "#" * (due.end - due.start) + said[due.end :]
    return said


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)

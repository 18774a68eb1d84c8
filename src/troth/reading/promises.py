"""Promises in what the company writes.

A sentence is searched for the clauses that say "will" and for the other forms in which promises are made. "We'll call
you" is a promise; "we'll be happy to check" is an offer and "so we can look into this" implies one (see
`troth.reading.nearly`), "we won't be able to" refuses, "will you call?" asks. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from troth.reading import clauses, forms, pledges
from troth.reading.clauses import CLAUSES_MAX, Clause, Who
from troth.reading.conditions import asks, condition_of
from troth.reading.due import find_dues
from troth.reading.form import Form, pattern
from troth.reading.found import FoundDue, FoundPromise
from troth.reading.pledges import Answer
from troth.reading.sentences import Sentence, own_words, sentences
from troth.reading.wording import denies, strength_of, to_whom, vague_time, what_of
from troth.words.hours import Hours
from troth.words.promises import Strength


def find_promises(text: str, *, at: datetime, hours: Hours) -> tuple[FoundPromise, ...]:
    """The promises in a text written by us at the instant *at*, in order."""
    found: list[FoundPromise] = []
    said = list(sentences(own_words(text)))
    for n, sentence in enumerate(said):
        claims = sorted(_claims(sentence.text), key=lambda claim: claim.verb_start)
        if not claims:
            continue
        before, after = said[max(0, n - 2) : n], said[n + 1 : n + 2]
        dues = find_dues(sentence.text, at=at, hours=hours)
        asked = [*before[-1:], *after]
        for claim, end, due in _standing(claims, sentence.text, asked, dues):
            found.append(_found(text, sentence, claim, end, due, before, after))
    return tuple(found)


class Claim(NamedTuple):
    """One place in a sentence where something may be promised; offsets into the sentence."""

    who: str
    start: int
    """Where its subject starts."""
    verb_start: int
    """Where the thing to do begins: after the modal and its adverbs."""
    shown_from: int
    """Where the clause begins that is shown."""
    strength: Strength
    answer: Answer
    negative: bool = False
    form: Form | None = None


def _found(
    text: str,
    sentence: Sentence,
    claim: Claim,
    end: int,
    due: FoundDue | None,
    before: Sequence[Sentence],
    after: Sequence[Sentence],
) -> FoundPromise:
    condition = condition_of(sentence.text, claim.start, claim.verb_start, end, before)
    if not condition and claim.form is forms.LET_ME_LOOK and after and asks(after[0].text):
        condition = after[0].text.strip(" ,;:.!")  # "Let me look into this. Please send us your number."
    return FoundPromise(
        who=claim.who,
        what=what_of(sentence.text, claim.shown_from, claim.verb_start, due),
        quote=text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        strength=strength_of(sentence.text, claim.start, claim.verb_start, claim.strength),
        condition=condition,
        due=due.due if due else None,
        to=to_whom(sentence.text[claim.start : end]),
        negative=claim.negative or denies(sentence.text[claim.verb_start : end]),
        vague="" if due else vague_time(sentence.text, claim.start, claim.verb_start, end),
    )


# --- finding them ----------------------------------------------------------------------------------------------------

_MODAL = pattern(r"ll\b|\bwill\b|\bshall\b|going\s+to|gonna|won[’']?t\b|shan[’']?t")


def _claims(text: str) -> Iterator[Claim]:
    """Every place of a sentence that may promise; where two forms meet in one place, the plainer is kept."""
    willing = [_of_clause(clause) for clause in clauses.clauses_in(text)] if _MODAL.search(text) else []
    formed = list(_formed(text))
    for claim in willing:
        if claim.answer is not Answer.NO:
            leads = [
                form
                for form in formed
                if form.verb_start - 3 <= claim.start <= form.verb_start + 6
                or form.start <= claim.start < form.verb_start
            ]
            yield _governed(claim, leads[0]) if leads else claim
    seen = [claim for claim in willing if claim.answer is not Answer.NO]
    for claim in formed:
        # "I promise we'll" is one promise, and takes its strength from the first words.
        if not any(
            claim.start == other.start
            or abs(claim.verb_start - other.verb_start) < 12
            or claim.verb_start <= other.start + 3 <= claim.verb_start + 9
            for other in seen
        ):
            seen.append(claim)
            yield claim


def _governed(claim: Claim, lead: Claim) -> Claim:
    """A clause that another form leads to: "we guarantee that it will match", "we expect that it will be there"."""
    if lead.strength is Strength.GUARANTEE:
        return claim._replace(strength=lead.strength, answer=Answer.YES)
    return claim if lead.strength is Strength.PROMISE else claim._replace(strength=lead.strength)


def _of_clause(clause: Clause) -> Claim:
    answer, supposed = pledges.answer(clause), clauses.SUPPOSED.search(clause.lead) is not None
    if supposed and answer is Answer.YES:
        answer = Answer.IF_TIMED
    who = {Who.SELF: "I" if clause.subject.lower() == "i" else "we", Who.YOU: "we"}.get(clause.who, "third")
    return Claim(
        who=who,
        start=clause.start,
        verb_start=clause.verb_start,
        shown_from=clause.shown_from if clause.who is Who.SELF else clause.start,
        strength=Strength.EXPECT if supposed else Strength.PROMISE,
        answer=answer,
        negative=clause.negative or clause.who is Who.NOBODY or clause.rest.startswith("no "),
    )


_HINTED = tuple((frozenset(form.hints), form) for form in forms.FORMS)
_HINTS = frozenset().union(*(hints for hints, _ in _HINTED))


def _formed(text: str) -> Iterator[Claim]:
    lower = text.lower()
    hinted = [hint for hint in _HINTS if hint in lower]
    for hints, form in _HINTED:
        if hints.isdisjoint(hinted):
            continue
        for match in islice(form.pattern.finditer(text), CLAUSES_MAX):
            claim = _of_form(text, form, match)
            if claim is not None:
                yield claim


def _of_form(text: str, form: Form, match: re.Match[str]) -> Claim | None:
    if (
        _NOT.match(text, match.end())
        or clauses.is_doubted(text[: match.start()])
        or clauses.is_asked(text, match.start(), "")
    ):
        return None
    groups = match.groupdict()
    subject = (groups.get("subject") or groups.get("subject2") or "").lower()
    who = form.who or _SELVES.get(subject, "third")
    start = match.start()
    if who == "third" and subject not in {"i", "we"}:
        start = clauses.phrase_start(text, match.end())
    if who == "third" and pledges.is_of_anybody(text[start:]):
        return None
    if form.strength is Strength.EXPECT and _BAD_NEWS.search(text[start : match.end() + 24]):
        return None
    return Claim(
        who=who,
        start=start,
        verb_start=match.end(),
        shown_from=start if who == "third" else match.end(),
        strength=form.strength,
        answer=Answer.IF_TIMED if form.needs_due else Answer.YES,
        form=form,
    )


_SELVES = {"i": "I", "me": "I", "my": "I", "we": "we", "us": "we", "our": "we", "": "we"}
_NOT = pattern(r"(?:not|never|no\s+longer|n[’']t|neither|nor|cannot)\b")
_BAD_NEWS = pattern(
    r"\b(?:delays?|delayed|disruptions?|problems?|queues?|outages?|closures?|cancell?ations?|payments?\s+(?:is|are)\s+due|"
    r"instal\w+|balance|premium|rent)\b"
)
"""What is announced, or what the customer owes: nobody promises it."""

# --- which of them stand, and by when --------------------------------------------------------------------------------


def _standing(
    claims: list[Claim], text: str, around: Sequence[Sentence], dues: tuple[FoundDue, ...]
) -> Iterator[tuple[Claim, int, FoundDue | None]]:
    """The claims that promise, each with the place where the next begins and with its own deadline."""
    last: Claim | None = None
    for n, claim in enumerate(claims):
        end = claims[n + 1].start if n + 1 < len(claims) else len(text)
        end = max(end, claim.verb_start)
        free = dues if last is None else tuple(due for due in dues if not _is_of(last, due, text, claim.start))
        due = _due_of(claim, end, text, free, alone=len(claims) == 1)
        if claim.answer is Answer.IF_TIMED and due is None:
            soon = (
                vague_time(text, claim.start, claim.verb_start, end) if claim.form is None or claim.form.or_soon else ""
            )
            if soon in {"", "now"}:
                continue
        if claim.form is not None and claim.form.asked_before and not _is_asked(text[: claim.start], around):
            continue
        if last is not None and claim.verb_start - last.verb_start < 4:
            continue
        if last is not None and due is None and last.who == claim.who and claim.start < last.verb_start:
            continue
        last = claim
        yield claim, end, due


def _is_asked(lead: str, around: Sequence[Sentence]) -> bool:
    return asks(lead) or any(asks(sentence.text) for sentence in around)


def _is_of(last: Claim, due: FoundDue, text: str, start: int) -> bool:
    """Does this date belong to the promise before, from which *start* is parted by "and"?"""
    return last.verb_start < due.start < start and _AND.search(text, due.end, start) is not None


_AND = pattern(r"[,;]|\b(?:and|but|so|then)\b")


def _due_of(claim: Claim, end: int, text: str, dues: tuple[FoundDue, ...], *, alone: bool) -> FoundDue | None:
    after = [due for due in dues if claim.verb_start - 12 <= due.start < end]
    if after:
        return _latest(claim, text, after)
    ahead = [due for due in dues if due.end <= claim.verb_start and not due.due.words.lower().startswith("until")]
    if not ahead:
        return None
    due = ahead[-1]
    between = text[due.end : claim.start]
    if len(between) >= 40 or _PAST.search(text[: due.start]) or _CONDITIONAL.search(text[: due.start]):
        return None  # "if it has not come by Friday, we'll ...": Friday is not our date
    return due if alone or not _OTHER_CLAUSE.search(between) else None


def _latest(claim: Claim, text: str, dues: list[FoundDue]) -> FoundDue | None:
    """The last date of this clause: what is promised is done when its last part is."""
    chosen = dues[0]
    between = text[claim.verb_start : chosen.start]
    if _CONDITIONAL.search(between) or _WAS.search(between):
        return None
    for due in dues[1:]:
        if _OTHER_CLAUSE.search(text[chosen.end : due.start]):
            break
        refines = chosen.due.at.date() == due.due.at.date() and not chosen.due.date_only
        if due.due.at >= chosen.due.at and not refines:
            chosen = due
    return chosen


_WAS = pattern(r"\b(?:was|were|had)\b")
_OTHER_CLAUSE = pattern(r"\b(?:so|since|as|because|which|if|when|once|before|after|although|unless|while)\b")
_CONDITIONAL = pattern(r"\b(?:if|unless|once|when|after\s+you|until\s+you|before\s+you)\b[^,;:]*$")
_PAST = pattern(r"\b(?:was|were|had|did|haven[’']t|hasn[’']t|declined|reported|received|sent|called)\b")

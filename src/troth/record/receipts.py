"""Receipts: for each fact about a promise that concerns its customer, one text that proves it for ever.

A receipt exists once its fact stands under a signed head, about a second after the act. It is written anew whenever it is
asked for, by the newest head that a witness saw if there is one: none is stored, so none has to be erased. What is forgotten
has none any more; those that the customer keeps hold all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from troth.ledger import queries as ledger
from troth.ledger.models import Entry
from troth.ledger.outside import read_keys
from troth.ledger.payloads import open_all
from troth.ledger.rules import receipt
from troth.ledger.rules.note import NotAKey, Verifier
from troth.ledger.rules.proof import Proof
from troth.ledger.rules.receipt import Opening
from troth.post.rules.letter import Attachment
from troth.promises.actions import words_of
from troth.promises.models import Promise, Telling
from troth.promises.rules.words import of_telling
from troth.words.refs import NotAReference, number_of, ref

TEXT = "text/plain; charset=utf-8"
#: Every kind of fact about a promise that its customer is told of, and what its receipt is called.
KINDS = {
    "PromiseMade": "made",
    "PromiseOpened": "opened",
    "PromiseMoved": "moved",
    "TellingSent": "word",
    "CustomerTold": "told",
    "PromiseKept": "kept",
    "PromiseDoneLate": "done-late",
    "PromiseLate": "late",
    "PromiseBroken": "broken",
    "PromiseReleased": "released",
    "PromiseVoided": "void",
    "VerdictGiven": "verdict",
}
#: What a letter that promises or moves encloses; word of a new date where the old one had passed, for that is no move.
ENCLOSED = ("PromiseMade", "PromiseMoved", "TellingSent")
NEW_DATE = Telling.Kind.NEW_DATE


@dataclass(frozen=True)
class Receipt:
    """One fact's receipt. *text* is None until the fact is sealed."""

    entry: int
    kind: str
    about: str
    happened_at: datetime
    recorded_at: datetime
    #: Its place in the record, from 1; None until it has one.
    position: int | None
    text: str | None

    @property
    def name(self) -> str:
        """What its file is called: `receipt-promise-31-moved-57.txt`."""
        return f"receipt-{self.about.replace(':', '-')}-{KINDS[self.kind]}-{self.entry}.txt"

    @property
    def attachment(self) -> Attachment:
        assert self.text is not None
        return Attachment(name=self.name, content_type=TEXT, content=self.text.encode())


@dataclass(frozen=True)
class Listed:
    """That there is a receipt, or soon will be."""

    entry: int
    kind: str
    about: str
    happened_at: datetime


def title(kind: str) -> str:
    """What a receipt is of, as its customer reads it in a list."""
    return {
        "PromiseMade": _("Our word"),
        "PromiseOpened": _("That it holds from now on"),
        "PromiseMoved": _("The new date"),
        "TellingSent": _("What we wrote to you about it"),
        "CustomerTold": _("When you were told"),
        "PromiseKept": _("That it is done"),
        "PromiseDoneLate": _("That it was done late"),
        "PromiseLate": _("That it is late"),
        "PromiseBroken": _("That it was broken"),
        "PromiseReleased": _("That you let us off"),
        "PromiseVoided": _("That it was recorded by mistake"),
        "VerdictGiven": _("What you said of it"),
    }[kind]


def staff_title(kind: str) -> str:
    """The same as staff read it."""
    return {
        "PromiseMade": _("The promise"),
        "TellingSent": _("What was written to the customer about it"),
        "CustomerTold": _("When the customer was told"),
        "PromiseReleased": _("That the customer let us off"),
        "VerdictGiven": _("What the customer said of it"),
    }.get(kind) or title(kind)


def listed(references: Collection[str]) -> dict[str, list[Listed]]:
    """What has a receipt about each of these, the oldest first; one statement, and nothing is opened."""
    found: dict[str, list[Listed]] = {reference: [] for reference in references}
    rows = Entry.objects.filter(about__in=list(found), kind__in=KINDS).order_by("id")
    for entry, kind, about, happened_at in rows.values_list("pk", "kind", "about", "happened_at"):
        found[about].append(Listed(entry, kind, about, happened_at))
    return found


def of(reference: str) -> list[Receipt]:
    """The receipts of everything about *reference*, the oldest first; those of what is not sealed yet without their text."""
    return of_each([reference])


def of_each(references: Collection[str]) -> list[Receipt]:
    """The same for many things, in the same number of statements."""
    return _written(Q(about__in=list(references), kind__in=KINDS))


def of_entry(entry: int) -> Receipt | None:
    """The receipt of one fact; None where there is none: of no such kind, or forgotten."""
    return next(iter(_written(Q(pk=entry, kind__in=KINDS))), None)


def for_letter(references: Sequence[str], /, *, now: datetime) -> list[Attachment] | None:
    """What a letter encloses that promises, or moves, all of *references*: of each its newest date, None while one is not sealed.

    What was forgotten meanwhile has nothing to enclose.
    """
    facts = _opened(Q(about__in=list(references), kind__in=ENCLOSED))
    newest = {one.about: one for one in facts if one.opening.fact.get("telling", NEW_DATE) == NEW_DATE}
    chosen = _receipts([newest[reference] for reference in dict.fromkeys(references) if reference in newest])
    if any(one.text is None for one in chosen):
        return None
    return [one.attachment for one in chosen]


# Writing


@dataclass(frozen=True)
class _Fact:
    entry: int
    kind: str
    about: str
    happened_at: datetime
    recorded_at: datetime
    index: int | None
    opening: Opening


def _written(which: Q) -> list[Receipt]:
    return _receipts(_opened(which))


def _receipts(facts: Sequence[_Fact]) -> list[Receipt]:
    proofs = _proofs([one.index for one in facts if one.index is not None])
    keys = {head: _keys(head) for head in {proof.checkpoint.size for proof in proofs.values()}}
    return [_receipt(one, proofs.get(-1 if one.index is None else one.index), keys) for one in facts]


def _receipt(fact: _Fact, proof: Proof | None, keys: Mapping[int, Sequence[Verifier]]) -> Receipt:
    text = None
    if proof is not None:
        known = keys[proof.checkpoint.size]
        text = receipt.write(fact.opening, index=proof.index, path=proof.path, note=proof.note, keys=known)
    return Receipt(
        entry=fact.entry,
        kind=fact.kind,
        about=fact.about,
        happened_at=fact.happened_at,
        recorded_at=fact.recorded_at,
        position=proof.index + 1 if proof else None,
        text=text,
    )


def _proofs(indexes: Collection[int]) -> dict[int, Proof]:
    """By the newest head that a witness signed; by the newest of all where that one does not reach."""
    seen = ledger.witnessed() or 0
    found = ledger.proofs([index for index in indexes if index < seen], size=seen) if seen else {}
    return found | ledger.proofs([index for index in indexes if index >= seen])


def _keys(head: int) -> list[Verifier]:
    """Every key of the log, and of the witnesses under this head: what a receipt names."""
    found = [key.verifier for key in read_keys()]
    for text in dict.fromkeys(witness for witness, _line, _at in ledger.cosignatures(head)):
        with suppress(NotAKey):
            found.append(Verifier.from_text(text))
    return found


def _opened(which: Q) -> list[_Fact]:
    """The facts that are still there, each with what opens it, the words of it too where they still stand in the tables."""
    columns = ("pk", "kind", "about", "customer", "happened_at", "recorded_at", "payload", "seal__position")
    rows = list(Entry.objects.filter(which).order_by("id").values_list(*columns))
    said = open_all([(customer, bytes(payload)) for _, _, _, customer, _, _, payload, _ in rows])
    found = []
    for (entry, kind, about, _customer, happened_at, recorded_at, _payload, position), opened in zip(
        rows, said, strict=True
    ):
        if opened is None:
            continue
        opening = Opening(body=opened.body, salt=opened.salt, happened_at=happened_at, recorded_at=recorded_at)
        index = None if position is None else position - 1
        found.append(_Fact(entry, kind, about, happened_at, recorded_at, index, opening))
    return _with_words(found)


def _with_words(facts: Sequence[_Fact]) -> list[_Fact]:
    """With the words that a fact has a digest of: a promise's own, and those of a letter about it. Two statements."""
    made = {number for one in facts if one.kind == "PromiseMade" and (number := _number(one.about, "promise"))}
    told = {number for one in facts if one.kind == "TellingSent" and (number := _number(_letter(one), "letter"))}
    promises = {ref("promise", row.pk): row for row in Promise.objects.filter(pk__in=made)} if made else {}
    tellings = {
        (ref("promise", row.promise_id), ref("letter", row.letter_id or 0), row.kind): row
        for row in (Telling.objects.filter(letter_id__in=told) if told else ())
    }
    return [_worded(one, promises, tellings) for one in facts]


def _worded(fact: _Fact, promises: Mapping[str, Promise], tellings: Mapping[tuple[str, str, str], Telling]) -> _Fact:
    """Words that are not the ones put on record, or that are gone, are left out: what stands on a receipt is proven."""
    promise = promises.get(fact.about) if fact.kind == "PromiseMade" else None
    telling = None
    if fact.kind == "TellingSent":
        telling = tellings.get((fact.about, _letter(fact), str(fact.opening.fact["telling"])))
    if promise is not None:
        words, salt = words_of(promise), bytes(promise.words_salt)
    elif telling is not None:
        words, salt = of_telling(telling.words), bytes(telling.words_salt)
    else:
        return fact
    if len(salt) != receipt.WORDS_SALT_BYTES:
        return fact
    opening = replace(fact.opening, words=words, words_salt=salt)
    return replace(fact, opening=opening) if opening.words_are_proven else fact


def _letter(fact: _Fact) -> str:
    return str(fact.opening.fact.get("letter", ""))


def _number(reference: str, kind: str) -> int | None:
    with suppress(NotAReference):
        return number_of(reference, kind)
    return None

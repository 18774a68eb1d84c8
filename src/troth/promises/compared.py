"""The promises compared with their facts, in a stream: what the facts say only opens here, not in the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from troth.ledger.payloads import look_into
from troth.ledger.rules.payload import DoesNotOpen, Opened
from troth.promises.rules.compared import KINDS, Row, Told, Values, agree
from troth.promises.rules.words import Words, are_those_of, of_promise, of_telling
from troth.words.findings import CHANGED, Finding, Tally
from troth.words.refs import ref

#: So many promises are looked at together, with one look for the keys of their customers.
BATCH = 2_000

_TWICE = """
    WITH often AS (
        SELECT kind, about FROM ledger_entry WHERE kind IN ('StaffWarned', 'StaffEscalated', 'TellingSent')
        GROUP BY kind, about HAVING count(*) > 1
    )
    SELECT about, array_agg(customer ORDER BY id), array_agg(payload ORDER BY id)
    FROM ledger_entry JOIN often USING (kind, about) GROUP BY about, kind ORDER BY about
"""
# The newest fact is the greatest of its number and its kind's place in one; sorting the facts of each promise would take
# ten times as long.
_STANDS = """
    WITH told AS (
        SELECT about, (%(kinds)s::text[])[max(id * 16 + array_position(%(kinds)s::text[], kind)) %% 16] AS last,
            count(*) FILTER (WHERE kind = 'PromiseMoved') AS moves,
            count(*) FILTER (WHERE kind = 'PromiseMade') AS made,
            count(*) FILTER (WHERE kind IN ('PromiseKept', 'PromiseDoneLate')) AS done,
            array_agg(customer ORDER BY id) FILTER (WHERE kind IN ('PromiseMade', 'PromiseOpened')) AS customers,
            array_agg(payload ORDER BY id) FILTER (WHERE kind IN ('PromiseMade', 'PromiseOpened')) AS payloads
        FROM ledger_entry WHERE kind = ANY (%(kinds)s) GROUP BY about
    )
    SELECT coalesce(told.about, 'promise:' || promise.id), coalesce(told.customers, '{}'), coalesce(told.payloads, '{}'),
        promise.id, promise.state, promise.first_due, promise.done_at IS NOT NULL, promise.moves,
        promise.what, promise.condition, promise.source_quote, promise.words_salt,
        told.last, told.moves, told.made, told.done
    FROM promises_promise AS promise FULL JOIN told ON told.about = 'promise:' || promise.id
"""

_SAID = """
    WITH said AS (
        SELECT about, array_agg(customer ORDER BY id) AS customers, array_agg(payload ORDER BY id) AS payloads
        FROM ledger_entry WHERE kind = 'TellingSent' GROUP BY about
    ), kept AS (
        SELECT 'promise:' || promise_id AS about, array_agg(letter_id ORDER BY id) AS letters,
            array_agg(words ORDER BY id) AS words, array_agg(words_salt ORDER BY id) AS salts
        FROM promises_telling WHERE letter_id IS NOT NULL GROUP BY promise_id
    )
    SELECT about, said.customers, said.payloads, kept.letters, kept.words, kept.salts FROM said JOIN kept USING (about)
"""


def compared_with_facts() -> Iterator[Finding]:
    """Everything in which the promises' rows are not what their facts tell; one that does not open is told by the ledger."""
    yield from _twice()
    words = Tally(
        invariant="I8",
        wrong=_(
            "What these promises say, or what was written to customers about them, is not what the ledger has digests of."
        ),
        mend=_(CHANGED),
    )
    yield from _standing_elsewhere(words)
    _said_otherwise(words)
    yield from words.findings()


def _twice() -> Iterator[Finding]:
    wrong = Tally(
        invariant="I5",
        wrong=_("Somebody was warned or told twice about the same date of these promises."),
        mend=_("Nothing can take it back. Please report this with the facts of these promises: it must never happen."),
    )
    last = ""
    for (about, *_rest), said in _opened(_TWICE, {}):
        dates = [(values["due"], values.get("telling")) for values in said or () if values]
        if len(set(dates)) < len(dates) and about != last:
            wrong.add(about)
            last = about
    return wrong.findings()


def _standing_elsewhere(words: Tally) -> Iterator[Finding]:
    wrong = Tally(
        invariant="I11",
        wrong=_(
            "These promises stand in the tables otherwise than the ledger tells, so the sums are not what was proven."
        ),
        mend=_(CHANGED),
    )
    for (
        about,
        pk,
        state,
        first_due,
        is_done,
        moves,
        what,
        condition,
        quote,
        salt,
        last,
        moved,
        made,
        done,
    ), said in _opened(_STANDS, {"kinds": list(KINDS)}):
        row = None if pk is None else Row(state=state, first_due=first_due, is_done=is_done, moves=moves)
        told = None if last is None else Told(last=last, moves=moved, made=made, done=done, begun=said or ())
        if said is None or not agree(row, told):
            wrong.add(about)
        if row and not _are_its_words(of_promise(what=what, condition=condition, quote=quote), bytes(salt), said):
            words.add(about)
    return wrong.findings()


def _are_its_words(words: Words, salt: bytes, said: list[Values | None] | None) -> bool:
    facts = [fact for fact in said or () if fact and fact["kind"] == "PromiseMade"]
    return all(are_those_of(fact, words, salt=salt) for fact in facts)


def _said_otherwise(wrong: Tally) -> None:
    """What was written to customers, letter by letter; letters without a fact are told of elsewhere."""
    for (about, letters, written, salts), said in _opened(_SAID, {}):
        kept = {
            ref("letter", pk): (of_telling(text), bytes(salt))
            for pk, text, salt in zip(letters, written, salts, strict=True)
        }
        facts = [fact for fact in said or () if fact and fact["letter"] in kept]
        if not all(are_those_of(fact, kept[fact["letter"]][0], salt=kept[fact["letter"]][1]) for fact in facts):
            wrong.add(about)


def _opened(query: str, named: dict[str, Any]) -> Iterator[tuple[list[Any], list[Values | None] | None]]:
    """The rows of *query* (about, customers, payloads, the rest) without these two, and what they say: None for a fact that
    was erased, and None instead of all where one does not open."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, named)
        while rows := cursor.fetchmany(BATCH):
            pairs = [pair for row in rows for pair in zip(row[1], map(bytes, row[2]), strict=True)]
            opened = look_into(pairs)
            for about, customers, _payloads, *rest in rows:
                said = [next(opened) for _customer in customers]
                yield [about, *rest], _values(said)


def _values(said: list[Opened | DoesNotOpen | None]) -> list[Values | None] | None:
    values: list[Values | None] = []
    for one in said:
        if isinstance(one, DoesNotOpen):
            return None
        values.append(json.loads(one.body) if one else None)
    return values

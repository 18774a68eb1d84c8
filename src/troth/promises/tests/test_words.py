"""The words a fact stands for: each version of it knows its own again, and no other."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people_and_things import DAY, FRIDAY, NOW, handle, promise

from troth.ledger.queries import facts_about
from troth.promises import actions as promises
from troth.promises.actions import Past
from troth.promises.compared import compared_with_facts
from troth.promises.models import Promise, Telling
from troth.promises.rules import words
from troth.promises.watcher import look_ahead
from troth.words.promises import State

SALT = b"sixteen bytes it"
WORDS = words.of_promise(what="ring you", condition="if it rains", quote="We'll ring you.")
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts, texts)
def test_digest_is_the_one_of_the_page(what: str, condition: str, quote: str) -> None:
    plain = json.dumps(
        {"condition": condition, "quote": quote, "what": what}, separators=(",", ":"), ensure_ascii=False
    )

    found = words.digest(words.of_promise(what=what, condition=condition, quote=quote), salt=SALT)

    assert found == hmac.new(SALT, plain.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("changed", "salt", "right"),
    [
        ({}, SALT, True),
        ({"what": "ring"}, SALT, False),
        ({"condition": ""}, SALT, False),
        ({"quote": "We will."}, SALT, False),
        ({}, b"another sixteen!", False),
        ({}, b"", False),
    ],
)
def test_fact_knows_its_words(changed: dict[str, str], salt: bytes, right: bool) -> None:
    fact = {"words_digest": words.digest(WORDS, salt=SALT)}

    assert words.are_those_of(fact, WORDS | changed, salt=salt) is right


@pytest.mark.parametrize(("quote", "right"), [("We'll ring you.", True), ("We will.", False)])
def test_fact_of_version_one_knows_its_sentence(quote: str, right: bool) -> None:
    fact = {"quote_digest": hashlib.sha256(b"We'll ring you.").hexdigest()}

    assert words.are_those_of(fact, WORDS | {"what": "anything", "quote": quote}, salt=b"") is right


def test_fact_of_version_one_that_had_no_digest_proves_nothing() -> None:
    assert words.are_those_of({}, words.of_telling("Sorry!"), salt=b"")


def digests(about: str) -> list[str]:
    return [values["words_digest"] for _kind, values, _at in facts_about(about) if "words_digest" in values]


def opened(row: Promise) -> list[Any]:
    """The digests that the words of a promise and of its tellings give, in their order."""
    row = Promise.objects.get(pk=row.pk)
    return [
        words.digest(promises.words_of(row), salt=bytes(row.words_salt)),
        *(
            words.digest(words.of_telling(telling.words), salt=bytes(telling.words_salt))
            for telling in Telling.objects.filter(promise=row).order_by("pk")
        ),
    ]


@pytest.mark.django_db
def test_words_open_their_facts_however_they_were_recorded() -> None:
    ann = handle().customer
    moved = promise(customer=ann, quote="By Friday.", condition="if  it\nrains ", what=" ring  you")
    promises.move(moved, to=FRIDAY + DAY, words="Sorry!", reason="", by=None, now=NOW)
    watched = promise(customer=ann, what="send it")
    look_ahead(now=FRIDAY - DAY / 8)
    past = Past(
        customer_id=ann.pk, what=" write ", condition=" once ", said_at=NOW, state=State.PROPOSED, quote="Soon."
    )
    (imported,) = promises.record_past([past], now=NOW)

    for row in (moved, watched, imported, Promise.objects.get(because=watched)):
        assert digests(f"promise:{row.pk}") == opened(row)
        assert len(set(opened(row))) == len(opened(row))
    assert [len(opened(row)) for row in (moved, watched, imported)] == [2, 2, 1]
    assert list(compared_with_facts()) == []

"""The bytes of an entry never change: golden vectors, checked by our code and by a verifier written from the page alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from troth.ledger.models import Entry, Seal
from troth.ledger.rules import canonical, payload, tree
from troth.ledger.rules.event import event_of
from troth.words import facts

ROOT = Path(__file__).resolve().parents[4]
VECTORS = json.loads((ROOT / "tests/vectors/entry.json").read_text())
PAGE = (ROOT / "docs/formats/entry.md").read_text()


def fact_of(vector: dict[str, Any]) -> facts.Fact:
    kind = facts.kinds()[vector["kind"]]
    instants = {name for name, hint in get_type_hints(kind).items() if "datetime" in str(hint)}
    return kind(
        **{
            name: datetime.fromisoformat(value) if name in instants and value else value
            for name, value in vector["values"].items()
        }
    )


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["kind"])
def test_golden_bytes_hold(vector: dict[str, Any]) -> None:
    body = canonical.fact_bytes(fact_of(vector))
    commit = canonical.commitment(bytes.fromhex(vector["salt"]), body)
    envelope = canonical.envelope_bytes(
        kind=vector["kind"],
        happened_at=datetime.fromisoformat(vector["happened_at"]),
        recorded_at=datetime.fromisoformat(vector["recorded_at"]),
        commit=commit,
    )

    assert body.hex() == vector["body"]
    assert commit.hex() == vector["commit"]
    assert envelope.hex() == vector["envelope"]
    assert tree.leaf_hash(envelope).hex() == vector["leaf_hash"]


def test_verifier_written_from_the_page_agrees() -> None:
    for place, vector in enumerate(VECTORS["entries"], start=1):
        body, salt = bytes.fromhex(vector["body"]), bytes.fromhex(vector["salt"])
        commit = hmac.new(salt, body, hashlib.sha256).hexdigest()
        said = [json.loads(bytes.fromhex(vector["envelope"]))[name] for name in ("happened_at", "recorded_at")]
        envelope = f'{{"commit":"{commit}","happened_at":"{said[0]}","kind":"{vector["kind"]}","recorded_at":"{said[1]}","v":1}}'
        leaf = hashlib.sha256(b"\x00" + envelope.encode()).digest()
        assert (vector["position"], leaf.hex()) == (place, vector["leaf_hash"])
        assert json.loads(body)["kind"] == vector["kind"]
        assert json.loads(body)["v"] == facts.kinds()[vector["kind"]].version


@pytest.mark.parametrize("vector", [*VECTORS["entries"], *VECTORS["older"]], ids=lambda vector: vector["kind"])
def test_golden_payloads_open_and_are_made_again(vector: dict[str, Any]) -> None:
    written, salt, body = (bytes.fromhex(vector[name]) for name in ("payload", "salt", "body"))
    customer = json.loads(body)["customer"]
    key = AESGCM(bytes.fromhex(vector["key"])) if customer else None

    assert payload.opened(written, key=key, customer=customer) == payload.Opened(salt, body)
    if key is None:
        assert payload.in_the_clear(salt, body) == written
        return
    nonce = bytes.fromhex(vector["nonce"])
    assert payload.sealed(salt, body, key=key, nonce=nonce, customer=customer) == written
    # As the page has it, by hand.
    assert written[:13] == b"\x01" + nonce
    assert key.decrypt(nonce, written[13:], customer.encode()) == salt + body


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS["entries"] if "key" in one], ids=lambda vector: vector["kind"]
)
def test_payload_with_one_bit_turned_does_not_open(vector: dict[str, Any]) -> None:
    written, key = bytes.fromhex(vector["payload"]), AESGCM(bytes.fromhex(vector["key"]))
    customer = json.loads(bytes.fromhex(vector["body"]))["customer"]

    for place in range(1, len(written)):
        bent = written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :]
        with pytest.raises(payload.DoesNotOpen):
            payload.opened(bent, key=key, customer=customer)
    for other, other_key in ((customer + "1", key), (customer, AESGCM(bytes(32))), (customer, None)):
        with pytest.raises(payload.DoesNotOpen):
            payload.opened(written, key=other_key, customer=other)
    for length in range(46):
        with pytest.raises(payload.DoesNotOpen):
            payload.opened(written[:length], key=key, customer=customer)


def test_golden_digests_of_words_hold() -> None:
    fact = {vector["kind"]: json.loads(bytes.fromhex(vector["body"])) for vector in VECTORS["entries"]}
    digests = {}
    for vector in VECTORS["entries"]:
        if "words" in vector:
            plain = json.dumps(vector["words"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            digests[vector["kind"]] = hmac.new(bytes.fromhex(vector["words_salt"]), plain, hashlib.sha256).hexdigest()
        if "source" in vector:
            salt, source = bytes.fromhex(vector["digest_salt"]), bytes.fromhex(vector["source"])
            digests[vector["kind"]] = hmac.new(salt, source, hashlib.sha256).hexdigest()

    assert digests == {
        "PromiseMade": fact["PromiseMade"]["words_digest"],
        "TellingSent": fact["TellingSent"]["words_digest"],
        "MessageReceived": fact["MessageReceived"]["digest"],
    }


@pytest.mark.parametrize("vector", VECTORS["older"], ids=lambda vector: vector["kind"])
def test_facts_of_earlier_versions_stay_readable(vector: dict[str, Any]) -> None:
    body, at = bytes.fromhex(vector["body"]), datetime.fromisoformat(vector["happened_at"])
    commit = canonical.commitment(bytes.fromhex(vector["salt"]), body)

    event = event_of(
        position=1, entry=1, kind=vector["kind"], about="promise:31", customer="customer:7", happened_at=at, recorded_at=at,
        body=body,
    )  # fmt: skip

    assert commit.hex() == vector["commit"]
    assert (event.version, event.erased) == (1, False)
    assert {"quote_digest", "first_due"} <= event.fields.keys()


def test_page_names_every_field_and_every_kind() -> None:
    for model in (Entry, Seal):
        for column in model._meta.get_fields():
            if column.concrete:
                assert f"| `{column.name}` |" in PAGE
    for name in json.loads(bytes.fromhex(VECTORS["entries"][0]["envelope"])):
        assert f"| `{name}` |" in PAGE
    for kind, made_of in facts.kinds().items():
        own = sorted({field.name for field in fields(made_of)} - {"about", "customer"})
        assert f"| `{kind}` | {', '.join(f'`{name}`' for name in own)} |" in PAGE.replace("| - |", "|  |")


def test_page_shows_the_first_vector() -> None:
    first = VECTORS["entries"][0]

    for name in ("body", "envelope"):
        assert bytes.fromhex(first[name]).decode() in PAGE
    for name in ("salt", "commit", "leaf_hash", "key", "nonce", "payload"):
        assert first[name] in PAGE


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        canonical.moment(datetime(2026, 11, 2, 9))  # noqa: DTZ001 -- the very mistake


@given(st.datetimes(datetime(1900, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_one_instant_has_one_spelling_in_every_zone(at: datetime, minutes: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(minutes=minutes)))

    assert canonical.moment(elsewhere) == canonical.moment(at)
    assert datetime.fromisoformat(canonical.moment(at)) == at


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts)
def test_body_is_canonical_whatever_the_text(about: str, reason: str) -> None:
    body = canonical.fact_bytes(facts.MailQuarantined(about=about, reason=reason))

    plain = json.loads(body)
    assert plain == {"about": about, "customer": "", "kind": "MailQuarantined", "reason": reason, "v": 1}
    assert list(plain) == sorted(plain)
    assert json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode() == body

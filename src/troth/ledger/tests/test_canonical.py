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
from hypothesis import given
from hypothesis import strategies as st

from troth.ledger.models import Entry, Seal
from troth.ledger.rules import canonical
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
    assert canonical.leaf_hash(envelope).hex() == vector["leaf_hash"]


def test_verifier_written_from_the_page_agrees() -> None:
    for place, vector in enumerate(VECTORS["entries"], start=1):
        body, salt = bytes.fromhex(vector["body"]), bytes.fromhex(vector["salt"])
        commit = hmac.new(salt, body, hashlib.sha256).hexdigest()
        said = [json.loads(bytes.fromhex(vector["envelope"]))[name] for name in ("happened_at", "recorded_at")]
        envelope = f'{{"commit":"{commit}","happened_at":"{said[0]}","kind":"{vector["kind"]}","recorded_at":"{said[1]}","v":1}}'
        leaf = hashlib.sha256(b"\x00" + envelope.encode()).digest()
        assert (vector["position"], leaf.hex()) == (place, vector["leaf_hash"])
        assert json.loads(body)["kind"] == vector["kind"]
        assert json.loads(body)["v"] == 1


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
    for name in ("salt", "commit", "leaf_hash"):
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

"""The golden log: our rules, a foreign implementation, and a verifier written from `docs/formats/log.md` alone agree about it."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from troth.ledger.models import Checkpoint, Tile
from troth.ledger.rules import tree
from troth.ledger.rules.checkpoint import Checkpoint as Head
from troth.ledger.rules.growing import Growing
from troth.ledger.rules.note import Note, Signer, Verifier
from troth.ledger.rules.proof import Proof

ROOT = Path(__file__).resolve().parents[4]
VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/log.json").read_text())
PAGE = (ROOT / "docs/formats/log.md").read_text()
LEAVES = [hashlib.sha256(b"\x00entry %d" % number).digest() for number in range(300)]
TILES = tree.grown(0, {}, LEAVES)
ROOTS = {int(size): bytes.fromhex(root) for size, root in VECTORS["roots"].items()}


def mth(leaves: list[bytes]) -> bytes:
    """As the page says it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = max(1 << power for power in range(20) if 1 << power < len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_golden_roots_hold(size: int) -> None:
    growing = Growing()
    for leaf in LEAVES[:size]:
        growing.push(leaf)

    assert tree.root_of(size, TILES) == growing.root == mth(LEAVES[:size]) == ROOTS[size]
    assert [leaf.hex() for leaf in LEAVES[:3]] == VECTORS["leaf_hashes"]


@pytest.mark.parametrize("vector", VECTORS["tiles"], ids=str)
def test_golden_tiles_hold(vector: dict[str, Any]) -> None:
    level, number, size = vector["level"], vector["number"], vector["size"]
    count = min(256, size // 256**level - 256 * number)
    span = 256**level
    hashes = [mth(LEAVES[(256 * number + one) * span :][:span]) for one in range(count)]

    assert count == vector["width"] == tree.width(tree.Tile(level, number), size)
    assert hashlib.sha256(b"".join(hashes)).hexdigest() == vector["sha256"]
    assert b"".join(hashes) == TILES[tree.Tile(level, number)][: 32 * count]


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda one: f"{one['index']}-{one['size']}")
def test_golden_proofs_hold(vector: dict[str, Any]) -> None:
    index, size, path = vector["index"], vector["size"], [bytes.fromhex(one) for one in vector["path"]]

    assert tree.hashes_of(tree.inclusion_ranges(index, size), TILES) == path
    tree.check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=mth(LEAVES[:size]))
    InclusionProof(index, size, path).check(LEAVES[index], mth(LEAVES[:size]))


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda one: f"{one['old']}-{one['new']}")
def test_golden_consistency_holds(vector: dict[str, Any]) -> None:
    old, new, path = vector["old"], vector["new"], [bytes.fromhex(one) for one in vector["path"]]
    before, after = mth(LEAVES[:old]), mth(LEAVES[:new])

    assert tree.hashes_of(tree.consistency_ranges(old, new), TILES) == path
    tree.check_consistency(old=old, new=new, old_root=before, new_root=after, path=path)
    if old != new:
        ConsistencyProof(old, new, path).check(before, after)


@pytest.mark.parametrize("key", VECTORS["keys"].values(), ids=VECTORS["keys"])
def test_golden_keys_hold(key: dict[str, str]) -> None:
    name, said, encoded = key["verifies"].split("+", 2)
    raw = b64decode(encoded)
    signer = Signer(name, raw[0], bytes.fromhex(key["secret"]))

    assert hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() == said
    assert (signer.to_text(), signer.verifier.to_text()) == (key["signs"], key["verifies"])


@pytest.mark.parametrize("vector", VECTORS["heads"], ids=lambda one: "-".join(one["signed_by"]))
def test_golden_heads_hold(vector: dict[str, Any]) -> None:
    size, written = vector["size"], vector["note"]
    keys = {name: VECTORS["keys"][name] for name in vector["signed_by"]}
    text, _empty, lines = written.partition("\n\n")
    text += "\n"

    assert text == f"desk.example.org/record\n{size}\n{b64encode(mth(LEAVES[:size])).decode()}\n"
    for (name, key), line in zip(keys.items(), lines.splitlines(), strict=True):
        signer = Signer.from_text(key["signs"])
        signed = b64decode(line.split(" ")[2])
        public = Ed25519PublicKey.from_public_bytes(b64decode(key["verifies"].split("+", 2)[2])[1:])
        if name == "witness":
            assert int.from_bytes(signed[4:12], "big") == vector["at"]
            public.verify(signed[12:], f"cosignature/v1\ntime {vector['at']}\n{text}".encode())
            assert signer.sign(text, at=vector["at"]).to_line() == line + "\n"
        else:
            public.verify(signed[4:], text.encode())
            assert signer.sign(text).to_line() == line + "\n"
        ForeignCheckpoint.from_text(written).verify(Vkey.from_string(key["verifies"]))
    known = [Verifier.from_text(key["verifies"]) for key in keys.values()]
    assert Note.from_text(written).check(*known) == known


def test_golden_proof_as_a_text_holds() -> None:
    proof = Proof.from_text(VECTORS["proof"])

    assert proof.to_text() == VECTORS["proof"]
    assert proof.check(LEAVES[77]) == Head("desk.example.org/record", 300, mth(LEAVES))


def test_page_shows_the_example_and_every_column() -> None:
    first, keys = VECTORS["heads"][0], VECTORS["keys"]

    text, _empty, lines = first["note"].partition("\n\n")
    assert f"```\n{text}\n```" in PAGE
    assert f"```\n{lines}```" in PAGE
    assert f"```\n{keys['log']['verifies']}\n```" in PAGE
    for shown in (*VECTORS["leaf_hashes"], VECTORS["roots"]["2"], VECTORS["roots"]["3"]):
        assert re.search(rf"\b{shown}\b", PAGE)
    for model in (Tile, Checkpoint):
        for column in model._meta.get_fields():
            if column.concrete and column.name not in {"pk", "cosignature"}:
                assert f"| `{column.name}` |" in PAGE

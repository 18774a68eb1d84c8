from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint

from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.note import COSIGNATURE, ED25519, NotAKey, NotANote, Note, NotSigned, Signer, Verifier
from troth.ledger.rules.proof import NotAProof, Proof
from troth.ledger.rules.tree import ProofWrong, leaf_hash, node_hash

LOG = Signer("desk.example.org/record", ED25519, bytes(range(32)))
OTHER = Signer("desk.example.org/record", ED25519, bytes(range(1, 33)))
WITNESS = Signer("witness.example/w1", COSIGNATURE, bytes(range(2, 34)))
LEAF, NEXT = leaf_hash(b"one"), leaf_hash(b"two")
HEAD = Checkpoint(LOG.name, 2, node_hash(LEAF, NEXT))
TEXT = HEAD.to_text()
NOTE = Note(TEXT, (LOG.sign(TEXT), WITNESS.sign(TEXT, at=1_790_000_000)))
PROOF = Proof(0, (NEXT,), NOTE, extra=b"what opens the leaf")

#: The examples of c2sp.org/signed-note and c2sp.org/tlog-cosignature.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS = Note(
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    (),
)
PETERS_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_that_others_wrote_is_verified() -> None:
    note = Note.from_text(PETERS.text + "\n" + PETERS_LINE)

    assert note.check(Verifier.from_text(PETER)) == [Verifier.from_text(PETER)]
    with pytest.raises(NotSigned):
        Note(note.text.replace("answer", "Answer"), note.signatures).check(Verifier.from_text(PETER))


def test_keys_are_written_and_read_back() -> None:
    for key in (LOG, WITNESS):
        assert Signer.from_text(key.to_text()) == key
        assert Verifier.from_text(key.verifier.to_text()) == key.verifier


@pytest.mark.parametrize("at", range(len(LOG.verifier.to_text())))
def test_a_key_with_a_wrong_letter_is_none(at: int) -> None:
    text = LOG.verifier.to_text()
    changed = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]

    with pytest.raises(NotAKey):
        Verifier.from_text(changed)


def test_a_foreign_verifier_takes_head_and_cosignature() -> None:
    foreign = ForeignCheckpoint.from_text(NOTE.to_text())

    assert (foreign.origin, foreign.size, foreign.root_hash) == (HEAD.origin, HEAD.size, HEAD.root)
    foreign.verify(Vkey.from_string(LOG.verifier.to_text()))
    foreign.verify(Vkey.from_string(WITNESS.verifier.to_text()))


def test_only_known_keys_count_and_a_wrong_signature_of_one_spoils_the_note() -> None:
    known = Note.from_text(NOTE.to_text())
    forged = Note(TEXT, (LOG.sign(TEXT.replace("2", "3", 1)), *NOTE.signatures[1:]))

    assert known.check(LOG.verifier, OTHER.verifier, WITNESS.verifier) == [LOG.verifier, WITNESS.verifier]
    with pytest.raises(NotSigned):
        known.check(OTHER.verifier)
    with pytest.raises(NotSigned):
        forged.check(LOG.verifier, WITNESS.verifier)


def test_a_witness_says_when_it_looked() -> None:
    assert WITNESS.verifier.check(TEXT, NOTE.signatures[1]) == 1_790_000_000
    assert LOG.verifier.check(TEXT, NOTE.signatures[0]) is None


def test_the_same_key_signs_once() -> None:
    again = WITNESS.sign(TEXT, at=1_790_000_060)

    assert NOTE.and_signed(again).signatures == (NOTE.signatures[0], again)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n— name AAAAAAAB===\n",
        "te\rxt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n" + "— name AAAAAAAA\n" * 65,
    ],
)
def test_what_is_no_note_is_told(written: str) -> None:
    with pytest.raises(NotANote):
        Note.from_text(written)


@pytest.mark.parametrize(
    "text",
    ["", "o\n1\n", "o\n01\nAA==\n", TEXT + "more\n", TEXT.replace("2", "x"), TEXT[:-1], "\n1\n" + TEXT.split("\n")[2]],
)
def test_what_is_no_checkpoint_is_told(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        Checkpoint.from_text(text)


def test_a_proof_is_written_and_read_back() -> None:
    assert Proof.from_text(PROOF.to_text()) == PROOF
    assert PROOF.check(LEAF) == HEAD
    with pytest.raises(ProofWrong):
        PROOF.check(NEXT)


@given(st.integers(0, len(PROOF.to_text()) - 1), st.characters(exclude_categories=["Cs"]))
def test_no_proof_with_a_wrong_sign_passes(at: int, sign: str) -> None:
    written = PROOF.to_text()
    changed = written[:at] + sign + written[at + 1 :]
    if changed == written or PROOF.extra != _extra(changed):
        return  # what is said beside the proof proves nothing, and is for its reader to check

    with pytest.raises((NotAProof, NotANote, NotACheckpoint, NotSigned, ProofWrong)):
        _accepted(changed)


def _accepted(written: str) -> None:
    proof = Proof.from_text(written)
    proof.check(LEAF)
    if len(proof.note.check(LOG.verifier, WITNESS.verifier)) != 2:
        raise NotSigned("The witness is missing.")


def _extra(written: str) -> bytes:
    try:
        return Proof.from_text(written).extra
    except (NotAProof, NotANote):
        return PROOF.extra

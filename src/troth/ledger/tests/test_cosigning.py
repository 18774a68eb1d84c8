"""What a log and a witness say to each other is written as c2sp.org/tlog-witness has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.ledger.rules.checkpoint import Checkpoint
from troth.ledger.rules.cosigning import Asked, NotARequest, cosignature_in, size_in
from troth.ledger.rules.note import COSIGNATURE, ED25519, Note, NotSigned, Signer

TEXT = Checkpoint("fernhill.example/record", 5, bytes(32)).to_text()
NOTE = Note(TEXT, (Signer("fernhill.example/record", ED25519, b"1" * 32).sign(TEXT),))
FRIEND = Signer("witness.example/w1", COSIGNATURE, b"2" * 32)
STRANGER = Signer("other.example/w1", COSIGNATURE, b"3" * 32)

#: The example of the specification, its signature lines left out but one.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def test_the_example_of_the_specification_is_read_and_written() -> None:
    asked = Asked.from_text(EXAMPLE)

    assert (asked.old, len(asked.path)) == (20852014, 4)
    assert asked.to_text() == EXAMPLE


@given(st.integers(0, 2**62), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_says_what_was_put_in(old: int, path: list[bytes]) -> None:
    asked = Asked(old, tuple(path), NOTE)

    assert Asked.from_text(asked.to_text()) == asked


GOOD = Asked(3, (bytes(32),), NOTE).to_text()


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "old 3",
            "old 3\n",
            "old 3\n\n",
            "new" + GOOD[3:],
            GOOD.replace("old 3", "old 03"),
            GOOD.replace("old 3", "old -3"),
        ),
        *(GOOD.replace("old 3", "old  3"), GOOD.replace("old 3", "old 3 "), GOOD.replace("old 3", f"old {10**20}")),
        GOOD.replace("old 3\n", "old 3\nAAAA\n"),
        GOOD.replace("old 3\n", "old 3\nno hash\n"),
        GOOD.replace("A" * 43 + "=", "A" * 42 + "B=", 1),
        Asked(3, (bytes(32),) * 64, NOTE).to_text(),
        GOOD.removesuffix("\n"),
        GOOD.replace("— ", "- "),
        "old ٣" + GOOD[5:],
    ],
)
def test_every_other_text_is_refused(written: str) -> None:
    with pytest.raises(NotARequest):
        Asked.from_text(written)


def test_the_cosignature_of_the_known_key_is_found_among_others() -> None:
    ours = FRIEND.sign(TEXT, at=1_800_000_000)
    answer = STRANGER.sign(TEXT, at=1).to_line() + ours.to_line()

    assert cosignature_in(answer, note=NOTE, key=FRIEND.verifier) == (ours, 1_800_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "\n", "yes", "12\n", FRIEND.sign(TEXT, at=1).to_line().removesuffix("\n")),
        STRANGER.sign(TEXT, at=1).to_line(),
        FRIEND.sign("fernhill.example/record\n6\n" + "A" * 43 + "=\n", at=1).to_line(),
        "more text\n\n" + FRIEND.sign(TEXT, at=1).to_line(),
    ],
)
def test_what_is_no_cosignature_is_refused(answer: str) -> None:
    with pytest.raises(NotSigned):
        cosignature_in(answer, note=NOTE, key=FRIEND.verifier)


@pytest.mark.parametrize(
    ("answer", "size"), [("0\n", 0), ("12\n", 12), ("12", None), ("012\n", None), ("", None), ("١\n", None)]
)
def test_a_size_is_read_strictly(answer: str, size: int | None) -> None:
    assert size_in(answer) == size

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.people.rules import sealing
from troth.people.rules.sealing import CannotUnseal, NotAKey

FIRST, SECOND = (sealing.written(bytes([number]) * 32) for number in (1, 2))
KEYS = sealing.read_keys(FIRST)
NONCE = bytes(12)
PLACE = "email_mailbox.password:1"


def sealed(plain: str = "open-sesame", **values: object) -> str:
    return sealing.seal(plain, **{"place": PLACE, "keys": KEYS, "nonce": NONCE, **values})  # type: ignore[arg-type]


def test_sealed_text_never_changes_its_form() -> None:
    assert sealed() == "sealed:0812d20c:AAAAAAAAAAAAAAAA0EX9slhIZszyFPdUWcGkqtXmIvQF264cPeg-"
    assert sealing.unseal(sealed(), place=PLACE, keys=KEYS) == "open-sesame"


@given(plain=st.text(), place=st.text(), nonce=st.binary(min_size=12, max_size=12))
def test_what_was_sealed_comes_back(plain: str, place: str, nonce: bytes) -> None:
    made = sealed(plain, place=place, nonce=nonce)

    assert sealing.is_sealed(made)
    assert sealing.unseal(made, place=place, keys=KEYS) == plain


def test_older_keys_open_and_the_first_seals() -> None:
    both = sealing.read_keys(f"{SECOND}\n{FIRST}\n")

    assert sealing.unseal(sealed(), place=PLACE, keys=both) == "open-sesame"
    assert sealing.name_of_key(sealed(keys=both)) == both[0].name != KEYS[0].name


def test_a_missing_key_is_named_and_nothing_is_lost() -> None:
    with pytest.raises(CannotUnseal, match=f"key {KEYS[0].name}, .* not among the 1 at hand. Put it back .* backup"):
        sealing.unseal(sealed(), place=PLACE, keys=sealing.read_keys(SECOND))


def changed(text: str, at: int) -> str:
    return text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :]


@pytest.mark.parametrize("at", range(len("sealed:01234567:"), len(sealed())))
def test_no_letter_of_it_can_be_changed(at: int) -> None:
    with pytest.raises(CannotUnseal, match="was changed, or carried here"):
        sealing.unseal(changed(sealed(), at), place=PLACE, keys=KEYS)


def test_it_opens_in_its_own_row_only() -> None:
    with pytest.raises(CannotUnseal, match="carried here from another row"):
        sealing.unseal(sealed(), place="email_mailbox.password:2", keys=KEYS)


@pytest.mark.parametrize("text", ["", "open-sesame", "sealed:", "sealed:x", "sealed:0812d20c:", "sealed:0812d20c:???"])
def test_what_is_not_sealed_does_not_open(text: str) -> None:
    with pytest.raises(CannotUnseal):
        sealing.unseal(text, place=PLACE, keys=KEYS)


@pytest.mark.parametrize("text", ["", " \n", "short", FIRST[:-4], f"{FIRST} {FIRST}AAAA", "ü" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotAKey, match="troth seal key"):
        sealing.read_keys(text)


def test_keys_are_read_in_both_alphabets_and_never_shown() -> None:
    secret = os.urandom(31) + b"\xff"
    usual = base64.b64encode(secret).decode()

    assert sealing.read_keys(usual) == sealing.read_keys(sealing.written(secret))
    assert usual[:8] not in repr(sealing.read_keys(usual))

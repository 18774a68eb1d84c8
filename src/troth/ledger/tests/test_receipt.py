"""Receipts: written and read back, whatever the words; and no byte of one can be changed unseen."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from troth.ledger.rules import receipt
from troth.ledger.rules.note import Verifier
from troth.ledger.rules.proof import FIRST_LINE
from troth.ledger.rules.receipt_head import WIDTH, instant, spoken, told_moment
from troth.ledger.rules.receipt_verify import LaterHead, as_written, verify
from troth.ledger.rules.receipt_words import KINDS, SENTENCES
from troth.ledger.tests import receipt_vectors
from troth.ledger.tests.receipts import (
    NEW_KEY,
    OTHER_SHOP,
    SHOP,
    STRANGER,
    WITNESS,
    WORDS,
    WORDS_SALT,
    Log,
    body,
    opening,
    written,
)
from troth.words import facts

VECTORS = json.loads((Path(__file__).resolve().parents[4] / "tests/vectors/receipt.json").read_text())
KEYS = [SHOP.verifier]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
#: What words may do to a text: line breaks of every sort, signs that turn its direction, words that look like the proof.
HOSTILE = {
    "condition": "\r\n\n\n\v\f\x85\u2028\u2029 \t\x00\x1b[31m",
    "quote": f"Hello\n\n{FIRST_LINE}\nextra e30=\nindex 0\n\n{SHOP.name}\n1\n— {SHOP.name} AAAA\n",
    "what": " \u202edesrever\u202c \\u{41} \\ \u200b\ufeff"
    + "\\" * 90
    + "w" * 500
    + "\U0001f468\u200d\U0001f469 \U000e0041",
}


def test_a_usual_promise_reads_so() -> None:
    head, _, tail = written().partition("\n\nc2sp.org")

    assert head.split("\n") == [
        "A promise was made.",
        "",
        "Promised: Send the replacement pump",
        "In the words: We will send you the replacement pump by Friday 13 November,",
        "  18:00.",
        "By: Fri 13 Nov 2026, 17:00 UTC",
        "Worded as: promise",
        "About: promise:31",
        "Customer: customer:7",
        "Said: Mon 2 Nov 2026, 09:30 UTC",
        "Recorded: Mon 2 Nov 2026, 09:30:00.250000 UTC",
        "",
        "Record: shop.example/record",
        "Place: entry 1,042 of 1,050",
        f"Key: {SHOP.verifier.to_text()}",
        "Check it: troth verify, or shop.example/record/verify in a browser (receipt",
        "  format 1)",
    ]
    assert tail.startswith("/tlog-proof@v1\nextra ")


@pytest.mark.parametrize(("size", "index", "most"), [(1, 0, 1700), (1050, 500, 2200), (1050, 1041, 2000)])
def test_a_usual_receipt_is_small(size: int, index: int, most: int) -> None:
    assert len(written(size=size, index=index).encode()) < most


def test_it_holds_by_the_key_one_has() -> None:
    verdict = verify(written().encode(), keys=KEYS)

    assert verdict.holds
    assert verdict.said == (
        "This promise stood in the record shop.example/record as entry 1,042 when the record had 1,050 entries; nothing in it"
        " was changed since.",
        "The words on it are the words that were put on record.",
        f"The record's head is signed with a key that is trusted here: {SHOP.verifier.to_text()}",
    )
    assert verdict.opening is not None
    assert verdict.opening.words == WORDS
    assert verdict.checkpoint is not None
    assert verdict.checkpoint.size == 1050


def test_without_a_key_it_says_what_that_is_worth() -> None:
    verdict = verify(written().encode())

    assert verdict.holds
    assert "not whose key it is" in verdict.said[-1]
    assert "shop.example/record/keys" in verdict.said[-1]


def test_whoever_has_another_key_does_not_take_it() -> None:
    assert verify(written(signers=[STRANGER]).encode()).holds
    assert verify(written(signers=[STRANGER]).encode(), keys=KEYS).code == "key_unknown"


def test_while_the_key_changes_either_will_do() -> None:
    text = written(signers=[NEW_KEY, SHOP]).encode()

    for key in (SHOP, NEW_KEY):
        assert verify(text, keys=[key.verifier]).said[-1].endswith(key.verifier.to_text())


def test_witnesses_are_named_with_the_second_they_saw_it() -> None:
    text = written(signers=[SHOP, WITNESS]).encode()

    assert (
        verify(text).said[-1]
        == "The witness witness.example/w1 saw this head of the record on Mon 2 Nov 2026, 09:30:02 UTC."
    )
    assert "whose key is trusted here, saw" in verify(text, keys=[WITNESS.verifier]).said[-1]
    assert "has not signed" in verify(written().encode(), keys=[WITNESS.verifier]).said[-1]


def test_who_signed_with_an_unknown_key_is_left_out() -> None:
    opened = opening()
    log = Log(leaf=opened.leaf, signers=[SHOP, WITNESS])

    text = receipt.write(opened, index=log.index, path=log.path(), note=log.note(), keys=KEYS)

    assert text == written()


# Nothing can be changed


#: As short as a receipt with every part can be: each of its bytes is tried.
ONE = written(opening(words={"what": "Hello there"}), size=2, index=1, signers=[SHOP, WITNESS]).encode()


def test_no_byte_can_be_another() -> None:
    unseen = [
        (place, byte, other)
        for place, byte in enumerate(ONE)
        for other in {byte ^ 1, byte ^ 32, (10, 13, 32)[place % 3]} - {byte}
        if verify(ONE[:place] + bytes([other]) + ONE[place + 1 :]).holds
    ]

    assert unseen == []


def test_no_byte_can_be_missing_but_the_last_line_break() -> None:
    assert [place for place in range(len(ONE)) if verify(ONE[:place] + ONE[place + 1 :]).holds] == [len(ONE) - 1]


@pytest.mark.parametrize("more", [b" ", b"\n", b"\r", b"A"])
def test_no_byte_can_be_put_in(more: bytes) -> None:
    places = [place for place in range(len(ONE) + 1) if verify(ONE[:place] + more + ONE[place:]).holds]

    assert places == ([len(ONE) - 1, len(ONE)] if more == b"\n" else [])


@given(st.data())
@settings(max_examples=150)
def test_whatever_is_done_to_it_there_is_an_answer(data: st.DataObject) -> None:
    begin, end = sorted(data.draw(st.tuples(st.integers(0, len(ONE)), st.integers(0, len(ONE)))))
    spoiled = ONE[:begin] + data.draw(st.binary(max_size=40)) + ONE[end:]

    verdict = verify(spoiled, keys=KEYS)

    assert verdict.holds == (as_if_unspoiled(spoiled) == ONE)
    assert verdict.code in {"", *SENTENCES}


def as_if_unspoiled(text: bytes) -> bytes:
    return text.removeprefix(b"\xef\xbb\xbf").rstrip(b"\n") + b"\n"


def test_what_programs_do_to_a_text_on_its_way_is_undone() -> None:
    crlf = ONE.replace(b"\n", b"\r\n")

    for text in (b"\xef\xbb\xbf" + ONE, crlf, b"\xef\xbb\xbf" + crlf, ONE + b"\n\n", crlf + b"\r\n", ONE[:-1]):
        assert verify(text, keys=KEYS).holds
        assert as_written(text).encode() == ONE


def test_but_only_all_of_it() -> None:
    mixed = ONE.replace(b"\n", b"\r\n", 4)

    assert verify(mixed).said == (SENTENCES["breaks"].format(line=5),)
    assert verify(b"\xef\xbb\xbf" * 2 + ONE).code == "line"


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\n",
        b"\xff\xfe" + written().encode("utf-16-le"),
        b"\0" * 5000,
        b"x" * (5 << 20),
        ONE[: len(ONE) // 2],
        ONE * 2,
        b"\n\nc2sp.org/tlog-proof@v1\n",
        b"a\n\nc2sp.org/tlog-proof@v1\nextra " + b"W1tb" * 30000 + b"\nindex 0\n\n" + ONE[-400:],
    ],
)
def test_other_files_are_told_apart_in_words(junk: bytes) -> None:
    verdict = verify(junk)

    assert verdict.code in SENTENCES
    assert len(verdict.said) == 1


# The head says what the record says


def test_the_first_line_that_differs_is_named() -> None:
    spoiled = written().replace("By: Fri 13 Nov 2026", "By: Sat 14 Nov 2026")

    assert verify(spoiled.encode(), keys=KEYS).said == (
        "Line 6 says “By: Sat 14 Nov 2026, 17:00 UTC”, but the record says “By: Fri 13 Nov 2026, 17:00 UTC”.",
    )


@given(texts, texts, texts)
@example(**HOSTILE)
@example(condition="", quote="", what="")
@settings(max_examples=120)
def test_any_words_can_be_read_back_and_verified(condition: str, quote: str, what: str) -> None:
    words = {"condition": condition, "quote": quote, "what": what}
    opened = opening(words=words)

    text = written(opened, size=3, index=1)
    verdict = verify(text.encode(), keys=KEYS)

    assert verdict.holds, verdict.said
    assert verdict.opening == opened
    assert {name: unfolded(text).get(label, "") for name, label in LABELS.items()} == words
    lines = text.partition("\n\nc2sp")[0].split("\n")
    assert all(len(line) <= WIDTH for line in lines if not line.startswith("Key: "))
    assert [
        line for line in lines if line.endswith(" ") or (line and not line[0].isalpha() and line[:1] not in " |")
    ] == []
    assert verify(text.replace("\n", "\r\n").encode(), keys=KEYS).holds


LABELS = {"what": "Promised", "condition": "On condition", "quote": "In the words"}


def unfolded(text: str) -> dict[str, str]:
    """The values of the head's second part, read back by what docs/formats/receipt.md says of folding."""
    values: dict[str, str] = {}
    label = ""
    for line in text.split("\n\n")[1].split("\n"):
        if line.startswith("  ") and (len(values[label]) - len(values[label].rstrip("\\"))) % 2:
            values[label] = values[label][:-1] + line[2:]
        elif line.startswith("  "):
            values[label] += line[1:]
        elif line.startswith("|"):
            values[label] += "\n" + line[1:]
        else:
            label, _, values[label] = line.partition(":")
    return {
        label: re.sub(
            r"\\(\\|u\{(\w+)\})",
            lambda sign: chr(int(sign[2], 16)) if sign[2] else "\\",
            value.removeprefix(" ").replace("\n ", "\n"),
        )
        for label, value in values.items()
    }


def test_long_words_take_no_long_time() -> None:
    words = {"condition": "a b" * 20000, "quote": "\n" * 20000, "what": "\u202e" * 20000}
    text = written(opening(words=words), size=3, index=1)

    assert verify(text.encode(), keys=KEYS).holds


@pytest.mark.parametrize("told", [None, True, "armed", "constructor"])
def test_every_kind_has_a_receipt(told: object) -> None:
    for kind in {*facts.kinds(), *KINDS, "FigurePublished", "K" * 300}:
        by = KINDS.get(kind, {}).get("by", "some_field")
        opened = opening(body(kind, **{by: told, "due": "2026-11-13T17:00:00.000000Z", "count": 3}), words=None)

        verdict = verify(written(opened, size=1, index=0).encode(), keys=KEYS)

        assert verdict.holds
        assert verdict.opening == opened


def test_a_kind_without_words_of_its_own_shows_every_field() -> None:
    opened = opening(
        body("FigurePublished", about="figure:3", customer="", kept_rate_percent=97, window="2026-10"), words=None
    )

    assert written(opened, size=1, index=0).split("\n")[:7] == [
        "Put on record: FigurePublished.",
        "",
        "Kept rate percent: 97",
        "Window: 2026-10",
        "About: figure:3",
        "Happened: Mon 2 Nov 2026, 09:30 UTC",
        "Recorded: Mon 2 Nov 2026, 09:30:00.250000 UTC",
    ]


def test_words_that_are_kept_back_are_said_to_be() -> None:
    opened = opening(body(words=WORDS), words=None)

    assert SENTENCES["unopened"] in verify(written(opened).encode()).said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3, "-3"),
        ("2026-11-13T17:00:00.000000Z", "Fri 13 Nov 2026, 17:00 UTC"),
        ("2026-11-13T17:00:01.000000Z", "Fri 13 Nov 2026, 17:00:01 UTC"),
        ("0001-01-01T00:00:00.000001Z", "Mon 1 Jan 0001, 00:00:00.000001 UTC"),
        ("2024-02-29T23:59:59.999999Z", "Thu 29 Feb 2024, 23:59:59.999999 UTC"),
        ("2026-02-29T17:00:00.000000Z", "2026-02-29T17:00:00.000000Z"),
        ("2026-02-28T24:00:00.000000Z", "2026-02-28T24:00:00.000000Z"),
        ("2026-02-28T23:59:60.000000Z", "2026-02-28T23:59:60.000000Z"),
        ("0000-01-01T00:00:00.000000Z", "0000-01-01T00:00:00.000000Z"),
        ("٢026-11-13T17:00:00.000000Z", "٢026-11-13T17:00:00.000000Z"),
    ],
)
def test_values_are_said_so(value: str | int | bool | None, said: str) -> None:
    assert spoken(value) == said


@given(st.datetimes())
def test_every_moment_can_be_told(naive) -> None:  # type: ignore[no-untyped-def]
    at = instant(naive.isoformat(timespec="microseconds") + "Z")

    assert at is not None
    assert told_moment(at).endswith(" UTC")


# What cannot be a receipt


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"[]",
        b'{"about":"a:1","customer":"","kind":"K","v":1} ',
        b'{"about":"a:1","customer":"","kind":"K","v":1.0}',
        b'{"about":"a:1","customer":"","kind":"K","v":9007199254740992}',
        b'{"about":"a:1","customer":"","kind":"K","v":[1]}',
        b'{"about":"a:1","customer":"","kind":"K","kind":"K","v":1}',
        b'{"about":"a:1","customer":"","kind":"K\\",","v":1}',
        b'{"about":"a:1","customer":"","kind":"K","v":"\\ud800"}',
        b'{"about":"a:1","customer":"","v":1}',
        b'{"customer":"","about":"a:1","kind":"K","v":1}',
        b'{"a b":1,"about":"a:1","customer":"","kind":"K","v":1}',
    ],
)
def test_a_fact_that_is_not_canonical_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(receipt.CannotOpen):
        opening(sealed, words=None)


def test_words_for_which_the_fact_has_no_digest_are_refused() -> None:
    opened = opening(body(), words=WORDS)

    assert verify(written(opened).encode()).code == "words"
    assert receipt.words_digest(WORDS, WORDS_SALT) != receipt.words_digest(WORDS | {"what": ""}, WORDS_SALT)


# The vectors, which other verifiers try themselves on


@pytest.mark.parametrize("vector", VECTORS["receipts"], ids=lambda vector: vector["name"])
def test_what_is_said_of_a_vector_never_changes(vector: dict[str, Any]) -> None:
    later = vector.get("later")
    path = later["path"] if later else None

    verdict = verify(
        vector["text"].encode() if "text" in vector else bytes.fromhex(vector["hex"]),
        keys=[Verifier.from_text(key) for key in vector["keys"]],
        later=LaterHead(later["note"], path and [b64decode(one) for one in path], later["live"]) if later else None,
    )

    assert (verdict.code, list(verdict.said)) == (vector["code"], vector["said"])


def test_the_vectors_are_what_their_cases_make_and_try_every_sentence() -> None:
    assert receipt_vectors.vectors() == VECTORS
    assert {one["code"] for one in VECTORS["receipts"]} == {"", *SENTENCES} - SAID_WHERE_IT_HOLDS - {"too_long"}
    said = " ".join(sentence for one in VECTORS["receipts"] for sentence in one["said"])
    assert {code for code in SAID_WHERE_IT_HOLDS if SENTENCES[code].partition("{")[0] not in said} == set()


SAID_WHERE_IT_HOLDS = set(list(SENTENCES)[: list(SENTENCES).index("too_long")])


# Another head beside it


def head(log: Log, size: int) -> str:
    return log.note(size).to_text()


def held(later: LaterHead, *, signers: tuple[object, ...] = (SHOP,)) -> tuple[str, str]:
    opened = opening()
    text = Log(leaf=opened.leaf).write(opened)
    verdict = verify(text.encode(), keys=KEYS, later=later)
    return verdict.code, verdict.said[-1]


LOG = Log(size=2000, leaf=opening().leaf)
REWRITTEN = Log(size=2000, leaf=opening().leaf, other=b"!")


def test_a_later_head_alone_proves_nothing_about_the_entry() -> None:
    assert held(LaterHead(head(LOG, 2000))) == ("", SENTENCES["grew_unproven"].format(now="2,000 entries"))


def test_a_proof_of_consistency_shows_that_it_still_stands() -> None:
    later = LaterHead(head(LOG, 2000), LOG.consistency(1050, 2000), live=True)

    assert held(later) == ("", SENTENCES["still_there"].format(now="2,000 entries", size="1,050 entries"))


def test_a_record_that_was_rewritten_shows() -> None:
    for path in (REWRITTEN.consistency(1050, 2000), LOG.consistency(1050, 2000), []):
        assert held(LaterHead(head(REWRITTEN, 2000), path, live=True))[0] == "rewritten"


def test_two_heads_of_one_size_are_a_fork() -> None:
    assert held(LaterHead(head(LOG, 1050))) == ("", SENTENCES["same_head"])
    assert held(LaterHead(head(REWRITTEN, 1050)))[0] == "fork"


def test_a_smaller_head_is_an_old_file_or_a_record_cut_off() -> None:
    assert held(LaterHead(head(LOG, 900)))[1] == SENTENCES["earlier"].format(now="900 entries")
    assert held(LaterHead(head(LOG, 900), live=True))[0] == "cut"


def test_heads_of_others_are_refused() -> None:
    assert held(LaterHead("no head"))[0] == "head_damaged"
    assert held(LaterHead(head(Log(size=2000, signers=[OTHER_SHOP]), 2000)))[0] == "head_of_other"
    assert held(LaterHead(head(Log(size=2000, signers=[NEW_KEY]), 2000)))[0] == "head_unsigned"

"""What stands in tests/vectors/receipt.json: receipts that hold, receipts that do not, and what is said of each.

`python -m troth.ledger.tests.receipt_vectors > tests/vectors/receipt.json` writes it anew. It changes only with a format version,
or when a case is added.
"""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from troth.ledger.rules import receipt
from troth.ledger.rules.note import Signer, Verifier
from troth.ledger.rules.proof import FIRST_LINE, Proof
from troth.ledger.rules.receipt_verify import LaterHead, verify
from troth.ledger.tests.receipts import (
    NEW_KEY,
    OTHER_SHOP,
    RECORDED_AT,
    SAID_AT,
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

HOSTILE = {
    "condition": "\r\n\n \v\f\x85\u2028\u2029 \t\x00\x1b[31m",
    "quote": f"Hello\n\n{FIRST_LINE}\nextra e30=\nindex 0\n\nshop.example/record\n1\n— shop.example/record AAAA\n",
    "what": " \u202edesrever\u202c \\u{41} \\ \u200b\ufeff"
    + "\\" * 90
    + "w" * 500
    + "\U0001f468\u200d\U0001f469\U000e0041 ",
}
LETTER = {"words": "Dear Ann,\n\nthe pump you wait for comes two days later than we said: on Monday.\n\nYours, Sam\n"}


class Case(NamedTuple):
    name: str
    #: The code that verifying gives, empty where the receipt holds.
    code: str
    receipt: bytes
    keys: Sequence[Signer] = (SHOP,)
    later: LaterHead | None = None


def cases() -> Iterator[Case]:
    yield from holding()
    yield from spoiled_above()
    yield from spoiled_below()
    yield from held_against()


def holding() -> Iterator[Case]:
    usual = written().encode()
    yield Case("a usual promise", "", usual)
    yield Case("without a key", "", usual, keys=())
    yield Case("with a witness", "", written(signers=[SHOP, WITNESS]).encode(), keys=[SHOP, WITNESS])
    yield Case("with a witness nobody knows", "", written(signers=[SHOP, WITNESS]).encode())
    yield Case("without the witness one trusts", "", usual, keys=[WITNESS])
    yield Case("while the key changes, by the old one", "", written(signers=[NEW_KEY, SHOP]).encode())
    yield Case("the first entry alone", "", written(size=1, index=0).encode())
    yield Case("without its words", "", written(opening(body(words=WORDS), words=None)).encode())
    yield Case("words that would mislead", "", written(opening(words=HOSTILE), size=3, index=1).encode())
    yield Case("words that are empty", "", written(opening(words=dict.fromkeys(WORDS, "")), size=3, index=1).encode())
    letter = opening(
        body(
            "TellingSent", words=LETTER, due="2026-11-13T17:00:00.000000Z", telling="heads_up", letter="letter:9", v=2
        ),
        words=LETTER,
    )
    yield Case("a letter", "", written(letter, size=3, index=1).encode())
    verdict = opening(body("VerdictGiven", kept=False), words=None)
    yield Case("a verdict", "", written(verdict, size=3, index=2).encode())
    broken = opening(body("PromiseBroken", due="2026-11-13T17:00:00.000000Z", reason="third_move"), words=None)
    yield Case("a broken promise", "", written(broken, size=5, index=4).encode())
    figure = opening(
        body("FigurePublished", about="figure:3", customer="", kept_rate_percent=97, ended=None), words=None
    )
    yield Case("a kind that is not in the table", "", written(figure, size=300, index=256).encode())
    yield Case("with CR LF everywhere", "", usual.replace(b"\n", b"\r\n"))
    yield Case("with a byte order mark", "", b"\xef\xbb\xbf" + usual)
    yield Case("without the last line break", "", usual[:-1])
    yield Case("with more line breaks at the end", "", usual + b"\n\n")


def spoiled_above() -> Iterator[Case]:
    usual = written()

    def changed(name: str, code: str, old: str, new: str, **more: Any) -> Case:
        assert usual.count(old) >= 1
        return Case(name, code, usual.replace(old, new, 1).encode(), **more)

    yield changed("another date above", "line", "Fri 13 Nov 2026", "Sat 14 Nov 2026")
    yield changed("another word above", "line", "Send the", "Sell the")
    yield changed("a line taken out above", "line", "Worded as: promise\n", "")
    yield changed("a line put in above", "line", "By: Fri", "Refund: in full\nBy: Fri")
    yield changed("another place above", "line", "entry 1,042", "entry 1,041")
    yield changed("a blank at the end of a line", "line", "13 November,\n", "13 November, \n")
    yield changed("a line that turns direction", "line", "Worded as: promise", "Worded as: \u202epromise")
    yield changed("the last line above taken out", "line_missing", "\n  format 1)", "")
    yield changed("a line put in at the end", "line_added", "\n  format 1)", "\n  format 1)\nAll of it is guaranteed.")
    key = SHOP.verifier.to_text()
    yield changed("a letter of the key lost", "key", key, key[:-9] + key[-8:])
    yield changed("another key above", "keys", key, STRANGER.verifier.to_text())
    yield changed("a key of another record above", "foreign_key", key, OTHER_SHOP.verifier.to_text())
    yield changed("the key taken out above", "keys", f"Key: {key}\n", "")
    yield Case("signed by a stranger throughout", "key_unknown", written(signers=[STRANGER]).encode())
    head, tail = usual.split("\n\nc2sp", 1)
    yield Case("only what people read", "no_tail", head.encode())
    yield Case("only the proof", "no_tail", ("c2sp" + tail).encode())
    other = written(opening(words=WORDS | {"what": "Send nothing"}))
    yield Case("the proof of another promise", "line", (head + "\n\nc2sp" + other.split("\n\nc2sp", 1)[1]).encode())
    yield Case("line breaks of two sorts", "breaks", usual.replace("\n", "\r\n", 3).encode())
    yield Case("stored as UTF-16", "not_text", usual.encode("utf-16"))
    yield Case("an empty file", "no_tail", b"")
    yield Case("torn off in the middle", "note", usual[: usual.index("\n1050\n") + 20].encode())


def spoiled_below() -> Iterator[Case]:
    log = Log(leaf=opening().leaf)
    proof = Proof(log.index, tuple(log.path()), log.note(), opening().to_bytes())

    def below(name: str, code: str, change: Callable[[str], str]) -> Case:
        """The tail changed, and the head written anew for what was changed, as a forger would."""
        head, tail = written().split("\n\nc2sp", 1)
        changed = "c2sp" + tail
        assert change(changed) != changed
        return Case(name, code, (head + "\n\n" + change(changed)).encode())

    def forged(name: str, code: str, opened: receipt.Opening, proof: Proof = proof) -> Case:
        proof = replace(proof, extra=opened.to_bytes())
        head = receipt.head_of(opened, proof, [SHOP.verifier])
        return Case(name, code, "\n".join([*head, "", proof.to_text()]).encode())

    def extra(name: str, change: Callable[[bytes], bytes]) -> Case:
        encoded = b64encode(change(proof.extra)).decode()
        return below(name, "extra", lambda tail: tail.replace(b64encode(proof.extra).decode(), encoded))

    fact = opening().body
    yield forged(
        "another date, above and below", "path", replace(opening(), body=fact.replace(b"2026-11-13", b"2026-11-14"))
    )
    yield forged("another salt", "path", replace(opening(), salt=bytes(32)))
    yield forged("recorded earlier", "path", replace(opening(), recorded_at=SAID_AT))
    yield forged("happened later", "path", replace(opening(), happened_at=RECORDED_AT))
    yield forged("other words, above and below", "words", replace(opening(), words=WORDS | {"what": "Send nothing"}))
    yield forged("another salt of the words", "words", replace(opening(), words_salt=bytes(16)))
    yield forged("another place, above and below", "path", opening(), replace(proof, index=1040))
    yield forged("a place beyond the end", "path", opening(), replace(proof, index=1050))
    yield forged("a place that is another one to some", "proof", opening(), replace(proof, index=1 << 53))
    yield forged("a path too short", "path", opening(), replace(proof, path=proof.path[:-1]))
    yield forged("a path too long", "path", opening(), replace(proof, path=(*proof.path, bytes(32))))
    yield forged("a path of another leaf", "path", opening(), replace(proof, path=(bytes(32), *proof.path[1:])))
    yield extra("extra that is no JSON", lambda raw: raw[:-1])
    yield extra("extra with a blank", lambda raw: raw.replace(b":", b": ", 1))
    yield extra("extra with one more member", lambda raw: raw.replace(b'{"body"', b'{"bo":1,"body"'))
    yield extra("extra with a fraction", lambda raw: raw.replace(b'"v":2', b'"v":2.5'))
    yield extra("extra with half a sign", lambda raw: raw.replace(b"staff:3", b"\\ud800"))
    yield extra("extra with the 30th of February", lambda raw: raw.replace(b'_at":"2026-11-02', b'_at":"2026-02-30'))
    yield extra("words without a salt", lambda raw: raw[: raw.index(b',"words_salt"')] + b"}")
    yield extra("words that are none", lambda raw: re.sub(rb'"words":\{.*?\}', b'"words":true', raw))
    yield below("extra taken out", "extra", lambda tail: tail.replace(tail.split("\n")[1] + "\n", ""))
    yield below("extra with a letter that is none", "proof", lambda tail: tail.replace("extra ey", "extra -y"))
    yield below("a line of the path damaged", "proof", lambda tail: tail.replace("=\n", "\n", 1))
    yield below("another first line", "no_tail", lambda tail: tail.replace("proof@v1", "proof@v2"))
    yield below("another size", "signature", lambda tail: tail.replace("\n1050\n", "\n1051\n"))
    yield below("a size that is another one to some", "note", lambda tail: tail.replace("\n1050\n", f"\n{1 << 53}\n"))
    yield below(
        "another root", "signature", lambda tail: tail.replace(b64(log.note().text), b64encode(bytes(32)).decode())
    )
    yield below(
        "another record", "foreign_key", lambda tail: tail.replace("\nshop.example/record\n", "\nshop.example/books\n")
    )
    yield below("another signature", "signature", lambda tail: _other_signature(tail))
    yield below("without a signature", "note", lambda tail: tail[: tail.index("— ")])
    yield below("something after the end", "note", lambda tail: tail + "P.S.\n")
    text = written(signers=[SHOP, WITNESS])
    yield Case("another second of the witness", "signature", _other_signature(text, at=4 + 7).encode())
    yield Case("without the witness's signature", "keys", text[: text.rindex("— ")].encode())


def held_against() -> Iterator[Case]:
    usual = written().encode()
    leaf = opening().leaf
    longer, other = Log(size=2000, leaf=leaf), Log(size=2000, leaf=leaf, other=b"!")
    proven = longer.consistency(1050, 2000)

    def against(name: str, code: str, log: Log, size: int, **more: Any) -> Case:
        return Case(name, code, usual, later=LaterHead(log.note(size).to_text(), **more))

    yield against("the same head", "", longer, 1050)
    yield against("a later head alone", "", longer, 2000)
    yield against("a later head with its proof", "", longer, 2000, path=proven, live=True)
    yield against("an earlier head", "", longer, 900)
    yield against("a record rewritten", "rewritten", other, 2000, path=other.consistency(1050, 2000), live=True)
    yield against("a proof too short", "rewritten", longer, 2000, path=proven[:-1], live=True)
    yield against("another head of that size", "fork", other, 1050)
    yield against("a record cut off", "cut", longer, 900, live=True)
    yield against("the head of another record", "head_of_other", Log(size=2000, signers=[OTHER_SHOP]), 2000)
    yield against("a head signed by a stranger", "head_unsigned", Log(size=2000, leaf=leaf, signers=[STRANGER]), 2000)
    yield Case("a head that is none", "head_damaged", usual, later=LaterHead("shop.example/record\n2000\n"))


def b64(checkpoint: str) -> str:
    """The root in the text of a checkpoint, as it is written there."""
    return checkpoint.split("\n")[2]


def _other_signature(text: str, *, at: int = 40) -> str:
    """The text with another byte at this place of its last signature."""
    before, _, encoded = text.rstrip("\n").rpartition(" ")
    raw = bytearray(b64decode(encoded))
    raw[at] ^= 1
    return f"{before} {b64encode(raw).decode()}\n"


def vectors() -> dict[str, Any]:
    found = []
    for case in cases():
        keys: list[Verifier] = [one.verifier for one in case.keys]
        plain: dict[str, Any] = {"name": case.name, "keys": [key.to_text() for key in keys]}
        try:
            plain["text"] = case.receipt.decode()
        except UnicodeDecodeError:
            plain["hex"] = case.receipt.hex()
        if case.later:
            path = None if case.later.path is None else [b64encode(one).decode() for one in case.later.path]
            plain["later"] = {"note": case.later.note, "path": path, "live": case.later.live}
        plain["code"] = case.code
        plain["said"] = list(verify(case.receipt, keys=keys, later=case.later).said)
        found.append(plain)
    words_digest = receipt.words_digest(WORDS, WORDS_SALT)
    first = {"body": opening().body.decode(), "leaf": opening().leaf.hex(), "words_digest": words_digest}
    return {"format": 1, "first": first, "receipts": found}


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")

"""docs/formats/receipt.md is enough: the verifiers on it run here, and know nothing of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from troth.ledger.rules.receipt_head import WIDTH
from troth.ledger.rules.receipt_words import KINDS, SENTENCES
from troth.ledger.tests.receipts import SHOP, opening, written

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs/formats/receipt.md").read_text()
VECTORS = [
    one
    for one in json.loads((ROOT / "tests/vectors/receipt.json").read_text())["receipts"]
    if "text" in one and SHOP.verifier.to_text() in one["keys"]
]
GOOD = [one for one in VECTORS if not one["code"] and "\r" not in one["text"]]
#: What is wrong there shows in the tail, to whoever reads proofs of that form with the log's key and asks for the words.
IN_THE_TAIL = {"path", "words", "signature", "note", "proof"}
BAD = [one for one in VECTORS if one["code"] in IN_THE_TAIL and "witness" not in one["name"]]
KEY = SHOP.verifier.to_text()


def shown() -> dict[str, Any]:
    """Whatever the programs on the page define."""
    found: dict[str, Any] = {}
    for program in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(program, "receipt.md", "exec"), found)  # noqa: S102 - our own page
    return found


CHECKS = shown()


def tail(vector: dict[str, Any]) -> str:
    cut = re.search(r"^c2sp.org/tlog-proof@v1$.*", vector["text"].lstrip("\ufeff"), re.MULTILINE | re.DOTALL)
    assert cut
    return cut[0].rstrip("\n") + "\n"


def either(vector: dict[str, Any]) -> None:
    """Both verifiers of the page, one after the other: the second knows the leaf from the first."""
    leaf, _opened = CHECKS["check_tail"](tail(vector), KEY)
    CHECKS["check_with_tlog_scales"](tail(vector), KEY, leaf)


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_others_take_what_we_take(vector: dict[str, Any]) -> None:
    either(vector)


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["name"])
def test_others_refuse_what_we_refuse(vector: dict[str, Any]) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - each library has its own
        either(vector)


def test_tlog_scales_alone_finds_another_leaf_and_another_signature() -> None:
    usual = tail(GOOD[0])

    CHECKS["check_with_tlog_scales"](usual, KEY, opening().leaf)
    with pytest.raises(Exception, match="root_hash"):
        CHECKS["check_with_tlog_scales"](usual, KEY, bytes(32))
    for vector in BAD:
        if vector["code"] == "signature":
            with pytest.raises(Exception):  # noqa: B017, PT011
                CHECKS["check_with_tlog_scales"](tail(vector), KEY, opening().leaf)


def test_the_example_is_the_first_vector() -> None:
    example = PAGE.split("```\n")[1]
    above = written().split("extra ")[0]

    assert example.startswith(above)
    assert f"above {len(written().encode()):,} bytes as entry 1,042 of 1,050" in PAGE


def test_every_kind_every_row_and_every_code_is_told() -> None:
    for kind, told in KINDS.items():
        row = next(line for line in PAGE.split("\n") if line.startswith(f"| `{kind}` |"))
        assert told["title"] in row
        for value, title in told.get("titles", {}).items():
            assert f"where `{told['by']}` is {value}: {title}" in row
        for name, label in told["rows"]:
            assert f"`{name}` {label}" in row or (
                name in ("about", "customer", "happened_at", "recorded_at") and label in row
            )
        assert len(told["title"]) <= WIDTH
    codes = list(SENTENCES)
    for code in codes[codes.index("too_long") :]:
        assert f"`{code}`" in PAGE

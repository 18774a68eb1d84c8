"""The public record on an invented day, as the values its pages ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.house.pages import QUOTES, STAFF, at

PUBLIC = {**STAFF, "shell": None, "verify_href": "#"}
COMMIT = "e1d0bdd5213b02f37d70f039df154f644c4b7cc18822bd9f7f12c163bdaa9307"
ENVELOPE = (
    f'{{"commit":"{COMMIT}","happened_at":"2026-11-26T13:59:58.000001Z","kind":"PromiseMade",'
    '"recorded_at":"2026-11-26T14:00:00.000000Z","v":1}'
)
HEAD = {
    "size": 48_213,
    "root": "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=",
    "origin": "promises.harbourpine.example/record",
    "signed_at": at(minutes=-2),
    "keys": ["promises.harbourpine.example/record+1a2b3c4d"],
    "witnesses": [
        {"name": "witness.consumers.example/troth", "at": at(minutes=-1)},
        {"name": "witness.joiners-guild.example", "at": at(minutes=-2)},
    ],
}
KINDS = [
    ("LetterQueued", 9_120), ("LetterDelivered", 9_087), ("MessageReceived", 6_402), ("MessageRead", 6_400), ("PromiseMade", 5_211),
    ("PromiseKept", 4_630), ("StaffWarned", 1_204), ("TellingSent", 402), ("CustomerTold", 398), ("PromiseMoved", 171),
    ("PromiseLate", 90), ("PromiseBroken", 41), ("LogKeyChanged", 1),
]  # fmt: skip


def kind_words(kind: str) -> str:
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in kind).strip().capitalize()


def line(back: int, kind: str) -> dict[str, Any]:
    when = at(minutes=-back)
    return {
        "position": 48_213 - back,
        "kind": kind,
        "words": kind_words(kind),
        "happened_at": when,
        "recorded_at": when,
        "href": "#",
    }


def pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    overview = {
        **PUBLIC,
        "how": "open",
        "head": HEAD,
        "kinds": [{"words": kind_words(kind), "entries": entries, "href": "#"} for kind, entries in KINDS],
        "days": [{"day": at(days=-back).date(), "entries": 700 - 31 * back, "href": "#"} for back in range(8)],
        "counted_to": 48_213,
        "newer": None,
        "older": "#",
    }
    bare = {**overview, "kinds": [], "days": [], "older": None}
    yield "record", "record/overview.html", overview
    two_keys = [*HEAD["keys"], "promises.harbourpine.example/record+99887766"]  # type: ignore[misc]
    yield "record-hashes", "record/overview.html", {**bare, "how": "hashes", "head": {**HEAD, "keys": two_keys}}
    yield "record-unwitnessed", "record/overview.html", {**bare, "head": {**HEAD, "witnesses": []}}
    yield "record-empty", "record/overview.html", {**bare, "head": None}
    yield "record-closed", "record/overview.html", {**bare, "how": "closed", "head": None}
    listed = {
        **PUBLIC,
        "kinds": [
            {"value": kind, "words": kind_words(kind), "here": kind == "PromiseMade"} for kind, _entries in KINDS
        ],
        "day": "2026-11-26",
        "filtered": True,
        "lines": [line(back, kind) for back, (kind, _entries) in enumerate(KINDS)],
        "page": "#",
        "pages": {"words": "", "newer": "#", "older": "#"},
    }
    yield "record-entries", "record/entries.html", listed
    yield "record-entries-none", "record/entries.html", {**listed, "lines": [], "pages": None}
    yield "record-entries-empty", "record/entries.html", {**listed, "lines": [], "pages": None, "filtered": False}
    one = {
        **PUBLIC,
        "line": line(3, "PromiseMade"),
        "envelope": ENVELOPE,
        "commit": COMMIT,
        "leaf": "Kp4K/F0tu90iKE45SyVnGaDECED8dJjgYxvF2fQ7qmo=",
        "index": 48_209,
        "size": 48_213,
        "proof_href": "#",
        "envelope_href": "#",
        "newer": "#",
        "older": "#",
    }
    yield "record-entry", "record/entry.html", one
    named = [("The promise", 48_000), ("What was written to the customer about it", 48_001), ("The new date", 48_002)]
    kept = [{"words": words, "at": at(days=-1), "position": position, "href": "#"} for words, position in named]
    soon = {"words": "When the customer was told", "at": at(), "position": None, "href": None}
    promised = {**STAFF, "quote": QUOTES[0], "words": "", "back": "#", "verify_href": "#"}
    yield "promise-receipts", "record/promise.html", {**promised, "receipts": [*kept, soon]}
    yield "promise-receipts-none", "record/promise.html", {**promised, "receipts": []}

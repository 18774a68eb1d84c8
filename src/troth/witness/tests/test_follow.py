"""What `troth audit` remembers, reads and says; a process of its own where it is the command that is tried."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.ledger.rules import canonical, tree
from troth.ledger.rules.checkpoint import NotACheckpoint
from troth.ledger.rules.cosigning import Asked, NotARequest
from troth.ledger.rules.note import NotANote
from troth.ledger.rules.proof import Proof
from troth.ledger.rules.receipt import Opening, write
from troth.ledger.rules.tree import hashes_of, inclusion_ranges
from troth.ledger.tests.receipts import opening
from troth.witness import follow, state
from troth.witness.evidence import Evidence, NotEvidence
from troth.witness.follow import CONTRADICTED, NOT_CHECKED, WELL, Report, Wanted
from troth.witness.log import Log
from troth.witness.reading import read_entries
from troth.witness.rules import bundles
from troth.witness.rules.findings import Kind
from troth.witness.rules.head import Head
from troth.witness.state import Read, State, StateNotRead
from troth.witness.tests.logs import NOW, NearSite, Served, TreeLog, envelope, served, signer


@pytest.fixture
def shown() -> Iterator[Served]:
    with served(TreeLog().grow(600)) as found:
        yield found


def kinds(report: Report) -> list[Kind]:
    return [one.kind for one in report.found]


def receipt(log: TreeLog, index: int) -> bytes:
    """A bare proof, as any log may give one."""
    path = hashes_of(inclusion_ranges(index, log.size), log.tiles)
    return Proof(index, tuple(path), log.note()).to_text().encode()


def own_receipt(log: TreeLog) -> bytes:
    """A receipt of Troth for an entry that is added for it."""
    opened = opening()
    log.append([envelope_of(opened)]).grow(9)
    index = log.size - 10
    path = hashes_of(inclusion_ranges(index, log.size), log.tiles)
    keys = [one.verifier for one in log.signers]
    return write(opened, index=index, path=path, note=log.note(), keys=keys).encode()


def envelope_of(opened: Opening) -> bytes:
    commit = canonical.commitment(opened.salt, opened.body)
    found = canonical.envelope_bytes(
        kind="PromiseMade", happened_at=opened.happened_at, recorded_at=opened.recorded_at, commit=commit
    )
    assert tree.leaf_hash(found) == opened.leaf
    return found


# Entries


def read(log: TreeLog, before: Read | None = None) -> tuple[list[Kind], Read, list[Read]]:
    saved: list[Read] = []
    head = Head.from_text(log.note().to_text())
    found, after = read_entries(
        Log(NearSite(log)), head, before or Read(), now=NOW, save=saved.append, tell=lambda _done, _all: None
    )
    return [one.kind for one in found], after, saved


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3) | st.integers(250, 260) | st.sampled_from([256, 512]), min_size=1, max_size=5))
def test_entries_are_read_on_from_where_they_were_left(steps: list[int]) -> None:
    log, far = TreeLog(), Read()
    for step in steps:
        log.grow(step)
        found, far, _saved = read(log, far)
        assert found == [Kind.ENTRIES_WELL]
        assert far.count == log.size // 256 * 256
        assert len(far.subtrees) == (log.size // 256).bit_count()


@pytest.mark.parametrize("index", [0, 255, 256, 511, 512, 599])
def test_a_changed_entry_is_seen_and_named_to_its_bundle(index: int) -> None:
    log = TreeLog().grow(600)
    log.entries[index] = envelope(9999)
    site = NearSite(log)
    first = index // 256 * 256

    found, far = read_entries(
        Log(site),
        Head.from_text(log.note().to_text()),
        Read(),
        now=NOW,
        save=lambda _read: None,
        tell=lambda _done, _all: None,
    )

    assert [one.kind for one in found] == [Kind.ENTRIES_WRONG]
    assert f"of {first} to {min(first + 255, 599)}" in found[0].words
    assert far == Read()


def test_entries_changed_together_with_their_tiles_are_seen() -> None:
    log = TreeLog().grow(1030)
    true = log.note()
    other = log.remade([*log.entries[:5], envelope(9999), *log.entries[6:]])
    other.note = lambda size=None: true  # type: ignore[method-assign]

    found, far, _saved = read(other)

    assert found == [Kind.ENTRIES_WRONG]
    assert far == Read()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (b"hello", "not written as"),
        (envelope(1)[:-1] + b" }", "not written as"),
        (envelope(1).replace(b'"v":1', b'"v":2'), "not written as"),
        (envelope(1, kind="a kind"), "not written as"),
        (b"[" * 60000, "not written as"),
        (envelope(1).replace(b'"commit":"', b'"commit":"0'), "not written as"),
        (envelope(1, at=NOW - timedelta(days=9)), "long before"),
        (envelope(1, at=NOW + timedelta(days=9)), "still to come"),
    ],
)
def test_an_entry_that_is_not_well_formed_is_told_each_time(entry: bytes, words: str) -> None:
    log = TreeLog().grow(300).append([entry]).grow(300)
    head, far = Head.from_text(log.note().to_text()), Read()

    for _time in range(2):
        found, far = read_entries(
            Log(NearSite(log)), head, far, now=NOW, save=lambda _read: None, tell=lambda _done, _all: None
        )
        assert [one.kind for one in found] == [Kind.ENTRIES_ODD]
        assert "entry 300" in found[0].words
        assert words in found[0].words
        assert found[0].words.startswith("ENTRIES ARE NOT WELL FORMED (1)")


def test_a_little_backwards_is_how_acts_that_take_time_look() -> None:
    log = TreeLog().grow(3).append([envelope(1, at=NOW - timedelta(days=1, minutes=30))]).grow(3)

    assert read(log)[0] == [Kind.ENTRIES_WELL]


def test_entries_of_another_s_log_are_only_hashed() -> None:
    log = TreeLog([b"", b"anything", b"x" * 65535])
    head = Head.from_text(log.note().to_text())

    found, _far = read_entries(
        Log(NearSite(log)), head, Read(), now=NOW, save=lambda _read: None, tell=lambda _done, _all: None
    )

    assert [one.kind for one in found] == [Kind.ENTRIES_WELL]
    assert "not Troth’s" in found[0].words


@given(st.lists(st.binary(max_size=40), max_size=9))
def test_a_bundle_says_what_was_put_in(entries: list[bytes]) -> None:
    bundle = b"".join(len(one).to_bytes(2, "big") + one for one in entries)

    assert bundles.entries_of(bundle, len(entries)) == entries


@given(st.binary(max_size=60), st.integers(0, 4))
def test_any_bytes_are_a_bundle_or_refused(bundle: bytes, count: int) -> None:
    try:
        found = bundles.entries_of(bundle, count)
    except bundles.NotABundle:
        return
    assert b"".join(len(one).to_bytes(2, "big") + one for one in found) == bundle


# Receipts


def test_a_receipt_stands_or_is_denied(shown: Served, tmp_path: Path) -> None:
    held = receipt(shown.log, 77)
    wanted = Wanted(shown.url, tmp_path / "state", receipts=[("mine.txt", held)])

    shown.log.grow(50)
    assert kinds(follow.look_once(wanted, now=NOW)) == [Kind.KEY_TRUSTED, Kind.FIRST, Kind.RECEIPT_WELL]

    # Another auditor, who never looked before: only the receipt remembers.
    late = Wanted(shown.url, tmp_path / "late", receipts=[("mine.txt", held)])
    shown.log = shown.log.without(300).grow(1)
    report = follow.look_once(late, now=NOW)

    assert kinds(report) == [Kind.KEY_TRUSTED, Kind.FIRST, Kind.RECEIPT_REFUTED]
    assert report.ends_with == CONTRADICTED
    assert "HISTORY WAS REWRITTEN" in report.found[-1].words
    assert Path(report.found[-1].evidence).exists()


@pytest.mark.parametrize("cut", [0, 77, 400])
def test_a_receipt_sees_a_log_that_was_cut(shown: Served, tmp_path: Path, cut: int) -> None:
    wanted = Wanted(shown.url, tmp_path / "state", receipts=[("mine.txt", receipt(shown.log, 77))])
    shown.log = shown.log.remade(shown.log.entries[:cut])

    report = follow.look_once(wanted, now=NOW)

    assert kinds(report) == [Kind.KEY_TRUSTED, Kind.FIRST, Kind.RECEIPT_REFUTED]
    assert "CUT SHORT" in report.found[-1].words


def test_a_receipt_of_troth_must_hold_as_a_whole(shown: Served, tmp_path: Path) -> None:
    held = own_receipt(shown.log)
    changed = held.replace(b"Friday", b"Sunday")
    assert changed != held
    wanted = Wanted(shown.url, tmp_path / "state", receipts=[("mine.txt", held), ("changed.txt", changed)])

    shown.log.grow(50)
    assert kinds(follow.look_once(wanted, now=NOW))[2:] == [Kind.RECEIPT_WELL, Kind.RECEIPT_FOREIGN]

    shown.log = shown.log.without(3).grow(1)
    late = Wanted(shown.url, tmp_path / "late", receipts=[("mine.txt", held)])
    assert kinds(follow.look_once(late, now=NOW))[2:] == [Kind.RECEIPT_REFUTED]


def test_a_receipt_with_another_key_or_path_proves_nothing(shown: Served, tmp_path: Path) -> None:
    strange = TreeLog(shown.log.entries, signers=[signer(4)])
    wrong = receipt(shown.log, 77).replace(b"index 77", b"index 78")
    wanted = Wanted(shown.url, tmp_path / "state", receipts=[("a", receipt(strange, 77)), ("b", wrong)])

    report = follow.look_once(wanted, now=NOW)

    assert kinds(report)[2:] == [Kind.RECEIPT_FOREIGN, Kind.RECEIPT_FOREIGN]


def test_a_receipt_of_a_former_key_still_stands(shown: Served, tmp_path: Path) -> None:
    held = receipt(shown.log, 77)
    wanted = Wanted(shown.url, tmp_path / "state", receipts=[("mine.txt", held)])
    follow.look_once(wanted, now=NOW)
    for signers in ([signer(2), signer(1)], [signer(2)]):
        shown.log.grow(1).signers = signers
        report = follow.look_once(wanted, now=NOW)

    assert kinds(report) == [Kind.GREW, Kind.RECEIPT_WELL]


def test_what_is_no_receipt_is_said(shown: Served, tmp_path: Path) -> None:
    report = follow.look_once(Wanted(shown.url, tmp_path / "state", receipts=[("list.txt", b"milk")]), now=NOW)

    assert report.ends_with == NOT_CHECKED
    assert "list.txt" in report.not_checked


# What is remembered


def test_the_file_remembers_everything(shown: Served, tmp_path: Path) -> None:
    wanted = Wanted(shown.url, tmp_path / "deep" / "state", entries=True)
    assert follow.look_once(wanted, now=NOW).ends_with == WELL

    kept = state.load(wanted.state)
    assert kept is not None
    assert kept == State.from_text(kept.to_text())
    assert kept.read.count == 512
    shown.asked.clear()
    follow.look_once(wanted, now=NOW)
    assert [path for path in shown.asked if "entries" in path] == ["tile/entries/002.p/88"]


def test_a_file_that_remembers_nothing_is_not_taken_for_a_first_look(shown: Served, tmp_path: Path) -> None:
    wanted = Wanted(shown.url, tmp_path / "state")
    for broken in ("", "{}", "[1]", '{"v": 2}'):
        wanted.state.write_text(broken)
        with pytest.raises(StateNotRead, match="keep a copy"):
            follow.look_once(wanted, now=NOW)


def test_two_do_not_audit_with_one_file(shown: Served, tmp_path: Path) -> None:
    wanted = Wanted(shown.url, tmp_path / "state")
    with state.alone_with(wanted.state), pytest.raises(StateNotRead, match="at work"):
        follow.look_once(wanted, now=NOW)


def test_logs_do_not_share_a_file() -> None:
    places = {state.usual_place(url) for url in ("https://a.example/x", "https://a.example/x/y", "https://a.example-x")}

    assert len(places) == 3


# The command


def troth(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from troth.site.cli import main; main()", "audit", *map(str, words)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_says_and_ends_as_documented(shown: Served, tmp_path: Path) -> None:
    kept = ("--state", tmp_path / "state")
    first = troth(shown.url, *kept, "--entries")
    assert first.returncode == WELL, first.stderr
    assert "600 entries" in first.stdout

    shown.log = shown.log.without(1).grow(5)
    rewritten = troth(shown.url, *kept, "--json", "--every", "1")
    assert rewritten.returncode == CONTRADICTED
    (found,) = json.loads(rewritten.stdout)["found"]
    assert found["kind"] == "rewritten"

    judged = troth("--evidence", found["evidence"])
    assert judged.returncode == WELL, judged.stdout
    assert signer().verifier.to_text() in judged.stdout

    assert troth("http://127.0.0.1:1/record", *kept).returncode == NOT_CHECKED
    assert troth("http://example.org/record", *kept).returncode == 2
    assert troth().returncode == 2


def test_who_ends_it_hears_no_alarm(shown: Served, tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from troth.site.cli import main; main()", "audit", shown.url, "--every", "60"]
    with subprocess.Popen([*words, "--state", str(tmp_path / "state")], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "600 entries" in process.stdout.readline()
        assert [process.stdout.readline()[:6] for _line in range(2)] == ["  ok  ", "  ok  "]
        process.send_signal(signal.SIGINT)

        assert process.wait(20) == 130


# Strangers' bytes


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_a_thing_or_refused(text: str) -> None:
    for read_as, refused in (
        (Asked.from_text, NotARequest),
        (lambda text: Asked.from_text("old 3\n\n" + text), NotARequest),
        (State.from_text, StateNotRead),
        (Evidence.from_text, NotEvidence),
        (Head.from_text, (NotANote, NotACheckpoint)),
    ):
        with contextlib.suppress(refused):
            read_as(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["v", "log", "keys", "former_keys", "head", "seen_at", "read"]), JSON)
def test_a_state_with_anything_in_it_is_read_or_refused(name: str, value: object) -> None:
    with contextlib.suppress(StateNotRead):
        State.from_text(json.dumps(json.loads(STATE.to_text()) | {name: value}))


@given(st.sampled_from(["keys", "before", "after", "found_at", "other_root", "path", "words"]), JSON)
def test_evidence_with_anything_in_it_proves_nothing_or_what_it_did(name: str, value: object) -> None:
    other = Head.from_text(TreeLog([b"other"]).note().to_text())
    whole = Evidence("forked", "", "", NOW, (signer().verifier,), STATE.head, other)
    whole.check()

    with contextlib.suppress(NotEvidence):
        Evidence.from_text(json.dumps(json.loads(whole.to_text()) | {name: value})).check()


STATE = State("https://e.org", Head.from_text(TreeLog().grow(1).note().to_text()), (signer().verifier,), NOW)

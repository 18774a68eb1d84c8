"""Every way to take back what was signed is seen, and an honest log never raises an alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tlog_scales.signing import PlainEd25519Signer
from tlog_scales.writer import TilesWriter

from troth.ledger.rules.note import COSIGNATURE, Note, Verifier
from troth.ledger.rules.tree import Tile
from troth.witness import audit
from troth.witness.evidence import Evidence, NotEvidence
from troth.witness.fetch import FetchFailed, Site
from troth.witness.log import Log
from troth.witness.reading import read_entries
from troth.witness.rules.findings import Kind
from troth.witness.rules.head import Head
from troth.witness.state import Read, State
from troth.witness.tests.logs import NOW, ORIGIN, NearSite, Served, TreeLog, envelope, folder_served, served, signer


@pytest.fixture
def shown() -> Iterator[Served]:
    with served(TreeLog().grow(300)) as found:
        yield found


class Auditor:
    """Who follows the log, and remembers between looks what a file would."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.state: State | None = None

    def look(self, *, given: list[Verifier] | None = None, witnesses: list[Verifier] | None = None) -> list[Kind]:
        with self.site:
            done = audit.look(
                Log(self.site),
                self.state and State.from_text(self.state.to_text()),
                given=given or [],
                witnesses=witnesses or [],
                evidence=self.folder,
                now=NOW,
                wait=lambda _seconds: None,
            )
        self.state, self.found = done.state, done.found
        return [one.kind for one in done.found]

    def evidence(self) -> Evidence:
        (path,) = [Path(one.evidence) for one in self.found if one.evidence]
        return Evidence.from_text(path.read_text())


@pytest.fixture
def ann(shown: Served, tmp_path: Path) -> Auditor:
    found = Auditor(Site(shown.url), tmp_path)
    assert found.look() == [Kind.KEY_TRUSTED, Kind.FIRST]
    return found


def test_a_log_that_grows_is_well(ann: Auditor, shown: Served) -> None:
    assert ann.look() == [Kind.UNCHANGED]
    shown.log.grow(1)
    assert ann.look() == [Kind.GREW]
    assert ann.state is not None
    assert ann.state.head.size == 301


def test_a_given_key_is_the_one_that_counts(shown: Served, tmp_path: Path) -> None:
    right, wrong = Auditor(Site(shown.url), tmp_path), Auditor(Site(shown.url), tmp_path)

    assert right.look(given=[signer().verifier]) == [Kind.FIRST]
    assert wrong.look(given=[signer(9).verifier]) == [Kind.NOT_SIGNED]
    assert wrong.state is None


def test_a_log_that_shows_no_key_needs_one(shown: Served, tmp_path: Path) -> None:
    shown.log.shown = []

    with pytest.raises(audit.NoKey, match="--key"):
        Auditor(Site(shown.url), tmp_path).look()


# What is taken back

Change = Callable[[TreeLog], TreeLog]

TAKEN_BACK: dict[str, tuple[Change, Kind, bool]] = {
    "an entry deleted, none since": (lambda log: log.without(10), Kind.TRUNCATED, False),
    "an entry deleted, as many since": (lambda log: log.without(10).append([envelope(900)]), Kind.FORKED, True),
    "an entry deleted, more since": (lambda log: log.without(10).grow(40), Kind.REWRITTEN, True),
    "an entry changed": (lambda log: log.remade([*log.entries[:70], b"other", *log.entries[71:]]), Kind.FORKED, True),
    "an entry changed, then grown": (
        lambda log: log.remade([*log.entries[:70], b"other", *log.entries[71:]]).grow(1),
        Kind.REWRITTEN,
        True,
    ),
    "an entry put in between": (
        lambda log: log.remade([*log.entries[:70], b"new", *log.entries[70:]]),
        Kind.REWRITTEN,
        True,
    ),
    "two entries exchanged": (
        lambda log: log.remade([log.entries[1], log.entries[0], *log.entries[2:]]),
        Kind.FORKED,
        True,
    ),
    "the last entries cut off": (lambda log: log.remade(log.entries[:250]), Kind.TRUNCATED, False),
    "all entries cut off": (lambda log: log.remade([]), Kind.TRUNCATED, False),
    "cut off, and other ones since": (
        lambda log: log.remade([*log.entries[:250], *(envelope(2000 + n) for n in range(90))]),
        Kind.REWRITTEN,
        True,
    ),
}


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_history_taken_back_is_seen_and_proven(ann: Auditor, shown: Served, name: str) -> None:
    change, kind, proves_itself = TAKEN_BACK[name]
    before = ann.state
    shown.log = change(shown.log)

    assert ann.look() == [kind]

    evidence = ann.evidence()
    assert (evidence.before.size, evidence.after.size) == (300, shown.log.size)
    if proves_itself:
        evidence.check()
    else:
        with pytest.raises(NotEvidence, match="only with a proof"):
            evidence.check()
    assert ann.state == before
    assert ann.look() == [kind]  # and again, until somebody looks into it


def test_a_head_that_goes_back_is_seen(ann: Auditor, shown: Served) -> None:
    old = shown.log.note().to_text().encode()
    shown.log.grow(20)
    assert ann.look() == [Kind.GREW]

    def stale(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(old)))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(old)  # type: ignore[attr-defined]

    shown.faults["checkpoint"] = stale

    assert ann.look() == [Kind.ROLLED_BACK]
    shown.faults.clear()
    assert ann.look() == [Kind.UNCHANGED]


def test_two_copies_of_one_log_are_told_apart(ann: Auditor, shown: Served) -> None:
    other = shown.log.twin().append([b"told to the others"])
    shown.log.append([b"told to ann"])
    assert ann.look() == [Kind.GREW]

    shown.log = other

    assert ann.look() == [Kind.FORKED]
    ann.evidence().check()


def test_another_log_at_the_same_address_is_seen(ann: Auditor, shown: Served) -> None:
    shown.log = TreeLog(shown.log.entries, origin="elsewhere.example/record")

    assert ann.look() == [Kind.OTHER_LOG]


@pytest.mark.parametrize("tile", [Tile(0, 1), Tile(1, 0)])
def test_tiles_that_are_not_the_head_s_are_seen(ann: Auditor, shown: Served, tile: Tile) -> None:
    true = shown.log.grow(9).note()
    hashes = shown.log.tiles[tile]
    shown.log.tiles[tile] = bytes([hashes[0] ^ 1]) + hashes[1:]
    shown.log.note = lambda size=None: true  # type: ignore[method-assign]

    assert ann.look() == [Kind.TILES_WRONG]


def test_a_proof_that_does_not_lead_there_is_seen(ann: Auditor, shown: Served) -> None:
    shown.log.grow(5)
    proof = shown.log.proof
    shown.log.proof = lambda old, new=None: proof(old, new)[:-1]  # type: ignore[method-assign]

    assert ann.look() == [Kind.PROOF_WRONG]


# Keys


def test_a_key_is_followed_where_both_sign(ann: Auditor, shown: Served) -> None:
    shown.log.grow(1).signers = [signer(2), signer(1)]
    assert ann.look() == [Kind.KEY_FOLLOWED, Kind.GREW]
    shown.log.grow(1).signers = [signer(2)]

    assert ann.look() == [Kind.GREW]
    assert ann.state is not None
    assert ann.state.keys == (signer(2).verifier,)
    assert ann.state.former == (signer(1).verifier,)


def test_a_key_given_up_is_believed_no_more(ann: Auditor, shown: Served) -> None:
    shown.log.grow(1).signers = [signer(2), signer(1)]
    ann.look()
    shown.log.grow(1).signers = [signer(2)]
    ann.look()

    shown.log.grow(1).signers = [signer(1)]

    assert ann.look() == [Kind.KEY_CHANGED]


def test_a_key_without_overlap_is_not_believed(ann: Auditor, shown: Served) -> None:
    shown.log.grow(1).signers = [signer(2)]

    assert ann.look() == [Kind.KEY_CHANGED]
    assert signer(2).verifier.to_text() in ann.found[0].words
    assert ann.look(given=[signer(2).verifier]) == [Kind.GREW]
    assert ann.look() == [Kind.UNCHANGED]


def test_a_key_that_only_claims_to_be_further_is_not_followed(ann: Auditor, shown: Served) -> None:
    shown.log.grow(1).shown = [signer(1), signer(7), signer(8, name="mallory.example")]
    shown.log.signers = [signer(1), signer(8, name="mallory.example")]

    assert ann.look() == [Kind.GREW]
    assert ann.state is not None
    assert ann.state.keys == (signer(1).verifier,)


@pytest.mark.parametrize("text", ["changed", "stripped"])
def test_a_head_that_nobody_signed_is_not_believed(ann: Auditor, shown: Served, text: str) -> None:
    whole = shown.log.grow(1).note()
    wrong = signer(1).sign("another text\n") if text == "changed" else signer(3, "nobody").sign(whole.text)
    shown.log.note = lambda size=None: Note(whole.text, (wrong,))  # type: ignore[method-assign]

    assert ann.look() == [Kind.NOT_SIGNED]


def test_who_cosigned_is_told(ann: Auditor, shown: Served) -> None:
    friend = signer(5, "witness.example/w1", COSIGNATURE)
    whole = shown.log.grow(1).note()
    shown.log.note = lambda size=None: whole.and_signed(friend.sign(whole.text, at=1_760_000_000))  # type: ignore[method-assign]
    stranger = signer(6, "other.example/w2", COSIGNATURE)

    found = ann.look(witnesses=[friend.verifier, stranger.verifier])

    assert found == [Kind.GREW, Kind.COSIGNED, Kind.NOT_COSIGNED]
    assert "2025-10-09" in ann.found[1].words


# No false alarm


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3) | st.integers(250, 260) | st.sampled_from([1, 255, 256, 511, 512]), max_size=8))
def test_an_honest_log_raises_no_alarm(tmp_path: Path, steps: list[int]) -> None:
    ann, size = Auditor(NearSite(TreeLog()), tmp_path), 0
    for step in [0, *steps]:
        ann.site.log.grow(step)
        ann.look()
        assert [one for one in ann.found if one.is_alarm] == []
        assert ann.found[-1].kind in {Kind.FIRST, Kind.GREW, Kind.UNCHANGED}
        size += step
    assert ann.state is not None
    assert ann.state.head.size == size


def test_an_honest_log_raises_no_alarm_where_a_third_level_begins(tmp_path: Path) -> None:
    site = NearSite(TreeLog([b"%d" % number for number in range(65_534)]))
    ann = Auditor(site, tmp_path)
    kinds = [ann.look()]
    for step in (1, 1, 1, 254, 1, 256):
        site.log.append([b"%d" % number for number in range(step)])
        kinds.append(ann.look())
    assert kinds == [[Kind.KEY_TRUSTED, Kind.FIRST], *[[Kind.GREW]] * 6]
    assert site.log.size == 65_536 + 512

    site.log = site.log.without(3).append([b"x", b"y"])
    assert ann.look() == [Kind.REWRITTEN]
    ann.evidence().check()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.integers(0, 300), st.data())
def test_every_rewriting_is_proven(old: int, more: int, data: st.DataObject) -> None:
    """Pure, without a server: for any sizes, the path from tiles proves that the larger tree begins otherwise."""
    log = TreeLog([b"%d" % number for number in range(old)])
    index = data.draw(st.integers(0, old - 1))
    other = log.remade([*log.entries[:index], b"other", *log.entries[index + 1 :]]).append([b"new"] * more)

    before, after = (Head.from_text(one.note().to_text()) for one in (log, other))
    with pytest.raises(audit.Contradiction) as caught:
        audit.check_continues(Log(NearSite(other)), before, after)
    Evidence(
        kind="", words="", log="", found_at=NOW, keys=(signer().verifier,), before=before, after=after,
        other_root=caught.value.other_root, path=caught.value.path,
    ).check()  # fmt: skip


# A server in the way


def test_tiles_that_are_held_back_are_no_proof_and_no_alarm(ann: Auditor, shown: Served) -> None:
    shown.log.grow(300)

    def refuse(handler: object) -> None:
        handler.send_error(503)  # type: ignore[attr-defined]

    shown.faults["tile/1/000.p/2"] = refuse

    with pytest.raises(FetchFailed, match="503"):
        ann.look()


def test_a_log_need_not_keep_parts_of_what_is_full(ann: Auditor, shown: Served) -> None:
    """By tlog-tiles; the head is served at 310 while the tree has gone on."""
    shown.log.grow(10)
    note = shown.log.note()
    shown.log.grow(300)
    shown.log.note = lambda size=None: note  # type: ignore[method-assign]
    answer = shown.log.answer
    shown.log.answer = lambda path: None if path == "tile/0/001.p/54" else answer(path)  # type: ignore[method-assign]

    assert ann.look() == [Kind.GREW]
    assert "tile/0/001" in shown.asked


def test_evidence_that_proves_nothing_is_told_as_such(ann: Auditor, shown: Served) -> None:
    shown.log = shown.log.without(3).grow(9)
    ann.look()
    text = ann.evidence().to_text()

    for changed in (text.replace(ORIGIN, "x.example", 1), "{}", "[]", text.replace('"path": [', '"path": ["AAAA",')):
        with pytest.raises(NotEvidence):
            Evidence.from_text(changed).check()


def test_a_log_that_others_wrote_is_followed(tmp_path: Path) -> None:
    """Kept by another hand's writer, in plain files behind a plain server."""
    root = tmp_path / "log"
    theirs = TilesWriter.create(root, "others.example/log")
    key = PlainEd25519Signer("others.example/log", b"7" * 32)
    given = [Verifier.from_text(key.vkey.serialize())]

    def commit(count: int) -> None:
        for number in range(count):
            theirs.add_leaf(b"leaf %d" % number)
        theirs.commit([key])

    with folder_served(root) as url:
        ann = Auditor(Site(url), tmp_path)
        kinds = []
        for count in (3, 252, 1, 1, 600):
            commit(count)
            kinds.append(ann.look(given=given))
        assert kinds == [[Kind.FIRST], *[[Kind.GREW]] * 4]
        with Site(url) as site:
            head = Log(site).head()
            found, _far = read_entries(
                Log(site), head, Read(), now=NOW, save=lambda _read: None, tell=lambda _done, _all: None
            )
        assert [one.kind for one in found] == [Kind.ENTRIES_WELL]

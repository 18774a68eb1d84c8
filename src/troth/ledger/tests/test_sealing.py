"""The log: what sealing leaves behind, what it refuses, and that nothing it refuses was signed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.people_and_things import DAY, NOW
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from troth.ledger import actions as ledger
from troth.ledger import outside, queries, rotation, sealing, tasks, tree_checks
from troth.ledger.models import Checkpoint, Cosignature, Entry, Seal, Tile, Unsealed
from troth.ledger.rules import canonical, log_keys, tree
from troth.ledger.rules.checkpoint import Checkpoint as Head
from troth.ledger.rules.note import Note
from troth.ledger.rules.tree import ProofWrong
from troth.ledger.sealing import SealingRefused
from troth.words.facts import CustomerMet

pytestmark = pytest.mark.django_db

#: Of the log itself, with nothing of Django's between.
SAVED = ("ledger_entry", "ledger_seal", "ledger_unsealed", "ledger_tile", "ledger_checkpoint")


def append(count: int) -> None:
    with transaction.atomic():
        ledger.append_all([CustomerMet(about=f"customer:{one}", channel="email") for one in range(count)], now=NOW)


def grow(*counts: int) -> None:
    for count in counts:
        append(count)
        assert ledger.seal(now=NOW) == count


def head() -> Head:
    return Head.from_note(Note.from_text(queries.checkpoint() or ""))


def leaves() -> list[bytes]:
    rows = Seal.objects.order_by("position").values_list("entry__leaf_hash", flat=True)
    return [bytes(leaf) for leaf in rows]


def log_key() -> str:
    return outside.read_keys()[0].verifier.to_text()


def foreign(written: str | None, *keys: str) -> ForeignCheckpoint:
    """The head as another implementation reads it, once it has verified it with each of *keys*."""
    found = ForeignCheckpoint.from_text(written or "")
    for key in keys:
        found.verify(Vkey.from_string(key))
    return found


def force(*statements: str) -> None:
    """What only somebody who owns the database can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in SAVED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in SAVED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def findings() -> list[str]:
    return [ref for found in tree_checks.findings(tree_checks.Outside.now(), now=NOW) for ref in found.refs]


def test_each_sealing_signs_a_head_over_all_that_was_sealed() -> None:
    grow(3, 300, 1)

    assert list(Checkpoint.objects.order_by("size").values_list("size", "previous")) == [(3, 0), (303, 3), (304, 303)]
    for size in (3, 303, 304):
        found = foreign(queries.checkpoint(size), log_key())
        assert (found.origin, found.size) == ("testserver/record", size)
        assert found.root_hash == tree.root_of_leaves(leaves()[:size])
    assert head().size == 304
    assert queries.checkpoint(5) is None
    assert findings() == []


def test_tiles_are_those_of_the_leaves() -> None:
    grow(200, 200, 120)

    rows = Tile.objects.values_list("level", "number", "hashes")
    assert {tree.Tile(*place): bytes(hashes) for *place, hashes in rows} == tree.grown(0, {}, leaves())
    assert queries.tiles([tree.Tile(0, 1), tree.Tile(1, 0), tree.Tile(0, 2)], size=300) == {
        tree.Tile(0, 1): b"".join(leaves()[256:300]),
        tree.Tile(1, 0): tree.root_of_leaves(leaves()[:256]),
    }


def test_a_foreign_verifier_takes_every_proof() -> None:
    grow(150, 150)

    for size in (150, 300):
        root = tree.root_of_leaves(leaves()[:size])
        for index in (0, 1, 127, 149, size - 1):
            found = queries.proof(index, size)
            assert found
            InclusionProof(index, size, list(found.path)).check(leaves()[index], root)
            assert found.check(leaves()[index]) == Head("testserver/record", size, root)
    ConsistencyProof(150, 300, queries.consistency(150, 300)).check(
        tree.root_of_leaves(leaves()[:150]), tree.root_of_leaves(leaves())
    )
    assert queries.proofs([0, 299, 300]) == {0: queries.proof(0), 299: queries.proof(299)}


def test_a_proof_takes_two_statements(django_assert_num_queries: Any) -> None:
    grow(700)

    with django_assert_num_queries(2):
        queries.proof(513)
    with django_assert_num_queries(2):
        queries.proofs(range(0, 700, 50))
    with django_assert_num_queries(1):
        queries.consistency(300, 700)


def test_what_is_not_there_yet_has_no_proof() -> None:
    assert (queries.checkpoint(), queries.proof(0), queries.proofs([0])) == (None, None, {})
    grow(2)
    append(1)

    assert (queries.proof(2), queries.proof(0, 1), queries.proof(-1)) == (None, None, None)
    assert queries.index_of(Entry.objects.latest("pk").pk) is None
    assert queries.index_of(Entry.objects.earliest("pk").pk) == 0
    with pytest.raises(ProofWrong):
        queries.consistency(1, 300)


def test_a_bundle_holds_the_envelopes_whose_hashes_are_the_leaves() -> None:
    grow(260)

    for number, size, many in ((0, 260, 256), (1, 260, 4), (1, 258, 2), (2, 260, 0)):
        rest, found = queries.bundle(number, size=size), []
        while rest:
            length = int.from_bytes(rest[:2], "big")
            found.append(tree.leaf_hash(rest[2 : 2 + length]))
            rest = rest[2 + length :]
        assert found == leaves()[256 * number :][:many]


def test_a_cosignature_stands_under_its_head_and_the_newest_of_a_witness_counts() -> None:
    grow(2)
    for line, at in (("— w AAAAAAAA\n", NOW), ("— w BBBBBBBB\n", NOW + DAY)):
        Cosignature.objects.create(checkpoint_id=2, witness="w+1+1", line=line, at=at)

    assert (queries.checkpoint() or "").endswith("\n— w BBBBBBBB\n")
    assert [line for _witness, line, _at in queries.cosignatures(2)] == ["— w AAAAAAAA\n", "— w BBBBBBBB\n"]


# What the database refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_checkpoint SET root = sha256('x')",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_checkpoint CASCADE",
        "INSERT INTO ledger_checkpoint SELECT size + 1, size, root, note, signed_at FROM ledger_checkpoint",
        "INSERT INTO ledger_checkpoint SELECT size - 1, 0, root, note, signed_at FROM ledger_checkpoint",
        "DELETE FROM ledger_tile",
        "TRUNCATE ledger_tile",
        "UPDATE ledger_tile SET hashes = sha256('x') || substring(hashes FROM 33)",
        "UPDATE ledger_tile SET hashes = substring(hashes FOR 32)",
        "UPDATE ledger_tile SET hashes = hashes || 'x'",
        "UPDATE ledger_tile SET number = number + 1, hashes = hashes || sha256('x')",
        "INSERT INTO ledger_seal (position, entry_id, sealed_at) SELECT 5, max(id), now() FROM ledger_entry",
        "INSERT INTO ledger_seal (position, entry_id, sealed_at) SELECT 4 + 2 * row_number() OVER (), id, now()"
        " FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_seal)",
        "UPDATE ledger_cosignature SET line = ''",
        "DELETE FROM ledger_cosignature",
        "TRUNCATE ledger_cosignature",
    ],
)
def test_database_refuses_what_must_never_happen_to_the_log(statement: str) -> None:
    grow(3)
    append(2)
    Cosignature.objects.create(checkpoint_id=3, witness="w", line="— w AAAAAAAA\n", at=NOW)
    models = (Checkpoint, Tile, Seal, Cosignature)
    before = [list(model.objects.values()) for model in models]

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert [list(model.objects.values()) for model in models] == before


def test_no_two_heads_follow_the_same() -> None:
    grow(1, 1)

    with pytest.raises(DatabaseError), transaction.atomic():
        Checkpoint.objects.create(size=3, previous=1, root=bytes(32), note="", signed_at=NOW)


# The head outside the database


@pytest.mark.django_db(transaction=True)
def test_the_head_is_written_down_outside_the_database() -> None:
    grow(2, 3)

    assert outside.last_head_file().read_text() == queries.checkpoint()
    assert outside.last_head_file().stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_a_head_that_was_not_written_down_is_found_by_the_next_look() -> None:
    grow(2)
    outside.last_head_file().unlink()
    sealing._kept = ("", 0)  # another process than the one that sealed

    assert ledger.seal(now=NOW) == 0

    assert outside.last_head_file().read_text() == queries.checkpoint()


@pytest.mark.django_db(transaction=True)
def test_nobody_stands_still_beside_one_that_is_paused_while_it_writes_the_head_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outside, "PATIENCE_SECONDS", 0.05)
    grow(2)
    older = outside.last_head_file().read_text()

    with outside._alone(outside.last_head_file()):
        grow(3)
        assert ledger.seal(now=NOW) == 0
        assert outside.last_head_file().read_text() == older
    assert ledger.seal(now=NOW) == 0

    assert outside.last_head_file().read_text() == queries.checkpoint() != older


@pytest.mark.django_db(transaction=True)
def test_an_older_head_never_takes_the_place_of_a_newer() -> None:
    grow(2)
    older = queries.checkpoint() or ""
    grow(1)

    outside.keep_head(older)

    assert outside.last_head_file().read_text() == queries.checkpoint()


def refused(match: str) -> None:
    """Nothing is sealed, the sentence says why, and it is the one that people are shown."""
    before = list(Checkpoint.objects.values()), list(Tile.objects.values()), Seal.objects.count()
    with pytest.raises(SealingRefused, match=match) as why:
        ledger.seal(now=NOW)

    assert (list(Checkpoint.objects.values()), list(Tile.objects.values()), Seal.objects.count()) == before
    assert sealing.problem(now=NOW) in {str(why.value), ""}


@pytest.mark.django_db(transaction=True)
def test_a_database_older_than_what_was_signed_signs_nothing() -> None:
    grow(2)
    saved = dump()
    grow(3)
    put_back(saved)
    append(4)

    refused("older than what was signed: its log ends at 2.*at 5")
    assert sealing.problem(now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_log_of_another_past_signs_nothing() -> None:
    grow(2)
    other = outside.last_head_file().read_text()
    empty()
    outside.forget()
    grow(2, 1)
    outside.last_head_file().write_text(other)
    append(1)

    refused("contradicts the head")


@pytest.mark.django_db(transaction=True)
def test_the_head_of_another_log_stops_the_sealing() -> None:
    grow(1)
    strange = outside.last_head_file().read_text().replace("testserver/record", "other.example/record")
    outside.last_head_file().write_text(strange)
    append(1)

    refused("head of another log, other.example/record")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", [b"", b"no note", b"\xff"])
def test_a_head_that_cannot_be_read_stops_the_sealing(written: bytes) -> None:
    grow(1)
    outside.last_head_file().write_bytes(written)
    append(1)

    refused("cannot be read")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_tile SET hashes = sha256('x') || substring(hashes FROM 33)",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_tile SET hashes = substring(hashes FOR 32)",
        "UPDATE ledger_checkpoint SET root = sha256('x')",
    ],
)
def test_nothing_is_signed_over_tiles_that_were_changed(statement: str) -> None:
    grow(3)
    append(1)
    force(statement)

    refused("The tiles of the log do not give the head")


def test_nothing_is_signed_over_places_that_are_gone() -> None:
    grow(3)
    append(1)
    force("DELETE FROM ledger_seal WHERE position = 3")

    refused("places and heads")


# Keys


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.TROTH_LOG_KEY, settings.TROTH_LOG_KEY_FILE = "", str(tmp_path / "log-key")
    settings.TROTH_LOG_ORIGIN = "parcel.example/record"
    return tmp_path / "log-key"


def test_the_first_head_makes_the_key(key_file: Path) -> None:
    grow(1)
    made = key_file.read_text()
    grow(1)

    assert key_file.read_text() == made
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert head().origin == "parcel.example/record"
    foreign(queries.checkpoint(), log_key())


def test_the_log_keeps_its_name_when_the_address_changes(key_file: Path, settings: Any) -> None:
    grow(1)
    settings.TROTH_LOG_ORIGIN = "new.example/record"
    grow(1)

    assert head().origin == "parcel.example/record"


def test_a_lost_key_is_told_and_no_other_takes_its_place(key_file: Path) -> None:
    grow(1)
    append(1)
    key_file.unlink()

    refused("key of the log parcel.example/record is gone")
    assert not key_file.exists()


@pytest.mark.parametrize(
    ("name", "match"),
    [("parcel.example/record", "keys are others"), ("other.example/record", "newest key is named")],
)
def test_another_key_signs_nothing(key_file: Path, name: str, match: str) -> None:
    grow(1)
    append(1)
    key_file.write_text(log_keys.written([outside.new_key(name=name, now=NOW)]))

    refused(match)


@pytest.mark.parametrize("written", ["", "no key", "PRIVATE+KEY+a+00000000+AAAA", "since 2026-01-01T00:00:00Z"])
def test_a_file_that_holds_no_key_is_told(key_file: Path, written: str) -> None:
    grow(1)
    append(1)
    key_file.write_text(written)

    refused("keys of the log")


def test_a_rotated_key_signs_beside_the_old_one_and_then_alone(key_file: Path) -> None:
    grow(1)
    old = log_key()
    rotation.rotate(now=NOW, overlap=DAY)
    new = log_key()

    assert ledger.seal(now=NOW) == 1
    both = queries.checkpoint()
    append(1)
    assert ledger.seal(now=NOW + DAY) == 1
    alone = queries.checkpoint()

    [(kind, said, _at)] = queries.facts_about(queries.LOG)
    assert (kind, said["key"], said["before"]) == ("LogKeyChanged", new, old)
    assert said["until"] == canonical.moment(NOW + DAY)
    foreign(both, old, new)
    foreign(alone, new)
    assert len(Note.from_text(alone or "").signatures) == 1
    assert findings() == []


def test_a_second_rotation_keeps_only_the_public_half_of_what_is_over(key_file: Path) -> None:
    grow(1)
    first = log_key()
    rotation.rotate(now=NOW, overlap=DAY)
    rotation.rotate(now=NOW + 2 * DAY, overlap=DAY)

    newest, middle, oldest = outside.read_keys()
    assert (oldest.verifier.to_text(), oldest.signer, oldest.until) == (first, None, NOW + DAY)
    assert middle.signs(NOW + 2 * DAY)
    assert newest.until is None
    assert len(queries.facts_about(queries.LOG)) == 2


def test_a_key_that_somebody_else_put_in_front_is_told_once(key_file: Path) -> None:
    grow(1)
    there = outside.read_keys()
    new = outside.new_key(name=there[0].verifier.name, now=NOW)
    key_file.write_text(log_keys.written(log_keys.rotated(there, new, now=NOW, until=NOW + DAY)))
    append(1)

    assert tasks.seal() == 1
    assert tasks.seal() == 1  # the fact itself
    assert tasks.seal() == 0
    assert not rotation.tell_of_keys(now=NOW)


def test_before_the_first_head_there_is_nothing_to_rotate(key_file: Path) -> None:
    with pytest.raises(rotation.NoKeyYet):
        rotation.rotate(now=NOW)


def test_keys_in_the_environment_are_the_hosts_to_change() -> None:
    grow(1)

    with pytest.raises(outside.KeysNotOurs):
        rotation.rotate(now=NOW)
    assert queries.facts_about(queries.LOG) == []


def test_when_every_key_is_over_it_is_told(key_file: Path) -> None:
    grow(1)
    append(1)
    (only,) = outside.read_keys()
    key_file.write_text(f"{only.signer.to_text()} until 2020-01-01T00:00:00Z\n" if only.signer else "")

    refused("time of every key")


# Reopening


@pytest.mark.django_db(transaction=True)
def test_after_a_backup_that_lost_the_tail_a_new_log_says_so(key_file: Path) -> None:
    grow(2)
    saved = dump()
    grow(3)
    lost = queries.checkpoint() or ""
    put_back(saved)
    append(1)
    refused("troth log reopen")

    key = rotation.reopen(why=rotation.Why.BACKUP, now=NOW)
    assert tasks.seal() == 2

    [(_kind, said, _at)] = queries.facts_about(queries.LOG)
    assert said["lost"] == lost
    assert (said["before"], said["kept"], said["reason"]) == ("parcel.example/record", 2, "backup")
    assert said["key"] == key.verifier.to_text()
    assert head().origin == "parcel.example/record/2"
    assert len(Note.from_text(queries.checkpoint() or "").signatures) == 1
    assert outside.last_head_file().read_text() == queries.checkpoint()
    [aside] = outside.last_head_file().parent.glob(f"{outside.last_head_file().name}.????????")
    assert aside.read_text() == lost
    assert findings() == []
    with pytest.raises(rotation.NothingToReopen):
        rotation.reopen(why=rotation.Why.BACKUP, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_reopening_that_was_killed_half_way_is_finished_by_the_next(key_file: Path, monkeypatch: Any) -> None:
    grow(2)
    key_file.unlink()
    append(1)
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "append", None)
        with pytest.raises(TypeError):
            rotation.reopen(why=rotation.Why.KEY, now=NOW)
    half = outside.read_keys()
    refused("newest key is named parcel.example/record/2")

    rotation.reopen(why=rotation.Why.KEY, now=NOW)

    assert outside.read_keys() == half
    assert tasks.seal() == 2
    assert len(queries.reopenings()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("its_file", ["is there", "is gone"])
def test_a_log_whose_key_is_stolen_is_left_and_its_public_half_stays(key_file: Path, its_file: str) -> None:
    grow(2)
    stolen, keys, lost = log_key(), key_file.read_text(), queries.checkpoint() or ""
    if its_file == "is gone":
        key_file.unlink()

    new = rotation.reopen(why=rotation.Why.KEY, now=NOW)
    with pytest.raises(rotation.NothingToReopen):
        rotation.reopen(why=rotation.Why.KEY, now=NOW)
    assert tasks.seal() == 1

    [(_kind, said, _at)] = queries.facts_about(queries.LOG)
    assert (said["before"], said["lost"], said["kept"], said["reason"]) == ("parcel.example/record", lost, 2, "key")
    there, before = outside.read_keys()
    assert there == new
    assert (before.verifier.to_text(), before.signer, before.until) == (stolen, None, NOW)
    assert head().origin == "parcel.example/record/2"
    assert findings() == []
    append(1)
    key_file.write_text(keys)
    refused("was left")


@pytest.mark.django_db(transaction=True)
def test_a_log_can_be_left_each_time_its_key_is_stolen(key_file: Path) -> None:
    grow(1)
    for number in (2, 3):
        rotation.reopen(why=rotation.Why.KEY, now=NOW)
        assert tasks.seal() == 1
        assert head().origin == f"parcel.example/record/{number}"

    assert [key.verifier.name[-2:] for key in outside.read_keys()] == ["/3", "/2", "rd"]
    assert [said["before"][-2:] for said in queries.reopenings()] == ["rd", "/2"]


def test_the_lost_head_is_the_last_that_was_signed_even_if_nobody_wrote_it_down(key_file: Path) -> None:
    grow(2)
    outside.keep_head(queries.checkpoint(2) or "")
    grow(1)  # within the test's own transaction, whose end does not come

    rotation.reopen(why=rotation.Why.KEY, now=NOW)

    [said] = queries.reopenings()
    assert said["lost"] == queries.checkpoint(3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after_its_first_head", [False, True], ids=["before its first head", "after it"])
def test_a_log_that_was_left_is_never_signed_again(key_file: Path, after_its_first_head: bool) -> None:
    """Its key put back in front, from a backup say, would tell those who follow the old name a second story."""
    grow(2)
    saved, keys = dump(), key_file.read_text()
    grow(3)
    lost = queries.checkpoint() or ""
    put_back(saved)
    append(1)
    rotation.reopen(why=rotation.Why.BACKUP, now=NOW)
    assert not after_its_first_head or tasks.seal() == 2
    append(5)

    key_file.write_text(keys)

    refused("was left")
    outside.last_head_file().write_text(lost)
    refused("was left")


def test_a_log_that_goes_on_is_not_reopened() -> None:
    grow(1)

    with pytest.raises(rotation.NothingToReopen):
        rotation.reopen(why=rotation.Why.OTHER, now=NOW)


# From before there was a tree


@pytest.mark.django_db(transaction=True)
def test_places_from_before_the_tree_are_put_into_it_and_go_on_where_it_stopped() -> None:
    append(25)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_seal (position, entry_id, sealed_at)"
            " SELECT row_number() OVER (ORDER BY id), id, now() FROM ledger_entry"
        )
        cursor.execute("DELETE FROM ledger_unsealed")
    append(3)

    assert [ledger.seal(now=NOW, most=10) for _ in range(5)] == [10, 10, 5, 3, 0]
    assert head().root == tree.root_of_leaves(leaves())
    assert head().size == 28
    assert findings() == []


# Killed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", range(1, 12))
def test_killed_at_any_statement_it_leaves_no_gap_and_no_fork(at: int) -> None:
    grow(2)
    append(3)
    connection.close()
    child = os.fork()
    if child == 0:
        _seal_until(at)
    os.waitpid(child, 0)

    sealed = tasks.seal()

    assert sealed in {0, 3}
    assert Unsealed.objects.count() == 0
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert list(Checkpoint.objects.order_by("size").values_list("size", "previous")) == [(2, 0), (5, 2)]
    assert outside.last_head_file().read_text() == queries.checkpoint()
    assert findings() == []


def _seal_until(at: int) -> None:
    """In a process of its own: seal, and be killed after the statement with this number."""
    done = 0

    def count(execute: Any, *asked: Any) -> Any:
        nonlocal done
        result = execute(*asked)
        done += 1
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(count):
            ledger.seal(now=NOW)
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


# Backups


def dump() -> dict[str, bytes]:
    """What a backup of these tables holds."""
    found = {}
    with connection.cursor() as cursor:
        for table in SAVED:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
                found[table] = b"".join(bytes(part) for part in copy)
    return found


def empty() -> None:
    force(*(f"DELETE FROM {table}" for table in reversed(SAVED)))  # noqa: S608 -- our own names


def put_back(saved: dict[str, bytes]) -> None:
    empty()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, held in saved.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(held)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

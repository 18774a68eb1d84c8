"""The log is shown to witnesses, real ones behind real sockets, and what they sign is kept; nothing waits for them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.people_and_things import NOW
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as ForeignCheckpoint

from troth.ledger import actions as ledger
from troth.ledger import outside, queries, rotation
from troth.ledger.models import Cosignature
from troth.ledger.rules.cosigning import SIZE_TYPE, Asked
from troth.ledger.rules.note import COSIGNATURE, Note, Signer
from troth.ledger.tests.test_sealing import grow
from troth.record import witnesses
from troth.record.models import WitnessState
from troth.record.rules.witnesses import FRESH, NotAWitness, Step, Witness, read, understood
from troth.witness import server, store
from troth.witness.tests.logs import TreeLog

pytestmark = pytest.mark.django_db

FRIEND = Signer("witness.example/w1", COSIGNATURE, bytes([5]) * 32)
OTHER = Signer("other.example/w2", COSIGNATURE, bytes([6]) * 32)
#: Once a minute, and a second to be sure.
MINUTE = timedelta(seconds=61)


class Friend:
    """A witness that knows our log from the first head on."""

    def __init__(self, key: Signer, folder: Path) -> None:
        self.key, self.folder = key, folder
        self.asked = 0
        self.witness = server.Witness(key, {}, store.Heads(folder), folder, clock=lambda: int(NOW.timestamp()))
        self.port = 0

    def learn(self, *keys: str) -> None:
        found = [key.verifier for key in outside.read_keys()] if not keys else []
        self.witness.logs = {found[0].name: tuple(found)}

    def cosign(self, log: TreeLog) -> None:
        """What it saw before we came."""
        status, _kind, body = self.witness.answer(Asked(0, (), log.note()).to_text().encode())
        assert status == 200, body

    @property
    def line(self) -> Witness:
        return Witness(self.key.verifier, f"http://127.0.0.1:{self.port}")


@contextlib.contextmanager
def running(key: Signer, folder: Path) -> Iterator[Friend]:
    folder.mkdir()
    friend = Friend(key, folder)
    answer = friend.witness.answer

    def counted(body: bytes) -> Any:
        friend.asked += 1
        return answer(body)

    friend.witness.answer = counted  # type: ignore[method-assign]
    with server.Server(("127.0.0.1", 0), friend.witness) as door:
        friend.port = int(door.server_address[1])
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield friend
        door.shutdown()
        thread.join()


@pytest.fixture
def friend(tmp_path: Path, settings: Any) -> Iterator[Friend]:
    with running(FRIEND, tmp_path / "friend") as found:
        settings.TROTH_WITNESSES = (found.line,)
        yield found


def others(log_of: int) -> TreeLog:
    """Another history with our own key: what we would be if somebody had rewritten us."""
    signers = [key.signer for key in outside.read_keys() if key.signer]
    return TreeLog([b"told otherwise %d" % one for one in range(log_of)], signers=signers, origin=signers[0].name)


def test_the_newest_head_is_cosigned_and_served_with_it(friend: Friend) -> None:
    grow(3, 4)
    friend.learn()

    assert witnesses.ask_all(now=NOW) == 1

    written = queries.checkpoint()
    assert written is not None
    ForeignCheckpoint.from_text(written).verify(Vkey.from_string(FRIEND.verifier.to_text()))
    assert [(witness, at) for witness, _line, at in queries.cosignatures(7)] == [(FRIEND.verifier.to_text(), NOW)]
    assert witnesses.troubles() == []


def test_it_is_asked_once_a_minute_and_only_for_what_is_new(friend: Friend) -> None:
    grow(3)
    friend.learn()
    moments = [NOW, NOW + timedelta(seconds=30), NOW + MINUTE]
    assert [witnesses.ask_all(now=now) for now in moments] == [1, 0, 0]
    tries = friend.asked  # the first says that it knows nothing of us yet, or takes it at once

    grow(1)

    assert [witnesses.ask_all(now=NOW + n * MINUTE) for n in (2, 3)] == [1, 0]
    assert friend.asked == tries + 1
    assert witnesses.ask_all(now=NOW + FRESH + 2 * MINUTE) == 1  # its word is renewed
    assert Cosignature.objects.count() == 2  # by its clock it was the same second


def test_several_workers_ask_once(friend: Friend) -> None:
    grow(3)
    friend.learn()

    assert [witnesses.ask_all(now=NOW) for _worker in range(3)] == [1, 0, 0]


def test_a_size_we_did_not_know_of_is_gone_on_from(friend: Friend) -> None:
    """As after a worker that was killed between the answer and keeping it."""
    grow(300)
    friend.learn()
    witnesses.ask_all(now=NOW)
    WitnessState.objects.update(size=12)
    grow(5)

    assert witnesses.ask_all(now=NOW + MINUTE) == 1
    assert WitnessState.objects.get().size == 305


@pytest.mark.parametrize(
    ("knew", "words"),
    [
        (3, "another root of 3 entries"),
        (5, "cosigned 5 entries, and our log has 3"),
        (2, "not how our log of 3 begins"),
    ],
)
def test_a_witness_that_contradicts_us_is_an_alarm_until_it_finds_what_it_knew(
    friend: Friend, knew: int, words: str
) -> None:
    grow(3)
    friend.learn()
    friend.cosign(others(knew))

    assert witnesses.ask_all(now=NOW) == 0
    assert witnesses.ask_all(now=NOW + MINUTE) == 0

    (trouble,) = witnesses.troubles()
    assert (trouble.name, trouble.since, trouble.contradicts) == ("witness.example/w1", NOW, True)
    assert words in trouble.problem
    assert Cosignature.objects.count() == 0

    friend.witness.heads = store.Heads(friend.folder / "..")  # as if the right history were back
    assert witnesses.ask_all(now=NOW + 2 * MINUTE) == 1
    assert witnesses.troubles() == []


def test_one_that_does_not_answer_holds_nobody_up(friend: Friend, tmp_path: Path, settings: Any) -> None:
    grow(3)
    with running(OTHER, tmp_path / "other") as other:
        gone = Witness(FRIEND.verifier, "http://127.0.0.1:1")
        settings.TROTH_WITNESSES = (gone, other.line)
        other.learn()

        assert witnesses.ask_all(now=NOW) == 1
        assert witnesses.ask_all(now=NOW + MINUTE) == 0

    (trouble,) = witnesses.troubles()
    assert (trouble.name, trouble.since, trouble.contradicts) == ("witness.example/w1", NOW, False)
    assert "Nothing answers" in trouble.problem
    grow(1)


def test_one_that_does_not_know_us_says_what_to_do(friend: Friend) -> None:
    grow(3)

    witnesses.ask_all(now=NOW)
    (trouble,) = witnesses.troubles()
    assert "troth log keys" in trouble.problem

    friend.learn()
    assert witnesses.ask_all(now=NOW + MINUTE) == 1
    assert witnesses.troubles() == []


def test_a_rotated_key_is_cosigned_while_both_sign(friend: Friend, settings: Any, tmp_path: Path) -> None:
    text = outside.read_keys()[0].to_line()
    settings.TROTH_LOG_KEY, settings.TROTH_LOG_KEY_FILE = "", str(tmp_path / "log-key")
    (tmp_path / "log-key").write_text(text + "\n")
    grow(3)
    friend.learn()
    witnesses.ask_all(now=NOW)

    rotation.rotate(now=NOW)
    ledger.seal(now=NOW)  # the fact of it

    assert witnesses.ask_all(now=NOW + MINUTE) == 1
    assert len(Note.from_text(queries.checkpoint() or "").signatures) == 3


def test_a_log_without_a_head_asks_nobody(friend: Friend) -> None:
    assert witnesses.ask_all(now=NOW) == 0
    assert friend.asked == 0


def test_without_witnesses_nothing_is_asked_of_the_tables(django_assert_num_queries: Any, settings: Any) -> None:
    settings.TROTH_WITNESSES = ()
    with django_assert_num_queries(0):
        assert witnesses.ask_all(now=NOW) == 0
        assert witnesses.troubles() == []


# Pure


NOTE = TreeLog().grow(5).note()


@pytest.mark.parametrize(
    ("status", "kind", "body", "step"),
    [
        (200, "", FRIEND.sign(NOTE.text, at=9).to_line(), Step.COSIGNED),
        (200, "", OTHER.sign(NOTE.text, at=9).to_line(), Step.FAILED),
        (200, "", "<html>", Step.FAILED),
        (409, SIZE_TYPE, "2\n", Step.AGAIN),
        (409, SIZE_TYPE, "0\n", Step.AGAIN),
        (409, SIZE_TYPE, "5\n", Step.AGAIN),
        (409, SIZE_TYPE, "6\n", Step.CONTRADICTED),
        (409, "text/plain", "6\n", Step.FAILED),
        (409, SIZE_TYPE, "six\n", Step.FAILED),
        (422, "", "no", Step.CONTRADICTED),
        (404, "", "", Step.FAILED),
        (403, "", "", Step.FAILED),
        (500, "", "", Step.FAILED),
        (301, "", "", Step.FAILED),
        (0, "", "", Step.FAILED),
    ],
)
def test_each_answer_means_one_thing(status: int, kind: str, body: str, step: Step) -> None:
    asked = Asked(3, (bytes(32),), NOTE)

    heard = understood(status, kind, body.encode(), said="What it said.", asked=asked, size=5, key=FRIEND.verifier)

    assert heard.step is step
    assert bool(heard.problem) is (step in {Step.FAILED, Step.CONTRADICTED})


def test_witnesses_are_read_as_the_host_writes_them() -> None:
    key = FRIEND.verifier.to_text()

    assert read("") == ()
    assert read(f" {key}   https://w.example/log/ ,\n{OTHER.verifier.to_text()} http://10.0.0.7:8470\n") == (
        Witness(FRIEND.verifier, "https://w.example/log"),
        Witness(OTHER.verifier, "http://10.0.0.7:8470"),
    )
    assert read(f"{key} https://w.example/log/")[0].asks_at == "https://w.example/log/add-checkpoint"


@pytest.mark.parametrize(
    "text",
    [
        FRIEND.verifier.to_text(),
        "https://w.example",
        f"{FRIEND.verifier.to_text()} w.example",
        f"{FRIEND.verifier.to_text()[:-2]}A= https://w.example",
        f"{Signer('log.example', 1, bytes(32)).verifier.to_text()} https://w.example",
        f"{FRIEND.verifier.to_text()} https://a.example, {FRIEND.verifier.to_text()} https://b.example",
    ],
)
def test_what_names_no_witness_is_refused(text: str) -> None:
    with pytest.raises(NotAWitness):
        read(text)

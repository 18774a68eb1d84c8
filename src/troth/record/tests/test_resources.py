"""The log over HTTP: as another hand's reader of C2SP's tiles finds it, and as nobody may bend it."""

from __future__ import annotations

import gzip
from base64 import b64decode
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.people_and_things import NOW
from tlog_scales.backend import HttpBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint, ConsistencyProof

from troth.ledger import actions as ledger
from troth.ledger.models import Entry, Seal
from troth.ledger.rules.log_keys import read
from troth.ledger.rules.tree import leaf_hash
from troth.people.rules.pace import Pace
from troth.record.pacing import Pacer, for_resources
from troth.words.facts import CustomerMet

MINUTE = timedelta(minutes=1)


def grow(*counts: int) -> None:
    for count in counts:
        with transaction.atomic():
            ledger.append_all([CustomerMet(about=f"customer:{one}", channel="email") for one in range(count)], now=NOW)
        assert ledger.seal(now=NOW) == count


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/record/{path}", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_another_hands_reader_follows_the_log_over_http(live_server: Any) -> None:
    heads: list[Checkpoint] = []
    reader = TilesReader(HttpBackend(f"{live_server.url}/record"))
    key = None
    for count in (1, 254, 1, 1, 343):
        grow(count)
        heads.append(reader.get_checkpoint())
        key = key or Vkey.from_string(reader.backend.get("keys").decode().split()[0])
        heads[-1].verify(key)
        assert reader.calculate_root_hash() == heads[-1].root_hash
    stored = [bytes(one) for one in Seal.objects.order_by("position").values_list("entry__leaf_hash", flat=True)]

    assert [head.size for head in heads] == [1, 255, 256, 257, 600]
    for index in (0, 1, 255, 256, 511, 512, 599):
        entry = reader.get_entry(index)
        assert leaf_hash(entry) == stored[index]
        reader.get_inclusion_proof(index, 600).check(leaf_hash(entry), heads[-1].root_hash)
    for older, newer in pairwise(heads):
        reader.get_consistency_proof(older.size, newer.size).check(older.root_hash, newer.root_hash)
        ours = reader.backend.get("consistency", str(older.size), str(newer.size)).decode().split()
        hashes = [b64decode(one) for one in ours]
        ConsistencyProof(older.size, newer.size, hashes).check(older.root_hash, newer.root_hash)
    for head in heads:
        assert Checkpoint.from_text(reader.backend.get("checkpoint", str(head.size)).decode()) == head
    reader.backend.session.close()  # so that the server lets go of its connection to the database


@pytest.fixture
def log(db: None) -> None:
    grow(255, 345)


TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
#: What there is in a log with heads of 255 and of 600, and how many bytes it has where that is known.
PUBLISHED: list[tuple[str, str, int | None]] = [
    ("tile/0/000", BYTES, 8192),
    ("tile/0/000.p/255", BYTES, 255 * 32),
    ("tile/0/000.p/1", BYTES, 32),
    ("tile/0/002.p/88", BYTES, 88 * 32),
    ("tile/1/000.p/2", BYTES, 64),
    ("tile/entries/002.p/88", BYTES, None),
    ("consistency/255/600", TEXT, None),
    ("consistency/0/600", TEXT, 0),
    ("consistency/600/600", TEXT, 0),
    ("checkpoint", TEXT, None),
    ("checkpoint/255", TEXT, None),
    ("keys", TEXT, None),
]


@pytest.mark.usefixtures("log")
def test_what_is_published_is_found_and_can_be_kept() -> None:
    for path, kind, size in PUBLISHED:
        answer = get(path)
        assert (path, answer.status_code, answer.headers["Content-Type"]) == (path, 200, kind)
        assert size is None or len(answer.content) == size
        kept = "public, max-age=31536000, immutable" if kind == BYTES or "cons" in path else "public, max-age=2"
        assert answer.headers["Cache-Control"] == kept
        assert "Set-Cookie" not in answer.headers
        assert answer.headers.get("Vary") == ("Accept-Encoding" if "entries" in path else None)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = get(path, if_none_match=answer.headers["ETag"])
        assert (again.status_code, again.content, again.headers["Cache-Control"]) == (304, b"", kept)
        head = Client().head(f"/record/{path}")
        assert (head.status_code, head.headers["ETag"]) == (200, answer.headers["ETag"])
        assert Client().post(f"/record/{path}").status_code == 405


NOT_PUBLISHED = [
    *("tile/0/002", "tile/0/002.p/89", "tile/0/002.p/256", "tile/0/003", "tile/0/003.p/1", "tile/1/000", "tile/1/000.p/3"),
    *("tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/0", "tile/0/x000/000", "tile/00/000", "tile/64/000"),
    *("tile/63/000.p/1", "tile/2/000.p/1", "tile/-1/000", "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/"),
    *("tile/entries/003", "tile/entries/002", "tile/entries/002.p/89", "tile/entries/0", "tile/entries/", "tile/x/000"),
    *("checkpoint/0", "checkpoint/254", "checkpoint/601", "checkpoint/0255", "checkpoint/٢", "checkpoint/9223372036854775808"),
    *("checkpoint/99999999999999999999999", "checkpoint/-1", "checkpoint/255/", "checkpoint/"),
    *("consistency/255/601", "consistency/600/255", "consistency/-1/255", "consistency/01/255", "consistency/1/9999999999999999999"),
    *("consistency/1", "consistency/a/b", "keys/", "keys/1"),
    *("entries/601/", "entries/0/", "entries/99999999999999999999/", "entries/601/entry.json", "entries/601/entry.tlog-proof"),
]  # fmt: skip


@pytest.mark.usefixtures("log")
def test_what_is_not_published_is_not_there() -> None:
    for path in NOT_PUBLISHED:
        answer = get(path)
        assert (path, answer.status_code) == (path, 404)
        assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.usefixtures("log")
def test_nothing_behind_the_head_is_given_out() -> None:
    with transaction.atomic():
        ledger.append(CustomerMet(about="customer:601", channel="email"), now=NOW)
    Seal.objects.create(position=601, entry=Entry.objects.latest("pk"), sealed_at=NOW)

    assert get("tile/0/002.p/89").status_code == 404
    assert get("tile/entries/002.p/89").status_code == 404
    assert get("entries/601/").status_code == 404
    assert get("checkpoint").content.split(b"\n")[1] == b"600"
    assert b'/entries/601/"' not in get("entries/").content


@pytest.mark.usefixtures("log")
def test_entries_are_packed_for_whoever_can_unpack_them() -> None:
    plain, packed = get("tile/entries/000"), get("tile/entries/000", accept_encoding="br, gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain.headers


@pytest.mark.usefixtures("log")
def test_a_resource_takes_two_statements_at_most() -> None:
    for path, _kind, _size in PUBLISHED:
        with CaptureQueriesContext(connection) as asked:
            assert get(path).status_code == 200
        assert len(asked) <= 2


@pytest.mark.django_db
def test_before_the_first_head_there_is_nothing() -> None:
    for path in ("checkpoint", "tile/0/000", "tile/0/000.p/1", "tile/entries/000.p/1"):
        assert get(path).status_code == 404
    assert get("").status_code == 200
    assert get("entries/").status_code == 200


@pytest.mark.usefixtures("log")
def test_the_host_says_how_much_is_public(settings: Any) -> None:
    hashes = {"checkpoint", "checkpoint/255", "tile/0/000", "consistency/255/600"}
    entries = {"tile/entries/000", "entries/", "entries/1/", "entries/1/entry.json", "entries/1/entry.tlog-proof"}
    always = {"keys", ""}
    for how, there in (("open", hashes | entries), ("hashes", hashes), ("closed", set())):
        settings.TROTH_RECORD = how
        answers = {path: get(path) for path in hashes | entries | always}
        assert {path for path, answer in answers.items() if answer.status_code == 200} == there | always
        assert how == "open" or b"CustomerMet" not in b"".join(answer.content for answer in answers.values())


@pytest.mark.usefixtures("log")
def test_a_key_is_told_without_its_secret() -> None:
    told = get("keys").content.decode()

    assert "PRIVATE" not in told
    with pytest.raises(ValueError, match="sign with"):
        read(told)


@pytest.mark.usefixtures("log")
def test_who_asks_without_end_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(for_resources, "pace", Pace(3, MINUTE))

    answers = [get("checkpoint") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["Retry-After"]) >= 1
    assert answers[3].headers["Cache-Control"] == "no-store"


def test_a_crowd_is_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.record.pacing.VISITORS_MOST", 10)
    pacer = Pacer(Pace(1, MINUTE))

    for visitor in range(25):
        assert pacer.take(str(visitor), now=NOW) is None

    assert len(pacer._whole_at) == 10
    assert pacer.take("24", now=NOW) is not None
    assert pacer.take("0", now=NOW) is None

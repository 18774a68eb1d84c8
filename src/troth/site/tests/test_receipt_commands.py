"""`troth verify`, as whoever holds a receipt runs it: no database, no settings, nothing around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from troth.ledger.rules.receipt_words import SENTENCES
from troth.ledger.rules.tree import HASH_BYTES
from troth.ledger.tests.receipts import OTHER_SHOP, SHOP, STRANGER, Log, opening, written
from troth.site.receipt_commands import verify

VECTORS = json.loads((Path(__file__).resolve().parents[4] / "tests/vectors/receipt.json").read_text())["receipts"]
KEY = SHOP.verifier.to_text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("receipt.txt").write_text(written())
    Path("spoiled.txt").write_text(written().replace("Fri 13 Nov", "Sat 14 Nov"))
    return tmp_path


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(verify, words, input=stdin)


def test_one_that_holds(folder: Path) -> None:
    done = run("receipt.txt", "--key", KEY)

    assert done.exit_code == 0
    assert done.output.split("\n")[0] == "receipt.txt: holds"
    assert f"signed with a key that is trusted here: {KEY}" in done.output


def test_several_and_one_does_not_hold(folder: Path) -> None:
    done = run("receipt.txt", "spoiled.txt", "receipt.txt")

    assert done.exit_code == 1
    assert [line for line in done.output.split("\n") if not line.startswith("  ")] == [
        "receipt.txt: holds",
        "spoiled.txt: DOES NOT HOLD",
        "receipt.txt: holds",
        "",
    ]
    assert "  Line 6 says “By: Sat 14 Nov 2026, 17:00 UTC”, but the record says" in done.output


def test_from_standard_input(folder: Path) -> None:
    assert run("-", stdin=written()).output.startswith("standard input: holds\n")


def test_the_key_may_come_from_a_file_or_from_an_earlier_receipt(folder: Path) -> None:
    Path("keys").write_text(
        f"# what shop.example/record/keys said in May\n\n{STRANGER.verifier.to_text()}\n{KEY} until now\n"
    )
    Path("earlier.txt").write_text(written(size=7, index=3))
    Path("strangers.txt").write_text(written(signers=[STRANGER]))

    assert run("receipt.txt", "--key", "keys").exit_code == 0
    assert run("receipt.txt", "--key", "earlier.txt").exit_code == 0
    done = run("receipt.txt", "--key", "strangers.txt")
    assert (done.exit_code, "not signed with a key that is trusted here" in done.output) == (1, True)


def test_programs_are_told_what_stood_there(folder: Path) -> None:
    done = run("receipt.txt", "spoiled.txt", "--json")

    good, bad = json.loads(done.output)
    assert (good["holds"], good["code"], good["entry"], good["size"]) == (True, "", 1042, 1050)
    assert (good["record"], good["fact"]["kind"]) == ("shop.example/record", "PromiseMade")
    assert good["words"]["what"] == "Send the replacement pump"
    assert (bad["holds"], bad["code"], set(bad)) == (False, "line", {"file", "holds", "code", "said"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.txt"], "nowhere.txt cannot be read: No such file or directory."),
        (["receipt.txt", "--key", "a+b+c"], "--key: A key to verify with is written as name+hash+base64"),
        (["receipt.txt", "--key", KEY[:-5] + "AAAA="], "--key: "),
        (["receipt.txt", "--key", "spoiled.txt"], "spoiled.txt is no receipt that holds, and its line 1 is no key."),
        (["receipt.txt", "--key", "empty"], "empty holds no key."),
        (["receipt.txt", "--checkpoint", "nowhere"], "nowhere cannot be read"),
        (["receipt.txt", "--checkpoint", "http://127.0.0.1:9/record"], "nothing answers"),
        (["receipt.txt", "--checkpoint", "http://shop.example/record"], "use https://"),
    ],
)
def test_what_cannot_be_used_is_another_answer_than_a_wrong_receipt(folder: Path, words: list[str], said: str) -> None:
    Path("empty").write_text("# nothing\n")

    done = run(*words)

    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if not one.get("later", {"live": False})["live"]], ids=lambda v: v["name"]
)
def test_it_says_of_every_vector_what_the_page_says(tmp_path: Path, vector: dict) -> None:  # type: ignore[type-arg]
    receipt = tmp_path / "receipt.txt"
    receipt.write_bytes(vector["text"].encode() if "text" in vector else bytes.fromhex(vector["hex"]))
    head = tmp_path / "head"
    head.write_text(vector.get("later", {}).get("note", ""))
    keys = [word for key in vector["keys"] for word in ("--key", key)]

    done = run(str(receipt), *keys, *(["--checkpoint", str(head)] if "later" in vector else []))

    assert done.output.split("\n")[1:-1] == [f"  {sentence}" for sentence in vector["said"]]
    assert done.exit_code == bool(vector["code"])


# Asking the record itself


class Records(BaseHTTPRequestHandler):
    """A record that gives its newest head and its tiles, and the ready proof where *ready*."""

    log: Log
    size: int
    ready: bool

    def do_GET(self) -> None:
        answer = self.found(self.path.split("/")[2:])
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Length", str(len(answer or b"")))
        self.end_headers()
        self.wfile.write(answer or b"")

    def found(self, path: list[str]) -> bytes | None:
        if path == ["checkpoint"]:
            return self.log.note(self.size).to_text().encode()
        if path[0] == "consistency" and self.ready:
            return b"".join(b64encode(one) + b"\n" for one in self.log.consistency(int(path[1]), int(path[2])))
        if path[0] == "tile":
            level, index, wide = int(path[1]), int(path[2].removesuffix(".p")), int(path[3]) if len(path) > 3 else 256
            return self.log.tiles(self.size).get((level, index), b"")[: wide * HASH_BYTES]  # type: ignore[call-overload,no-any-return]
        return None

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def record() -> Iterator[tuple[type[Records], str]]:
    class Own(Records):
        log, size, ready = Log(size=2000, leaf=opening().leaf), 2000, True

    server = HTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield Own, f"http://127.0.0.1:{server.server_port}/record"
    server.shutdown()
    server.server_close()


def against(url: str) -> Result:
    return run("receipt.txt", "--key", KEY, "--checkpoint", url)


@pytest.mark.parametrize("ready", [True, False])
def test_the_live_record_shows_that_the_entry_still_stands(
    folder: Path, record: tuple[type[Records], str], ready: bool
) -> None:
    own, url = record
    own.ready = ready

    for address in (url, f"{url}/", f"{url}/checkpoint"):
        done = against(address)
        assert (done.exit_code, done.output.split("\n")[-2]) == (
            0,
            "  " + SENTENCES["still_there"].format(now="2,000 entries", size="1,050 entries"),
        )


def test_a_live_record_that_is_another_is_told(folder: Path, record: tuple[type[Records], str]) -> None:
    own, url = record
    for log, size, said in (
        (Log(size=2000, leaf=opening().leaf, other=b"!"), 2000, "it was rewritten"),
        (Log(size=1050, leaf=opening().leaf, other=b"!"), 1050, "the record was rewritten, or shows different people"),
        (Log(size=2000, leaf=opening().leaf), 700, "its end was cut off"),
        (Log(size=2000, signers=[OTHER_SHOP]), 2000, "is of another record"),
        (Log(size=2000, signers=[STRANGER]), 2000, "is not signed with the key"),
    ):
        own.log, own.size = log, size

        done = against(url)

        assert done.exit_code == 1
        assert said in done.output


# Alone in the world


def test_it_needs_neither_database_nor_settings_nor_folder(folder: Path) -> None:
    for name in ("receipt.txt", "spoiled.txt"):
        os.chmod(name, 0o444)
    before = sorted(os.listdir())
    code = (
        "import sys; sys.argv = ['troth', 'verify', 'receipt.txt']\n"
        "from troth.site.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "assert not {'django', 'psycopg', 'numpy', 'http.client'} & set(sys.modules), sorted(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PATH": ""}, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("receipt.txt: holds\n")
    assert sorted(os.listdir()) == before


def test_the_example_for_customers_is_what_is_said(folder: Path) -> None:
    page = (Path(__file__).resolve().parents[4] / "docs/use/receipts.md").read_text()
    Path("earlier-receipt.txt").write_text(written(size=7, index=3))

    done = run("receipt.txt", "--key", "earlier-receipt.txt")

    assert f"$ troth verify receipt.txt --key earlier-receipt.txt\n{done.output}```" in page

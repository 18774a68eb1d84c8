"""`troth read` as a host runs it: a process with others beside it, between two pipes."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.site import reading_lines
from troth.site.reading_lines import Batch, Input, NotReadable, in_order

COMMAND = [sys.executable, "-m", "troth.site.cli", "read"]
LINE = b'{"text": "Where is my parcel?", "at": "2026-03-11T10:00:00Z"}\n'
SECONDS_MAX = 30


def read(*words: object, lines: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, input=lines, capture_output=True, timeout=SECONDS_MAX, check=False)


def parsed(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def several(count: int) -> bytes:
    """So many messages; those of a hundred fill a batch."""
    pad = b"." * (reading_lines.PIECE_BYTES // 100)
    return b"".join(b'{"id": %d, "text": "Where is my parcel?", "pad": "%b"}\n' % (n, pad) for n in range(count))


def test_lines_are_answered_in_their_order_by_however_many_processes(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_bytes(several(450))

    alone, together = read(file, "--jobs", 1), read("--jobs", 3, lines=file.read_bytes())

    assert (alone.returncode, together.returncode) == (0, 0)
    assert alone.stdout == together.stdout
    assert [answer["id"] for answer in parsed(alone.stdout)] == list(range(450))
    assert alone.stderr == together.stderr == b""


def test_files_are_read_one_after_another_packed_or_not(tmp_path: Path) -> None:
    plain, packed, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz", tmp_path / "out.jsonl"
    plain.write_bytes(LINE * 2)
    packed.write_bytes(gzip.compress(LINE) + gzip.compress(b"nonsense\n" + LINE))

    ran = read(plain, packed, "-o", out)

    assert (ran.returncode, ran.stdout) == (1, b"")
    assert [(each["file"], each["line"], "error" in each) for each in parsed(out.read_bytes())] == [
        (str(plain), 1, False),
        (str(plain), 2, False),
        (str(packed), 1, False),
        (str(packed), 2, True),
        (str(packed), 3, False),
    ]
    assert ran.stderr.decode().splitlines() == [
        f"{packed}:2: This is not JSON: Expecting value at character 1.",
        "1 could not be read; 4 were.",
    ]


def test_a_packed_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    file = tmp_path / "b.jsonl.gz"
    file.write_bytes(gzip.compress(several(100))[:-12])

    ran = read(file)

    assert ran.returncode == 1
    assert "it breaks off" in ran.stderr.decode()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--tz", "Mars"], "'Mars' is not an IANA time zone."),
        (["--at", "noon"], "at is no time"),
        (["--country", "ZZ"], "No public holidays are known for ZZ."),
        (["nowhere.jsonl"], "does not exist"),
        (["--jobs", "0"], "0 is not in the range"),
    ],
)
def test_words_that_make_no_sense_are_refused_before_anything_is_read(words: list[str], why: str) -> None:
    ran = read(*words, lines=LINE)

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert why in ran.stderr.decode()


@pytest.mark.parametrize("to_file", [True, False])
def test_a_full_disk_is_told_in_a_sentence(to_file: bool) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, *(["--output", "/dev/full"] if to_file else [])],
            input=LINE,
            stdout=subprocess.DEVNULL if to_file else full,
            stderr=subprocess.PIPE,
            timeout=SECONDS_MAX,
            check=False,
        )

    assert (ran.returncode, ran.stderr) == (1, b"Error: [Errno 28] No space left on device\n")


def test_a_file_is_not_written_over_while_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(LINE)

    ran = read(file, "--output", file)

    assert (ran.returncode, file.read_bytes()) == (2, LINE)


def test_an_answer_does_not_wait_for_the_next_line() -> None:
    with running() as ran:
        assert ran.stdin
        assert ran.stdout
        for number in (1, 2):
            ran.stdin.write(LINE)
            ran.stdin.flush()

            assert json.loads(ran.stdout.readline())["line"] == number
        ran.stdin.close()

        assert ran.wait(SECONDS_MAX) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, None])
def test_no_process_is_left_however_it_ends(how: signal.Signals | None) -> None:
    with running() as ran:
        assert ran.stdin
        assert ran.stdout
        ran.stdin.write(LINE)
        ran.stdin.flush()
        ran.stdout.readline()
        others = children(ran.pid)
        assert len(others) == 2

        if how is None:  # nobody takes the output any more
            ran.stdout.close()
            ran.stdin.write(LINE)
            ran.stdin.flush()
        else:
            ran.send_signal(how)

        assert ran.wait(SECONDS_MAX) != 0
        until = time.monotonic() + SECONDS_MAX
        while any(is_alive(pid) for pid in others) and time.monotonic() < until:
            time.sleep(0.05)
        assert [pid for pid in others if is_alive(pid)] == []
        assert ran.stderr is not None
        assert b"Traceback" not in ran.stderr.read()


def test_it_loads_neither_django_nor_the_driver_of_the_database() -> None:
    program = "import sys; from troth.site.cli import main; main(['read', '--jobs', '1'], standalone_mode=False)"
    watched = f"try:\n {program}\nfinally:\n print({{'django', 'psycopg', 'socketserver'}} & set(sys.modules), file=sys.stderr)"

    ran = subprocess.run([sys.executable, "-c", watched], input=LINE, capture_output=True, check=False)

    assert ran.stderr == b"set()\n"
    assert len(parsed(ran.stdout)) == 1


# The parts


@given(
    lines=st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"") + b"\n"), max_size=8),
    rest=st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")),
    piece_bytes=st.integers(1, 9),
)
def test_lines_are_whole_and_numbered_however_they_come(lines: list[bytes], rest: bytes, piece_bytes: int) -> None:
    whole = b"".join(lines) + rest
    pieces = [whole[start : start + piece_bytes] for start in range(0, len(whole), piece_bytes)]

    batches = list(batches_of(pieces, line_bytes_max=1_000))

    assert b"".join(batch.lines for batch in batches) == whole
    assert all(batch.lines.endswith(b"\n") for batch in batches[:-1])
    for before, after in pairwise(batches):
        assert after.first == before.first + before.lines.count(b"\n")


def test_a_line_that_is_too_long_is_left_out_and_never_held() -> None:
    pieces = [b"a\nb", *[b"b" * 10] * 100, b"b\nc\nd"]

    assert list(batches_of(pieces, line_bytes_max=50)) == [
        Batch("here", 1, b"a\n"),
        Batch("here", 2, b"", too_long=True),
        Batch("here", 3, b"c\n"),
        Batch("here", 4, b"d"),
    ]
    assert list(batches_of([b"b" * 60], line_bytes_max=50)) == [Batch("here", 1, b"", too_long=True)]


def test_however_tightly_it_is_packed_pieces_stay_small(tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    file.write_bytes(gzip.compress(b"\n" * 20_000_000))

    sizes = [len(batch.lines) for batch in Input(str(file)).batches(line_bytes_max=1_000)]

    assert sum(sizes) == 20_000_000
    assert max(sizes) <= reading_lines.PIECE_BYTES


def test_what_was_not_packed_by_gzip_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(b"\x1f\x8bnonsense")

    with pytest.raises(NotReadable, match="it is damaged"):
        list(Input(str(file)).batches(line_bytes_max=1_000))


def test_no_more_is_taken_than_a_few_batches_ahead() -> None:
    taken: list[int] = []

    def batches() -> Iterator[Batch]:
        for number in range(1_000):
            taken.append(number)
            yield Batch("", number, b"")

    with contextlib.closing(in_order(number_of, batches(), jobs=2)) as answers:
        assert list(islice(answers, 3)) == [0, 1, 2]
        time.sleep(0.3)

        assert len(taken) <= 3 + 2 * reading_lines.IN_FLIGHT + 2


def test_a_fault_of_the_work_or_of_the_source_is_raised_here() -> None:
    def breaks() -> Iterator[Batch]:
        yield Batch("", 1, b"")
        raise NotReadable("gone")

    with pytest.raises(NotReadable, match="gone"):
        list(in_order(number_of, breaks(), jobs=2))
    with pytest.raises(ZeroDivisionError):
        list(in_order(by_nought, iter([Batch("", 1, b"")]), jobs=2))


def number_of(batch: Batch) -> int:
    return batch.first


def by_nought(batch: Batch) -> float:
    return batch.first / 0


def batches_of(pieces: list[bytes], *, line_bytes_max: int) -> Iterator[Batch]:
    return reading_lines.whole_lines(iter(pieces), source="here", line_bytes_max=line_bytes_max)


@contextlib.contextmanager
def running() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*COMMAND, "--jobs", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ran:
        try:
            yield ran
        finally:
            ran.kill()
            for pipe in (ran.stdin, ran.stdout):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()  # type: ignore[union-attr]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" and os.getpgid(pid) > 0
    return False

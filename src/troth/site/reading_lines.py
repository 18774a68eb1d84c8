"""Lines from files or a pipe, read by as many processes as there are cores, answered in their order.

Nothing here knows what a line means: `work` does. What is held at one time is a few batches for each process, whatever
the size of the input. The processes end with this one, however it ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import stat
import threading
import zlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

PIECE_BYTES = 128 * 1024
"""So much is asked for at a time; a slow pipe gives less, and what it gave is read at once."""
IN_FLIGHT = 4
"""How many batches wait for each process, so that none is ever idle."""
GZIP = b"\x1f\x8b"


class NotReadable(Exception):
    """A file breaks off or is damaged: the sentence says which."""


@dataclass(frozen=True)
class Batch:
    """Whole lines that follow one another."""

    source: str
    first: int
    """The number of the first of them; lines are counted from 1."""
    lines: bytes
    too_long: bool = False
    """This is one line that was longer than allowed, and it is left out."""


class Input:
    """A file or, as ``-``, standard input; packed by gzip or plain."""

    def __init__(self, path: str) -> None:
        self.name = "stdin" if path == "-" else path
        # The bare file descriptor: it gives what a pipe holds already, and no lock of it is held when we leave.
        self._file = open(0 if path == "-" else path, "rb", buffering=0, closefd=path != "-")  # noqa: SIM115
        os.set_blocking(self._file.fileno(), True)  # a pipe that is not would seem to end whenever it is empty
        self.bytes_read = 0

    def bytes_in_all(self) -> int | None:
        """Its size as it lies on the disk; None for a pipe."""
        about = os.fstat(self._file.fileno())
        return about.st_size if stat.S_ISREG(about.st_mode) else None

    def batches(self, *, line_bytes_max: int) -> Iterator[Batch]:
        """Its lines, as many together as came together. Raises `NotReadable`."""
        with self._file:
            yield from whole_lines(self._plain_pieces(), source=self.name, line_bytes_max=line_bytes_max)

    def _plain_pieces(self) -> Iterator[bytes]:
        start = b""
        while len(start) < len(GZIP) and (piece := self._piece()):
            start += piece
        if start[: len(GZIP)] == GZIP:
            yield from self._unpacked(start)
            return
        yield start
        while piece := self._piece():
            yield piece

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        """What gzip packed, in pieces that stay small however tightly it was packed; several files in one are one."""
        unpack = zlib.decompressobj(wbits=31)
        try:
            while packed or (packed := self._piece()):
                if unpack.eof:
                    unpack = zlib.decompressobj(wbits=31)
                yield unpack.decompress(packed, PIECE_BYTES)
                packed = unpack.unconsumed_tail or unpack.unused_data
        except zlib.error as why:
            raise NotReadable(f"{self.name}: it is damaged, or was not packed by gzip.") from why
        if not unpack.eof:
            raise NotReadable(f"{self.name}: it breaks off; its last part is missing.")

    def _piece(self) -> bytes:
        piece = self._file.read(PIECE_BYTES) or b""
        self.bytes_read += len(piece)
        return piece


def whole_lines(pieces: Iterator[bytes], *, source: str, line_bytes_max: int) -> Iterator[Batch]:
    """Lines put together again from *pieces*; of one that is longer than allowed nothing is held."""
    held: list[bytes] = []
    held_bytes, number, too_long = 0, 1, False
    for piece in pieces:
        end_of_last = piece.rfind(b"\n") + 1
        if not end_of_last:
            held_bytes += len(piece)
            too_long = too_long or held_bytes > line_bytes_max
            held = [] if too_long else [*held, piece]
            continue
        begin = 0
        if too_long:
            yield Batch(source, number, b"", too_long=True)
            begin, number = piece.find(b"\n") + 1, number + 1
        if whole := b"".join(held) + piece[begin:end_of_last]:
            yield Batch(source, number, whole)
            number += whole.count(b"\n")
        held, too_long = [piece[end_of_last:]], False
        held_bytes = len(held[0])
    if too_long or held_bytes:
        yield Batch(source, number, b"".join(held), too_long=too_long)


def in_order(work: Callable[[Batch], T], batches: Iterator[Batch], *, jobs: int) -> Generator[T]:
    """What *work* makes of each batch, in order, done by *jobs* processes; close the iterator to stop early."""
    if jobs == 1:
        yield from map(work, batches)
        return
    with _processes(jobs) as pool:
        waiting: queue.Queue[Future[T] | None] = queue.Queue(maxsize=jobs * IN_FLIGHT)
        stopped = threading.Event()
        # A thread reads, so that an answer leaves as soon as it is there, even if the next line is long in coming.
        threading.Thread(target=_feed, args=(pool, work, batches, waiting, stopped), daemon=True).start()
        try:
            while (answer := waiting.get()) is not None:
                yield answer.result()
        finally:
            stopped.set()
            with contextlib.suppress(queue.Empty):  # makes room, if the thread waits for some
                while True:
                    waiting.get_nowait()


def _feed(
    pool: ProcessPoolExecutor,
    work: Callable[[Batch], T],
    batches: Iterator[Batch],
    waiting: queue.Queue[Future[T] | None],
    stopped: threading.Event,
) -> None:
    try:
        for batch in batches:
            if stopped.is_set():
                return
            waiting.put(pool.submit(work, batch))
        waiting.put(None)
    except BaseException as why:  # raised where the answers are awaited
        failed: Future[T] = Future()
        failed.set_exception(why)
        waiting.put(failed)


@contextlib.contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes, all begun before any thread is; none is left afterwards."""
    # Forked ones share the weights this process has loaded.
    way = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(way), initializer=_begin)
    try:
        pool.submit(os.getpid).result()
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In each process: Ctrl-C is the first process's to answer, and when that is gone, so is this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)

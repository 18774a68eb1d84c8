"""Measure how quickly the public record answers: heads, tiles, bundles and proofs, asked of a running installation.

    python -m bench.record http://localhost:8000 --rate 200 --seconds 20

Requests are begun when they are due, whether or not the ones before were answered, so that a slow answer counts with the time that
others waited behind it. The goal of the reliability plan (T27): 200 a second on two cores, 95 of 100 within 100 ms.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

from troth.ledger.rules.paths import entries_path, tile_path
from troth.ledger.rules.tree import WIDTH, Tile, levels, width


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench.record", description=__doc__)
    said.formatter_class = argparse.RawDescriptionHelpFormatter
    said.add_argument("home", help="where the installation is")
    said.add_argument("--rate", type=float, default=200, help="requests a second")
    said.add_argument("--seconds", type=float, default=20)
    said.add_argument("--connections", type=int, default=32)
    chosen = said.parse_args()
    place = urlsplit(chosen.home).netloc
    size = int(asked(HTTPConnection(place), "checkpoint")[1].split(b"\n")[1])
    took, load = (
        run(place, size, rate=chosen.rate, seconds=chosen.seconds, connections=chosen.connections),
        os.getloadavg()[0],
    )
    for what, spans in sorted(took.items()):
        told = ", ".join(f"p{share} {1000 * quantile(spans, share / 100):.1f} ms" for share in (50, 95, 99))
        print(f"{what}: {len(spans)} answers, {told}")
    print(f"{size} entries, {chosen.rate:g} requests a second; load of the machine {load:.1f}")


def run(place: str, size: int, *, rate: float, seconds: float, connections: int) -> dict[str, list[float]]:
    """How long each answer took from when it was due."""
    due: queue.Queue[tuple[float, str, str] | None] = queue.Queue()
    took: dict[str, list[float]] = {}
    lock = threading.Lock()

    def asking() -> None:
        connection = HTTPConnection(place)
        while (one := due.get()) is not None:
            at, what, path = one
            status, _body = asked(connection, path)
            span = time.perf_counter() - at
            with lock:
                took.setdefault(what if status == 200 else f"{what}, refused with {status}", []).append(span)
                took.setdefault("all", []).append(span)

    threads = [threading.Thread(target=asking) for _ in range(connections)]
    for thread in threads:
        thread.start()
    dice, began = random.Random(7), time.perf_counter()
    for number in range(int(rate * seconds)):
        at = began + number / rate
        time.sleep(max(0.0, at - time.perf_counter()))
        due.put((at, *drawn(dice, size)))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return took


def drawn(dice: random.Random, size: int) -> tuple[str, str]:
    """What an auditor asks for: tiles and bundles most of all."""
    level = dice.randrange(levels(size))
    hashes = size >> 8 * level
    tile = Tile(level, dice.randrange(-(-hashes // WIDTH)))
    number = dice.randrange(-(-size // WIDTH))
    return dice.choices(
        [
            ("checkpoint", "checkpoint"),
            ("tile", tile_path(tile, width(tile, size))),
            ("bundle", entries_path(number, width(Tile(0, number), size))),
            ("consistency", f"consistency/{dice.randrange(1, size + 1)}/{size}"),
            ("overview page", ""),
        ],
        weights=[25, 40, 20, 10, 5],
    )[0]


def asked(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", f"/record/{path}", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def quantile(spans: list[float], share: float) -> float:
    return sorted(spans)[min(len(spans) - 1, int(share * len(spans)))]


if __name__ == "__main__":
    main()

"""What a receipt weighs, and how long checking one takes: python -m bench.receipt

In this process, at the command line, and in headless Chromium with the page's own scripts. Prints a table for docs/benchmarks.md.
"""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from troth.ledger.rules.receipt_verify import verify
from troth.ledger.rules.receipt_words import TABLE
from troth.ledger.tests.receipts import SHOP, WITNESS, written

SCRIPTS = Path(__file__).parents[1] / "src/troth/record/static/record/js"
KEY = SHOP.verifier
RECEIPT = written(index=500)
ROUNDS = 500


def main() -> None:
    rows = [
        ("a usual promise, entry 501 of 1,050", f"{len(RECEIPT.encode()):,} bytes"),
        ("the same with a witness", f"{len(written(index=500, signers=[SHOP, WITNESS]).encode()):,} bytes"),
        ("checked in a running program", f"{in_process() * 1000:.2f} ms of CPU"),
        ("`troth verify`, from start to end", "{:.2f} s, {:.2f} s of CPU".format(*at_the_command_line())),
        ("checked in Chromium, median", f"{in_the_browser():.1f} ms"),
        ("the proof's script as served, gzip -9", f"{packed('proof.js'):,} bytes"),
        ("all three scripts of the page", f"{sum(map(packed, ('proof.js', 'receipt.js', 'verify.js'))):,} bytes"),
    ]
    print("| receipts | reached |\n|---|---|")
    print("\n".join(f"| {name} | {figure} |" for name, figure in rows))


def in_process() -> float:
    raw, began = RECEIPT.encode(), time.process_time()
    for _ in range(ROUNDS):
        assert verify(raw, keys=[KEY]).holds
    return (time.process_time() - began) / ROUNDS


def at_the_command_line() -> tuple[float, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(RECEIPT)
        file.flush()
        walls, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(10):
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "troth.site.cli", "verify", file.name], check=True, capture_output=True
            )
            walls.append(time.perf_counter() - began)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return median(walls), (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 10


def in_the_browser() -> float:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_text("<!DOCTYPE html><title>Receipts</title>")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto((Path(folder) / "page.html").as_uri())
        for name in ("proof.js", "receipt.js"):
            page.add_script_tag(path=SCRIPTS / name)
        times: list[float] = page.evaluate(
            """async ([text, key, table, rounds]) => {
              const raw = new TextEncoder().encode(text), times = [];
              for (let round = 0; round < rounds; round++) {
                const began = performance.now();
                const { code } = await receipt.verify(raw, [key], JSON.parse(table));
                if (code) throw new Error(code);
                times.push(performance.now() - began);
              }
              return times;
            }""",
            [RECEIPT, KEY.to_text(), json.dumps(TABLE), ROUNDS],
        )
        browser.close()
    return median(times)


def packed(name: str) -> int:
    return len(gzip.compress((SCRIPTS / name).read_bytes(), 9))


if __name__ == "__main__":
    main()

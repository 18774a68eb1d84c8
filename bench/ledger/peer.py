"""pymerkle (GPL, in an environment of its own): the Merkle tree that most Python programs would take, on SQLite."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.spine.__main__ import note, table
from bench.spine.ground import Ground

PACKAGE = "pymerkle==7.0.0"
ENVIRONMENT = Path(tempfile.gettempdir()) / "troth-bench-pymerkle"
#: Beyond this its proofs, which hash every leaf anew, take minutes.
MOST = 1_000_000
SCRIPT = """
import json, os, secrets, statistics, sys, tempfile, time
from pymerkle import SqliteTree
size = int(sys.argv[1])
with tempfile.TemporaryDirectory() as place:
    path = os.path.join(place, "tree.db")
    tree = SqliteTree(path)
    entries = [secrets.token_bytes(190) for _ in range(size)]
    began = time.perf_counter()
    tree.append_entries(entries)
    bulk = size / (time.perf_counter() - began)
    began = time.perf_counter()
    for entry in entries[:100]:
        tree.append_entry(entry)
    single = 100 / (time.perf_counter() - began)
    proofs = []
    for number in range(9):
        began = time.perf_counter()
        tree.prove_inclusion(1 + number * size // 10, size)
        proofs.append(time.perf_counter() - began)
    print(json.dumps({"bulk": bulk, "single": single, "first": proofs[0], "proof": statistics.median(proofs),
        "bytes": os.path.getsize(path) / size}))
"""


def table_beside(sizes: list[int], *, here: Ground) -> str:
    """What it does at the same sizes; a sentence where it cannot be installed."""
    python = installed()
    if python is None:
        return "pymerkle could not be installed here, and stands not beside it."
    rows: dict[str, list[str]] = {}
    measured = [size for size in sizes if size <= MOST]
    for size in measured:
        note(f"pymerkle at {size:,}")
        done = subprocess.run([python, "-c", SCRIPT, str(size)], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        for name, figure in {
            "append, all at once": f"{found['bulk']:,.0f} a second",
            "append, one a transaction": f"{found['single']:,.0f} a second",
            "proof: first, p50": f"{found['first'] * 1000:,.0f} ms, {found['proof'] * 1000:,.0f} ms",
            "bytes an entry of 190": f"{found['bytes']:.0f}",
        }.items():
            rows.setdefault(name, []).append(figure)
    return table([f"{PACKAGE.replace('==', ' ')} on SQLite", *(f"{size:,} entries" for size in measured)], rows)


def installed() -> Path | None:
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", PACKAGE], check=False, capture_output=True)
    return python if done.returncode == 0 else None

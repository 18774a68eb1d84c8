"""What the whole system needs while nothing happens: `troth run` as it is, with the sample, each process by its share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench.spine.gauge import pss_mib
from bench.spine.live import wait_for
from tests.lab.servers import free_ports


def idle(*, settle_seconds: float = 30) -> dict[str, float]:
    """MiB by part: web, worker, PostgreSQL, and what holds them together."""
    place = Path(tempfile.mkdtemp(prefix="troth-idle-", dir="/tmp"))
    place.chmod(0o755)
    port = free_ports(1)[0]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DATABASE_", "DJANGO_"))
    }
    whole = subprocess.Popen(
        [sys.executable, "-m", "troth.site.cli", "run"],
        env={**kept, "TROTH_DATA": str(place / "data"), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        time.sleep(settle_seconds)
        parts: defaultdict[str, float] = defaultdict(float)
        for pid in _ours(place):
            try:
                parts[_part(pid)] += pss_mib(pid)
            except OSError:
                continue  # it ended just now
        return dict(parts)
    finally:
        whole.send_signal(signal.SIGTERM)
        try:
            whole.wait(30)
        except subprocess.TimeoutExpired:
            whole.kill()
        shutil.rmtree(place, ignore_errors=True)


def _ours(place: Path) -> list[int]:
    """Every process of this installation: they all know where its data are, or were started by one that does."""
    found, parents = set(), {}
    for one in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(one.name)] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            named = (one / "environ").read_bytes() + (one / "cmdline").read_bytes()
        except OSError:
            continue
        if str(place).encode() in named:
            found.add(int(one.name))
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)


def _part(pid: int) -> str:
    said = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if "postgres" in said:
        return "PostgreSQL"
    if "email" in said and "inside" in said:
        return "reader of mail"
    for word in ("worker", "web", "granian", "run"):
        if f" {word}" in said or word in said.split("/")[-1]:
            return "web" if word == "granian" else {"run": "keeper"}.get(word, word)
    return "web"

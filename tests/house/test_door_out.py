"""There is one door out to the web, and it is `hooks/door.py`: nobody else may reach for a client of their own.

`witness/fetch.py` is none of the product's: it asks the log that an auditor names on their own machine. `drafting/endpoint.py`
asks the one address that the host wrote into the settings, which streams for a minute where the door allows five seconds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "troth"
DOOR = SRC / "hooks" / "door.py"
AUDITOR = SRC / "witness" / "fetch.py"
DRAFTS = SRC / "drafting" / "endpoint.py"
CLIENTS = {"requests", "httpx", "urllib3", "aiohttp", "pycurl", "http.client", "urllib.request", "httplib2", "xmlrpc"}


def imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def clients(text: str) -> set[str]:
    return {client for name in imported(text) for client in CLIENTS if name == client or name.startswith(f"{client}.")}


def test_only_the_door_speaks_http() -> None:
    ours = [path for path in SRC.rglob("*.py") if "tests" not in path.parts]

    assert {path: found for path in ours if (found := clients(path.read_text()))} == {
        DOOR: {"http.client"},
        AUDITOR: {"http.client"},
        DRAFTS: {"http.client"},
    }


@pytest.mark.parametrize(
    "line",
    ["import requests", "from urllib import request", "import urllib.request as ask", "from httpx import get", "import http.client"],
)  # fmt: skip
def test_the_looking_finds_a_client(line: str) -> None:
    assert clients(f"def look():\n    {line}\n")


def test_what_only_reads_addresses_is_no_client() -> None:
    assert clients("from urllib.parse import urlsplit\nfrom http import HTTPStatus") == set()

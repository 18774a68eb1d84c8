from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from troth.hooks.tests.receiver import NAME, Receiver, authority, receiving

_connects: list[object] | None = None


def _hear(event: str, words: tuple[object, ...]) -> None:
    if event == "socket.connect" and _connects is not None:
        _connects.append(words[1])


sys.addaudithook(_hear)  # the interpreter tells of every connect, whoever asked for it


@pytest.fixture
def connects() -> Iterator[list[object]]:
    """Where this process connected to over a network; sockets in files, the database's, are left out."""
    global _connects
    _connects = []
    yield _connects
    _connects = None


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def https(certified, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Receiver]:
    """A receiver whose certificate this process believes, at a place the host vouches for."""
    root_file, shown = certified
    monkeypatch.setenv("SSL_CERT_FILE", str(root_file))
    with receiving(shown) as server:
        settings.TROTH_HOOKS_ALLOW = frozenset({f"127.0.0.1:{server.port}", f"{NAME}:{server.port}"})
        yield server


@pytest.fixture
def plain(settings: Settings) -> Iterator[Receiver]:
    """The same without TLS, beside whatever else is vouched for."""
    with receiving() as server:
        settings.TROTH_HOOKS_ALLOW |= {f"127.0.0.1:{server.port}"}
        yield server

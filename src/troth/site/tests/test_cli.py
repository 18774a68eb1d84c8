"""The command `troth`, as far as it says something before anything is started."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from troth.site import cli


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TROTH_DATA", str(tmp_path))
    return tmp_path


def test_a_taken_port_is_told_with_another_to_try(taken_port: int, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken_port))

    result = CliRunner().invoke(cli.main, ["run"])

    assert result.exit_code == 1
    assert f"Port {taken_port} is already in use by another program: try PORT=" in result.output
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    result = CliRunner().invoke(cli.main, ["run"])

    assert result.exit_code == 1
    assert "write a number from 1 to 65535" in result.output


def test_there_is_no_address_before_there_is_a_database(data: Path) -> None:
    result = CliRunner().invoke(cli.main, ["db", "url"])

    assert result.exit_code == 1
    assert "`troth db start` makes one" in result.output


def test_the_welcome_stands_in_a_frame() -> None:
    assert cli.framed("Troth\nhttp://localhost:8000") == (
        "┌───────────────────────┐\n│ Troth                 │\n│ http://localhost:8000 │\n└───────────────────────┘"
    )


def test_a_frame_of_its_own_is_kept() -> None:
    assert cli.framed("╭─╮\n╰─╯") == "╭─╮\n╰─╯"


def test_the_command_loads_no_django() -> None:
    words = [sys.executable, "-c", "import sys, troth.site.cli; print('django' in sys.modules)"]

    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_password_of_the_database_is_not_among_the_words_of_a_command() -> None:
    address, password = cli.without_password("postgresql://troth:p%40ss@/troth?host=%2Fvar%2Fsocket&port=5432")

    assert password == "p@ss"
    assert sorted(address.split()) == ["dbname=troth", "host=/var/socket", "port=5432", "user=troth"]
    assert cli.without_password("dbname=troth")[1] == ""

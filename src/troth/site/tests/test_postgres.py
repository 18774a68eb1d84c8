"""The embedded PostgreSQL: started, killed, raced for, and as everybody it must run as."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from troth.site import postgres
from troth.site.postgres import Cluster, ClusterError

STARTER = (
    "import sys, pathlib; from troth.site.postgres import Cluster; "
    "c = Cluster(pathlib.Path(sys.argv[1]), fast=True); print(c.start(), c.started_here, flush=True); sys.stdin.read()"
)


@pytest.fixture
def cluster(open_place: Path) -> Iterator[Cluster]:
    made = Cluster(open_place / "postgres", fast=True)
    yield made
    made.stop()


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory anyone may enter: pytest's own are closed."""
    place = Path(tempfile.mkdtemp(prefix="troth-pg-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
        assert row
        return row[0]


def keep_seven(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")


def postmaster_of(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def processes_of(cluster: Cluster) -> list[int]:
    found = []
    for pid in postgres.process_ids():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cwd").readlink() == cluster.data.resolve() and not postgres.is_zombie(pid):
                found.append(pid)
    return found


def test_first_start_makes_everything_and_the_second_keeps_it(cluster: Cluster) -> None:
    url = cluster.start()
    keep_seven(url)
    cluster.stop()

    assert not cluster.is_running()
    assert processes_of(cluster) == []
    assert cluster.start() == url
    assert ask(url, "SELECT n FROM kept") == 7
    assert ask(url, "SHOW listen_addresses") == ""
    assert (
        ask(url, "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'troth'")
        == "b C.UTF-8"
    )
    assert ask(url, "SHOW server_encoding") == "UTF8"


def test_nobody_else_may_enter(cluster: Cluster) -> None:
    url = cluster.start()

    assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.home / "password").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("troth:", "troth:not"))


def test_the_application_is_no_superuser_and_has_its_extensions(cluster: Cluster) -> None:
    url = cluster.start()

    assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(url, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
    assert cluster.missing_extensions() == []
    assert (
        ask(url, "SELECT count(*) FROM pg_extension WHERE extname = ANY ('{pg_trgm,unaccent,btree_gist,vector}')") == 4
    )


def test_start_again_changes_nothing(cluster: Cluster) -> None:
    url = cluster.start()
    pid = postmaster_of(cluster)

    second = Cluster(cluster.home, fast=True)

    assert second.start() == url
    assert not second.started_here
    assert postmaster_of(cluster) == pid


def test_a_killed_server_starts_again_with_what_was_committed(cluster: Cluster) -> None:
    cluster.fast = False
    url = cluster.start()
    keep_seven(url)

    os.kill(postmaster_of(cluster), signal.SIGKILL)

    assert cluster.start() == url
    assert ask(url, "SELECT n FROM kept") == 7


def test_a_pid_file_that_names_a_stranger_is_no_hindrance(cluster: Cluster) -> None:
    url = cluster.start()
    lines = (cluster.data / "postmaster.pid").read_text().split("\n")
    cluster.stop()
    lines[0] = str(os.getppid())
    (cluster.data / "postmaster.pid").write_text("\n".join(lines))

    cluster.start()

    assert ask(url, "SELECT 1") == 1


def test_several_callers_get_one_server(cluster: Cluster) -> None:
    with ThreadPoolExecutor() as pool:
        words = [sys.executable, "-c", STARTER, str(cluster.home)]
        starters = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _number in range(4)
        ]
        said = list(pool.map(lambda starter: starter.stdout.readline().split(), starters))

    assert len({url for url, _here in said}) == 1
    assert sorted(here for _url, here in said) == ["False", "False", "False", "True"]
    for starter in starters:
        starter.communicate()


def test_a_tied_server_ends_with_its_starter(cluster: Cluster) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(cluster.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout
        starter.stdout.readline()
        assert processes_of(cluster)

        starter.kill()

    until = time.monotonic() + 15
    while processes_of(cluster):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_long_path_gets_a_short_socket(open_place: Path) -> None:
    cluster = Cluster(open_place / ("long" * 20) / "postgres", fast=True)

    try:
        assert ask(cluster.start(), "SELECT 1") == 1
        assert len(os.fsencode(cluster.socket_dir)) < 80
    finally:
        cluster.stop()

    # Beside the data it stays with them; a place of its own goes with the server.
    assert not cluster.socket_dir.exists() or cluster.socket_dir.parent == cluster.home


def test_data_of_another_version_are_refused_in_a_sentence(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("11\n")

    with pytest.raises(ClusterError, match=r"were written by PostgreSQL 11, and this machine has 18"):
        cluster.start()


def test_a_server_that_cannot_start_tells_its_last_words(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(ClusterError, match="no_such_setting"):
        cluster.start()


def test_stop_without_a_server_is_no_fault(tmp_path: Path) -> None:
    Cluster(tmp_path / "never").stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has other users to run as")
class TestAsRoot:
    @pytest.fixture(autouse=True)
    def shared_home(self, open_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "SHARED_HOME", open_place / "shared")

    def test_runs_as_the_system_user_where_it_can(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "namespace_runner", refuse)

        cluster.start()

        assert cluster.data.stat().st_uid != 0
        assert Path(f"/proc/{postmaster_of(cluster)}").stat().st_uid == cluster.data.stat().st_uid

    def test_runs_in_a_home_closed_to_others(self) -> None:
        with tempfile.TemporaryDirectory(dir="/root") as closed:
            cluster = Cluster(Path(closed) / "postgres", fast=True)

            try:
                assert ask(cluster.start(), "SELECT 1") == 1
            finally:
                cluster.stop()

    def test_moves_where_no_namespace_is_allowed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "namespace_runner", refuse)
        with tempfile.TemporaryDirectory(dir="/root") as closed:
            cluster = Cluster(Path(closed) / "postgres", fast=True)

            try:
                assert ask(cluster.start(), "SELECT 1") == 1
                cluster.stop()
                assert ask(cluster.start(), "SELECT 1") == 1
            finally:
                cluster.stop()


def refuse(why: str) -> postgres.Runner:
    raise ClusterError(why)

"""The embedded database comes back by itself."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from troth.site.keeper import Keeper
from troth.site.postgres import Cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    place = Path(tempfile.mkdtemp(prefix="troth-kept-", dir="/tmp"))
    place.chmod(0o755)
    made = Cluster(place / "postgres", fast=True)
    yield made
    made.stop()
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGQUIT], ids=["killed", "stopped at once"])
def test_a_server_that_ended_unasked_is_started_again_and_one_that_is_stopped_stays_down(
    cluster: Cluster, sign: signal.Signals
) -> None:
    url = cluster.start()
    with psycopg.connect(url) as line:
        line.execute("SET synchronous_commit = on")  # a fast server else keeps the last words to itself
        line.execute("CREATE TABLE kept AS SELECT 7 AS n")
    keeper = Keeper(cluster)
    keeper.start()

    os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), sign)

    until = time.monotonic() + 60
    found = None
    while found is None:
        assert time.monotonic() < until
        try:
            with psycopg.connect(url) as line:
                found = line.execute("SELECT n FROM kept").fetchone()
        except psycopg.OperationalError:
            time.sleep(0.1)
    assert found == (7,)
    keeper.stop()
    cluster.stop()
    time.sleep(1)
    assert not cluster.is_running()

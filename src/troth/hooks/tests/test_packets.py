from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_not_one_packet_leaves_for_where_nothing_may_be_sent() -> None:
    """The kernel's own count, in a network namespace; names that lead elsewhere when asked again are among them."""
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    tools = shutil.which("nft") and shutil.which("ip")
    if not (tools and subprocess.run([*apart, "true"], check=False, capture_output=True).returncode == 0):
        pytest.skip("needs nft and ip, and a kernel that lets us have a network of our own")

    done = subprocess.run(
        [*apart, sys.executable, "-m", "troth.hooks.tests.packets"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert counted["by the door"] == 0
    assert counted["by two that knock"] >= 2

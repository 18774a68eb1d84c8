from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from troth.site import interpreter
from troth.site.rules.interpreter import faults_of, mended_by


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ((3, 11, 2), ["CVE-2023-27043", "CVE-2024-6923", "CVE-2024-7592", "CVE-2025-13836"]),
        ((3, 11, 9), ["CVE-2023-27043", "CVE-2024-6923", "CVE-2024-7592", "CVE-2025-13836"]),
        ((3, 11, 10), ["CVE-2025-13836"]),
        ((3, 11, 15), []),
        ((3, 12, 5), ["CVE-2023-27043", "CVE-2024-7592", "CVE-2025-13836"]),
        ((3, 12, 13), []),
        ((3, 13, 0), ["CVE-2025-13836"]),
        ((3, 13, 11), []),
        ((3, 14, 1), ["CVE-2025-13836"]),
        ((3, 14, 2), []),
        ((3, 15, 0), []),
    ],
)
def test_each_release_has_the_faults_it_is_known_for(version: tuple[int, int, int], names: list[str]) -> None:
    assert [fault.name for fault in faults_of(version)] == names
    mended = tuple(int(part) for part in mended_by(version).split("."))
    assert faults_of(mended) == []  # type: ignore[arg-type]
    assert mended >= version


def test_a_start_on_a_faulty_python_warns(caplog: Any) -> None:
    with caplog.at_level(logging.WARNING, logger="troth"):
        interpreter.warn((3, 11, 2))
        interpreter.warn((3, 15, 0))

    assert [record.getMessage() for record in caplog.records] == [
        "Python 3.11.2 has known faults in email, http (CVE-2023-27043, CVE-2024-6923, CVE-2024-7592, CVE-2025-13836); "
        "3.11.15 is free of them, and so may be what your distribution made of it."
    ]


@pytest.mark.parametrize("said", ["no", "yes"])
def test_it_is_refused_only_where_the_host_says_so(said: str) -> None:
    starts = said == "no" or not faults_of(sys.version_info[:3])
    words = [sys.executable, "-c", "import troth.site.settings"]
    env = os.environ | {"TROTH_REFUSE_OLD_PYTHON": said}

    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)

    assert (done.returncode == 0) == starts
    assert starts or "TROTH_REFUSE_OLD_PYTHON" in done.stderr

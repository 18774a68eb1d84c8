"""The API does what its description says: schemathesis asks everything that can be asked, well and badly."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.faces import Shop
from tests.programs import Program

from troth.people import operations
from troth.people.rules.pace import Pace

#: So that the suite stays short; all of it by hand: `SCHEMATHESIS="--max-examples=20" python -m pytest -s <this file>`.
SHORT = "--phases=fuzzing,stateful --max-examples=2"
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_the_api_is_as_it_is_described(
    live_server: Any, shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(operations, "PACE", Pace(most=10**9, within=timedelta(days=1)))
    monkeypatch.setattr(operations, "WRONG_KEYS", Pace(most=10**9, within=timedelta(days=1)))
    program = Program(shop.lea)
    for who in (shop.ann, shop.bob):
        shop.promise(who, shop.case(who))

    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(CONFIG),
                "run",
                f"{live_server.url}/api/openapi.json",
            ),
            *("--header", f"Authorization: Bearer {program.secret}"),
            *("--checks", "all", "--continue-on-failure"),
            *("--generation-deterministic", "--no-color", "--request-timeout", "30"),
            *os.environ.get("SCHEMATHESIS", SHORT).split(),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    print(done.stdout)  # noqa: T201 - its figures, for whoever asks with -s
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]

"""Whoever appends and seals, killed at some boundaries and at random; `make faults` does it at every one, and for long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from faults import log
from faults.registry import Outcome

pytestmark = [pytest.mark.slow]


@pytest.mark.django_db(transaction=True)
def test_killed_while_sealing_nothing_is_lost_or_signed_twice() -> None:
    """In the middle of the transaction, before and after its commit, and while the head is written down outside."""
    Path(settings.TROTH_LAST_CHECKPOINT).unlink(missing_ok=True)

    outcome = log.sealing_killed(at=[9, 10, 11, 12])

    assert outcome.points == 4
    assert outcome.is_clean, outcome


@pytest.mark.timeout(300)
def test_killed_at_random_the_log_has_no_gap_and_no_fork() -> None:
    """In an interpreter of its own, whose processes know nothing of the tests' database."""
    known = {
        name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DJANGO_", "DATABASE_"))
    }
    words = [sys.executable, "-m", "faults.log", "2000", "6", "5"]

    done = subprocess.run(words, capture_output=True, text=True, check=True, env=known)

    outcome = Outcome(**json.loads(done.stdout))
    assert outcome.points  # how often depends on how fast the machine is
    assert outcome.is_clean, (outcome, done.stderr)

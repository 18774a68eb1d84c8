"""One clock for a database and every program beside it, moved as we like: libfaketime, which all of them read."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.lab.servers import NotInstalled
from troth.site.postgres import Cluster, Runner


def library() -> Path:
    """libfaketime for programs with threads; NotInstalled where it is missing."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        raise NotInstalled("libfaketime is missing: sudo apt-get install -y --no-install-recommends faketime")
    return found


class SharedClock:
    """Ticks as the real one does, ahead of it or behind it by as much as is said; whoever has `environment` reads it."""

    def __init__(self, place: Path, *, now: datetime) -> None:
        self._file = place / "clock"
        self.environment = {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",  # waits take their real length
        }
        self.to(now)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def to(self, moment: datetime) -> None:
        """From here on it is *moment*, be it later or earlier."""
        self._ahead = moment - datetime.now(UTC)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{self._ahead.total_seconds():+.6f}\n")
        draft.chmod(0o644)
        draft.rename(self._file)

    def run(self, span: timedelta, *, times: float) -> None:
        """Let *span* pass, so many times as fast as it really does."""
        end, step_seconds = self.now() + span, 0.05
        while self.now() < end:
            time.sleep(step_seconds)
            self.to(min(self.now() + timedelta(seconds=step_seconds * (times - 1)), end))


@dataclass(frozen=True)
class ClockedRunner(Runner):
    environment: dict[str, str] = field(default_factory=dict)

    def popen_args(self) -> dict[str, Any]:
        args = super().popen_args()
        return args | {"env": args["env"] | self.environment}


class ClockedCluster(Cluster):
    """A PostgreSQL that reads the shared clock."""

    def __init__(self, data_dir: Path, clock: SharedClock) -> None:
        super().__init__(data_dir, fast=True)
        self._clock = clock

    def _settle(self) -> Runner:
        plain = super()._settle()
        return ClockedRunner(plain.uid, plain.gid, plain.in_namespace, environment=self._clock.environment)


def environment(clock: SharedClock, cluster: Cluster, data: Path, **more: str) -> dict[str, str]:
    """For a program of ours on that clock and database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "DATABASE_URL"))}
    root = Path(__file__).resolve().parents[2]
    return {
        **kept,
        **clock.environment,
        "DATABASE_URL": cluster.url(),
        "DJANGO_SETTINGS_MODULE": "troth.site.settings",
        "PYTHONPATH": f"{root / 'src'}:{root}",
        "TROTH_DATA": str(data),
        "TROTH_SECRET_KEY": "the-laboratory-signs-nothing-of-worth-with-fifty-characters",
        "TROTH_LOG_LEVEL": "WARNING",
        **more,
    }

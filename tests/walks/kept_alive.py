"""A supervisor with one worker, less patient than in life; what hangs is a carrier that never answers its first letter.

    python -m tests.walks.kept_alive FOLDER

The worker's own process is the same file with `worker` as its first word.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from troth.channels.files.carrier import FolderCarrier
from troth.post.rules.carrier import Outcome
from troth.site.supervise import Child, Supervisor

PULSE_SECONDS = 3.0
PATIENCE_SECONDS = 3.0


class Hanging(FolderCarrier):
    """Hangs at the first letter of all, as a carrier with no clock of its own would; carries every later one."""

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        self.open()
        try:
            (self.folder / "hung").touch(exist_ok=False)
        except FileExistsError:
            return super().submit(letter, envelope_from, recipients, on_data)
        threading.Event().wait()
        raise AssertionError


def supervise(folder: str) -> None:
    command = [sys.executable, "-m", "tests.walks.kept_alive", "worker", folder]
    Supervisor([Child("worker", command, pulse_seconds=PULSE_SECONDS, delay_seconds=0.1)]).run()


def work(folder: str) -> None:
    import django  # the settings must be in the environment first

    os.environ |= {"TROTH_DATA": folder, "TROTH_CARRIER": "tests.walks.kept_alive.Hanging", "TROTH_LOG_LEVEL": "INFO"}
    django.setup()
    from troth.post import actions as post
    from troth.site import worker

    post.LEASE = timedelta(seconds=1)
    worker.POST_PATIENCE_SECONDS = PATIENCE_SECONDS
    worker.main()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "troth.site.settings"
    if sys.argv[1] == "worker":
        work(sys.argv[2])
    else:
        Path(sys.argv[1]).mkdir(exist_ok=True)
        supervise(sys.argv[1])

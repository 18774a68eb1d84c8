"""Brings the embedded database back when it ended without being asked: killed for want of memory, or out of disk."""

from __future__ import annotations

import sys
import threading

from troth.site.postgres import Cluster, ClusterError

LOOK_EVERY_SECONDS = 0.5
#: After a start in vain it is tried again after this long, doubling to the most.
AGAIN_SECONDS, AGAIN_SECONDS_MOST = 1.0, 10.0


class Keeper(threading.Thread):
    """Starts *cluster* again whenever its server has ended, until `stop`. Its thread owns the server it started."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(name="database", daemon=True)
        self.cluster = cluster
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Look no more. A start under way is waited for, so that whoever stops the server stops that one."""
        self._stopped.set()
        self.join()

    def run(self) -> None:
        again = AGAIN_SECONDS
        while not self._stopped.wait(LOOK_EVERY_SECONDS):
            if self.cluster.is_alive():
                again = AGAIN_SECONDS
                continue
            _say("The database ended without being asked; it is started again.")
            try:
                self.cluster.start()
            except (ClusterError, OSError) as error:
                _say(f"It could not be started, and is tried again in {again:g} s. {error}")
                self._stopped.wait(again)
                again = min(again * 2, AGAIN_SECONDS_MOST)


def _say(words: str) -> None:
    print(f"database | {words}", file=sys.stderr, flush=True)  # noqa: T201 - beside the lines of the supervisor's children

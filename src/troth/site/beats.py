"""Signs of life of the workers, in a table where every process sees them."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Max
from django.utils import timezone

from troth.site.models import Beat

EVERY_SECONDS = 5.0
#: Workers of other days; of no more use than to wonder about.
KEPT = timedelta(days=1)
#: Numbers of processes come again; a worker's name does not.
NAME = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


class Moving(Protocol):
    """What has a name and was still for a while."""

    @property
    def name(self) -> str: ...
    @property
    def still_seconds(self) -> float: ...


def note(lanes: Iterable[Moving], *, worker: str = NAME) -> int:
    """Write down when each lane of this worker last moved; how many."""
    now = timezone.now()
    Beat.objects.filter(moved_at__lt=now - KEPT).delete()
    beats = [
        Beat(worker=worker, lane=lane.name, moved_at=now - timedelta(seconds=lane.still_seconds)) for lane in lanes
    ]
    Beat.objects.bulk_create(beats, update_conflicts=True, unique_fields=["worker", "lane"], update_fields=["moved_at"])
    return len(beats)


def last_moves() -> dict[str, datetime]:
    """When each lane last moved in any worker."""
    return dict(Beat.objects.values_list("lane").annotate(Max("moved_at")).values_list("lane", "moved_at__max"))

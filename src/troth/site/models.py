"""What the processes themselves leave in the tables: signs that somebody works."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """When a lane of a worker last moved; a worker writes its own every few seconds."""

    worker = models.TextField()
    lane = models.TextField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "lane"], name="a_lane_of_a_worker_beats_in_one_row"),
        ]

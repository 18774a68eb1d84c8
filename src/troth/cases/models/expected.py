"""How long first answers took, from which the time told to customers is drawn."""

from __future__ import annotations

from django.db import models


class Expected(models.Model):
    """How much open time nearly all first answers of the last weeks took, in one circle of cases; measured anew by the worker."""

    #: Empty for every kind.
    kind = models.TextField(blank=True)
    #: Urgent, public, both or neither (clocks.rules.expect.Pace); empty for every one.
    pace = models.TextField(blank=True, db_default="")
    #: Of the day (clocks.rules.expect.PARTS); none for all of it.
    part = models.SmallIntegerField(null=True)
    span = models.DurationField()
    n = models.IntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "pace", "part"], name="one_expectation_a_circle", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'all'} {self.pace} {self.span}"

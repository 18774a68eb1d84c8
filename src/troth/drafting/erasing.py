"""What of drafts goes when a person is forgotten: all of it."""

from __future__ import annotations

from collections.abc import Sequence

from troth.drafting.models import Draft


def erase(cases: Sequence[int]) -> None:
    Draft.objects.filter(case__in=cases).delete()

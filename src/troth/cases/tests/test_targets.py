from __future__ import annotations

from datetime import UTC, datetime

import pytest

from troth.cases.rules.targets import answer_by
from troth.words.hours import office


@pytest.mark.parametrize(
    ("kind", "urgency", "received", "due"),
    [
        ("complaint", "normal", "2026-11-10T09:00", "2026-11-10T13:00"),
        ("complaint", "high", "2026-11-10T09:00", "2026-11-10T11:00"),
        ("complaint", "critical", "2026-11-10T16:30", "2026-11-11T10:30"),
        ("enquiry", "normal", "2026-11-10T09:00", "2026-11-10T17:00"),
        ("enquiry", "normal", "2026-11-13T15:00", "2026-11-16T15:00"),  # over a weekend
        ("enquiry", "low", "2026-11-14T12:00", "2026-11-16T17:00"),  # written on Saturday
        ("suggestion", "normal", "2026-11-10T09:00", "2026-11-11T17:00"),
        ("compliment", "low", "2026-12-24T09:00", "2026-12-29T17:00"),  # over Christmas
        ("something else", "normal", "2026-11-10T09:00", "2026-11-10T17:00"),
    ],
)
def test_answer_is_due_in_working_time(kind: str, urgency: str, received: str, due: str) -> None:
    received_at, due_at = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (received, due))

    hours = office("Europe/London", "GB", "ENG")

    assert answer_by(kind=kind, urgency=urgency, received_at=received_at, hours=hours) == due_at

from __future__ import annotations

import pytest

from troth.people.rules.roles import May, Role, allowed


@pytest.mark.parametrize(
    ("role", "mays"),
    [
        (Role.AGENT, {May.READ, May.ANSWER}),
        (Role.LEAD, {May.READ, May.ANSWER, May.LEAD, May.BREACHES}),
        (Role.ADMIN, {May.READ, May.ANSWER, May.LEAD, May.BREACHES, May.AUDIT, May.RUN}),
        (Role.AUDITOR, {May.READ, May.BREACHES, May.AUDIT}),
        ("owner", set()),
        ("", set()),
        ("Admin", set()),
    ],
)
def test_each_role_may_exactly_this(role: str, mays: set[May]) -> None:
    assert {may for may in May if allowed(role, may)} == mays

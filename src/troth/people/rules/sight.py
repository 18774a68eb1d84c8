"""Who sees what belongs to a closed team: its members, whoever runs the installation, and whoever audits it.

Teams share the work and mostly also the sight of it: whoever is free helps. A closed team is the exception, for what must
not go round the house, such as complaints about staff.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.people.rules.roles import Role

SEES_CLOSED = frozenset({Role.ADMIN, Role.AUDITOR})


@dataclass(frozen=True)
class Sight:
    """How far somebody sees."""

    role: str
    team_id: int | None

    @property
    def is_full(self) -> bool:
        return self.role in SEES_CLOSED

    def reaches(self, team_id: int | None, *, is_closed: bool) -> bool:
        """Whether what belongs to this team is seen."""
        return not is_closed or self.is_full or (team_id is not None and team_id == self.team_id)

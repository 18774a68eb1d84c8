"""What each role may do: one table, asked by every door."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class May(StrEnum):
    """What a door can ask for."""

    #: See cases, customers, promises and letters.
    READ = "read"
    #: Answer customers, write notes, make and settle promises.
    ANSWER = "answer"
    #: Merge customers, void promises, revoke links.
    LEAD = "lead"
    #: See what personal data got out, what was decided about it, and the register; to act on it is for leads.
    BREACHES = "breaches"
    #: See who did what to the safety of the installation, and how it fares.
    AUDIT = "audit"
    #: Change mailboxes, people, hours.
    RUN = "run"


ALLOWED: dict[Role, frozenset[May]] = {
    Role.AGENT: frozenset({May.READ, May.ANSWER}),
    Role.LEAD: frozenset({May.READ, May.ANSWER, May.LEAD, May.BREACHES}),
    Role.ADMIN: frozenset(May),
    Role.AUDITOR: frozenset({May.READ, May.BREACHES, May.AUDIT}),
}


def allowed(role: str, may: May) -> bool:
    """Whether *role* may; an unknown role may nothing."""
    try:
        return may in ALLOWED[Role(role)]
    except ValueError:
        return False


class Factors(StrEnum):
    """Who must have a second factor."""

    NOBODY = "nobody"
    ADMINS = "admins"
    EVERYONE = "everyone"


def needs_factor(role: str, factors: str) -> bool:
    """Whether somebody of *role* must have a second factor."""
    return factors == Factors.EVERYONE or (factors == Factors.ADMINS and role == Role.ADMIN)

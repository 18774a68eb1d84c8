"""What a key may be allowed, and how its secret is written; pure."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

from troth.people.rules.roles import May


class Scope(StrEnum):
    """One thing a program may do with its key. A scope is never renamed: keys keep what they were given."""

    CASES_READ = "cases:read"
    """Cases and everything said in them."""
    CASES_WRITE = "cases:write"
    """Whose a case is, how it stands, and notes in it."""
    MESSAGES_WRITE = "messages:write"
    """Hand in what a customer said elsewhere."""
    MESSAGES_VOUCH = "messages:vouch"
    """Say for sure that it was them: with it a program speaks as any customer."""
    REPLIES_WRITE = "replies:write"
    """Answer customers, and take an answer back."""
    PROMISES_READ = "promises:read"
    PROMISES_WRITE = "promises:write"
    """Record, keep, move and settle promises."""
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    """Make a customer known."""
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    """Tell of what customers bought."""
    INCIDENTS_READ = "incidents:read"
    INCIDENTS_WRITE = "incidents:write"
    """Begin incidents, tell those affected, and end them."""
    NOTICES_READ = "notices:read"
    NOTICES_WRITE = "notices:write"
    """Say who is affected by something."""
    EVENTS_READ = "events:read"
    """Every fact of the ledger, in its order."""
    BREACHES_READ = "breaches:read"
    """Breaches of personal data, and their register."""
    BREACHES_WRITE = "breaches:write"
    """Put a breach into the register."""
    STATUS_READ = "status:read"
    STATUS_WRITE = "status:write"
    """Arrange the public page, and announce planned work."""

    @property
    def may(self) -> May:
        """What the person behind the key must be allowed themselves."""
        if self in _OF_LEADS:
            return _OF_LEADS[self]
        return May.READ if self.value.endswith(":read") else May.ANSWER


#: What not everybody may who works here.
_OF_LEADS = {Scope.BREACHES_READ: May.BREACHES, Scope.BREACHES_WRITE: May.LEAD, Scope.STATUS_WRITE: May.LEAD}
#: Eight signs to know a key by, then 256 bits that nobody guesses; the beginning lets scanners find a lost one.
SECRET = re.compile(r"troth_([0-9a-f]{8})_[0-9a-f]{64}\Z")


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so that a plain hash tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def prefix_of(secret: str) -> str | None:
    """The part a person knows a key by; None for anything that is no secret of ours."""
    found = SECRET.match(secret)
    return found[1] if found else None

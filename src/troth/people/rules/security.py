"""What is noted about the safety of the installation: a closed list of kinds, and how little is kept of an address."""

from __future__ import annotations

import ipaddress
from enum import StrEnum


class SecurityKind(StrEnum):
    """What happened. A kind is never renamed: events stay as they were written."""

    # At the door.
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_STOPPED = "sign_in_stopped"
    """Too many tries: the door stays shut for a while."""
    SIGNED_OUT = "signed_out"
    CONFIRMED_AGAIN = "confirmed_again"
    """Asked once more who they are, before a dangerous act, and known."""
    CONFIRM_FAILED = "confirm_failed"
    SESSION_ENDED = "session_ended"
    """A session was ended from elsewhere."""
    ACCESS_DENIED = "access_denied"
    """Somebody signed in asked for what their role may not."""

    # How somebody signs in.
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind, not a password
    RESET_ASKED = "reset_asked"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind, not a password
    ADDRESS_CHANGED = "address_changed"
    FACTOR_ADDED = "factor_added"
    """A second factor or a passkey; `how` says which."""
    FACTOR_REMOVED = "factor_removed"
    FACTOR_FAILED = "factor_failed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    """A recovery code."""
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"

    # Who works here.
    STAFF_ADDED = "staff_added"
    STAFF_INVITED = "staff_invited"
    INVITE_TAKEN = "invite_taken"
    INVITE_WITHDRAWN = "invite_withdrawn"
    INVITE_REFUSED = "invite_refused"
    ROLE_CHANGED = "role_changed"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"

    # What others may reach.
    LINKS_REVOKED = "links_revoked"
    """A customer's links to their page."""
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    KEY_REFUSED = "key_refused"
    WEBHOOK_MADE = "webhook_made"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"
    EXPORTED = "exported"
    CUSTOMER_ERASED = "customer_erased"
    SETTINGS_CHANGED = "settings_changed"


def coarse_origin(address: str) -> str:
    """The neighbourhood of an address: its /24, or /48 of an IPv6 one; empty where it is none.

    Enough to see "not from where she works"; not enough to name a household. A hash would be neither: four thousand
    million addresses are tried in a minute, and nobody can read one.
    """
    try:
        at = ipaddress.ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(at, ipaddress.IPv6Address):
        at = at.ipv4_mapped or at
    return str(ipaddress.ip_network((at, 24 if at.version == 4 else 48), strict=False))

"""Leave to send a large file: a signed word in the address, so that the server need not take megabytes from a stranger.

It lets nobody in. What it stands on asks who is there like every other page; this only says how much may come.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

from django.core import signing

from troth.cases.actions.enclosing import size_most

#: A page may be open for so long and still take a file.
LIFE = timedelta(days=3)
SALT = "troth.cases.tickets.1"
#: What a form adds to its file.
ROUND_IT = 64 * 1024


def ticket(staff_id: int) -> str:
    return signing.TimestampSigner(salt=SALT).sign(str(staff_id))


def body_most(path: str, query: bytes) -> int:
    """How much may be sent to this address at most; 0 where it has no such leave."""
    if not (path.startswith("/cases/") and path.endswith("/files/") and len(query) < 400):
        return 0
    try:
        said = parse_qs(query.decode("ascii")).get("ticket", [""])[0]
        signing.TimestampSigner(salt=SALT).unsign(said, max_age=LIFE)
    except (signing.BadSignature, UnicodeDecodeError):
        return 0
    return size_most() + ROUND_IT

"""What somebody is called for: notes that name them, and cases they put aside that are back; above everything on their Today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.people.models import Staff
from troth.people.queries import within_sight_sql

#: So many are shown; the rest comes as these are seen.
CALLED_MOST = 20
_CALLED = """
(SELECT json_agg(json_build_array(called.case_id, called.subject, called.message_id, called.at, called.name, called.words)
                 ORDER BY called.at)
   FROM (SELECT n.case_id, k.subject, n.message_id, n.at, COALESCE(s.name, '') AS name, COALESCE(left(m.text, 240), '') AS words
           FROM cases_mention n JOIN cases_case k ON k.id = n.case_id
           LEFT JOIN cases_message m ON m.id = n.message_id LEFT JOIN people_staff s ON s.id = m.staff_id
          WHERE n.staff_id = %(staff)s AND n.seen_at IS NULL {sight} ORDER BY n.at LIMIT {most}) AS called)
"""


def called_sql(staff: Staff) -> str:
    """An array of the calls of *staff* (`%(staff)s`) that they have not seen, the oldest first, as one value; NULL if none."""
    return _CALLED.format(sight=within_sight_sql("k.team_id", staff), most=CALLED_MOST)


@dataclass(frozen=True)
class Call:
    case: int
    subject: str
    #: The note that calls them; None where a case they put aside is back.
    message: int | None
    at: datetime
    by: str
    words: str


def calls(found: list[list[Any]] | None) -> list[Call]:
    """What the statement gave."""
    return [
        Call(case=case, subject=subject, message=message, at=datetime.fromisoformat(at), by=by, words=words)
        for case, subject, message, at, by, words in found or []
    ]

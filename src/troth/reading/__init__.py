"""Reading: what a message says. Text in, `Reading` out; pure, so it knows no Django, no database and no network.

Inbound: emotions, complaint, kind, causes, urgency, remedy sought, requests. Outbound: promises and by when. The rooms
above decide what to do with a reading, and a person confirms every promise before it counts. `reading.read(...)`,
`reading.read_many(...)` and `reading.offer.three_dates(...)` are the doors.
"""

from troth.reading.found import (
    CONFIDENT,
    Bond,
    Due,
    Finding,
    FoundDue,
    FoundPromise,
    NearKind,
    NearPromise,
    Reading,
    Request,
    Span,
)
from troth.reading.message import VERSION, read, read_many
from troth.reading.offer import OfferedDue, three_dates
from troth.reading.tongues import find_dues, find_near_promises, find_promises

__all__ = [
    "CONFIDENT",
    "VERSION",
    "Bond",
    "Due",
    "Finding",
    "FoundDue",
    "FoundPromise",
    "NearKind",
    "NearPromise",
    "OfferedDue",
    "Reading",
    "Request",
    "Span",
    "find_dues",
    "find_near_promises",
    "find_promises",
    "read",
    "read_many",
    "three_dates",
]

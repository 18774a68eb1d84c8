"""Reading: what a message says. Text in, `Reading` out; pure, so it knows no Django, no database and no network.

Inbound: feeling, complaint, kind, cause, urgency. Outbound: promises and by when. The rooms above decide what to do
with a reading, and a person confirms every promise before it counts. `reading.read(...)` and
`reading.offer.three_dates(...)` are the doors.
"""

from troth.reading.due import Due, FoundDue, find_dues
from troth.reading.feeling import FoundFeeling
from troth.reading.message import VERSION, Reading, read, read_many
from troth.reading.offer import OfferedDue, three_dates
from troth.reading.promises import FoundPromise, find_promises

__all__ = [
    "VERSION",
    "Due",
    "FoundDue",
    "FoundFeeling",
    "FoundPromise",
    "OfferedDue",
    "Reading",
    "find_dues",
    "find_promises",
    "read",
    "read_many",
    "three_dates",
]

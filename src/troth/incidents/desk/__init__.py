"""The pages of incidents for staff; one file for each thing that is done there."""

from __future__ import annotations

from troth.incidents.desk.beginning import new
from troth.incidents.desk.doing import change, change_words, note, take_out, take_over
from troth.incidents.desk.listing import incidents_list
from troth.incidents.desk.page import incident_page

__all__ = [
    "change",
    "change_words",
    "incident_page",
    "incidents_list",
    "new",
    "note",
    "take_out",
    "take_over",
]

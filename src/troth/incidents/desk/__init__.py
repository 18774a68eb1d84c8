"""The pages of incidents for staff; one file for each thing that is done there."""

from __future__ import annotations

from troth.incidents.desk.affected import affected
from troth.incidents.desk.beginning import new
from troth.incidents.desk.capacity import capacity
from troth.incidents.desk.doing import change, change_words, note, take_out, take_over, tell_end
from troth.incidents.desk.linking import beside_case, link_case, linkable
from troth.incidents.desk.listing import incidents_list
from troth.incidents.desk.page import incident_page
from troth.incidents.desk.writing import answer_draft, read_draft, write

__all__ = [
    "affected",
    "answer_draft",
    "beside_case",
    "capacity",
    "change",
    "change_words",
    "incident_page",
    "incidents_list",
    "link_case",
    "linkable",
    "new",
    "note",
    "read_draft",
    "take_out",
    "take_over",
    "tell_end",
    "write",
]

"""Who may see a notice: whoever may see what it is about. That is known by a room above, whose function is found by its name."""

from __future__ import annotations

from django.http import Http404
from django.utils.module_loading import import_string

from troth.notices.models import Notice
from troth.people.models import Staff
from troth.people.rules.roles import May

#: By the kind of what a notice is about: a function of staff and number that raises Http404 where they may not see it.
KEEPERS = {"incident": "troth.incidents.queries.incident_for"}


def notice_for(staff: Staff, pk: int) -> Notice:
    """The notice, if *staff* may see what it is about; raises Http404."""
    notice = Notice.objects.select_related("cohort", "written_by", "second_by").filter(pk=pk).first()
    if notice is None or not staff.may(May.READ):
        raise Http404
    kind, _, number = notice.about.partition(":")
    if kind in KEEPERS and number.isdecimal():
        import_string(KEEPERS[kind])(staff, int(number))
    return notice

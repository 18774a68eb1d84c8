"""Who may see a notice or a cohort: whoever may see what it is about. A room above knows that; its function is found by its name."""

from __future__ import annotations

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.utils.module_loading import import_string

from troth.notices.models import Cohort, Notice
from troth.people.models import Staff
from troth.people.rules.roles import May

#: By the kind of what it is about: a function that gives every one of these that *staff* may see.
KEEPERS = {"incident": "troth.incidents.queries.seen_by"}


def notice_for(staff: Staff, pk: int) -> Notice:
    """The notice, if *staff* may see what it is about; raises Http404."""
    notice = Notice.objects.select_related("cohort", "written_by", "second_by").filter(pk=pk).first()
    if notice is None or not sees(staff, notice.about):
        raise Http404
    return notice


def cohort_for(staff: Staff, pk: int) -> Cohort:
    """The cohort, if *staff* may see what it is affected by; raises Http404."""
    cohort = Cohort.objects.select_related("made_by").filter(pk=pk).first()
    if cohort is None or not sees(staff, cohort.about):
        raise Http404
    return cohort


def sees(staff: Staff, about: str) -> bool:
    """Whether there is what this reference names, and *staff* may see it."""
    kind, _, number = about.partition(":")
    if not staff.may(May.READ):
        return False
    if kind in KEEPERS and number.isdecimal():
        return bool(import_string(KEEPERS[kind])(staff).filter(pk=int(number)).exists())
    return True


def cohorts_for(staff: Staff) -> QuerySet[Cohort]:
    """Every cohort of what *staff* may see."""
    rows = Cohort.objects.all()
    for kind, keeper in KEEPERS.items():
        named = Concat(Value(f"{kind}:"), Cast("pk", TextField()), output_field=TextField())
        seen = import_string(keeper)(staff).annotate(named=named).values("named")
        rows = rows.filter(~Q(about__startswith=f"{kind}:") | Q(about__in=seen))
    return rows

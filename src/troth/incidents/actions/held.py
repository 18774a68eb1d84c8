"""Those who were hurt hear that it held, and those hurt by a second time belong to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.incidents.actions.saying import say
from troth.incidents.models import Entry, Incident, Recurrence, Watch
from troth.incidents.queries import cohorts_told
from troth.incidents.queries_prevention import languages_told, was_held_told
from troth.incidents.rules.held import held_texts
from troth.notices.actions import cohorts, telling
from troth.notices.models import Cohort, Member, Notice, Sort
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.words.refs import number_of, ref


@transaction.atomic
def tell_held(watch: Watch, *, by: Staff | None, now: datetime) -> Entry | None:
    """Everybody who was told of it is told that it has not come back; None where they were already, or it did not hold.

    Where nobody ever heard of it the timeline says that, and nobody is written to.
    """
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=watch.incident_id)
    row = Watch.objects.get(pk=watch.pk)
    if row.state != Watch.State.HELD or was_held_told(row):
        return None
    zone = hours_of(incident.team_id).zone
    told: list[int] = []
    for cohort in Cohort.objects.filter(pk__in=cohorts_told(incident)).order_by("pk"):
        texts = held_texts(languages_told(cohort), title=incident.title, until=row.until, zone=zone)
        notice = telling.write(
            about=ref("incident", incident.pk),
            cohort=cohort,
            sort=Sort.HELD,
            texts=texts,
            happened_at=row.until,
            by=by,
            now=now,
        )
        if not notice.needs_second:
            telling.send(notice, by=by, now=now)
        else:
            telling.propose(notice, by=by, now=now)  # type: ignore[arg-type]  # a second reader is asked for of a person alone
        told.append(notice.pk)
    [(_subject, words)] = list(held_texts(["en"], title=incident.title, until=row.until, zone=zone).values())
    return say(
        incident,
        kind=Entry.Kind.HELD,
        words=words.split("\n\n")[1],
        happened_at=row.until,
        in_public=incident.is_public and incident.said_at is not None,
        notices=told,
        untold="" if told else _("Nobody outside had been told of it."),
        by=by,
        now=now,
    )


def join_hurt(*, now: datetime) -> int:
    """Whoever was hurt by the second time joins those who were hurt before, once these are being told of it; how many cases.

    After that notice is sent and not before: what was told of the first time, such as its end, they have no use for.
    """
    waiting = Recurrence.objects.filter(state=Recurrence.State.CONFIRMED, joined_at=None)
    return sum(_join(row, now=now) for row in waiting.select_related("watch", "decided_by").order_by("pk"))


@transaction.atomic
def _join(found: Recurrence, *, now: datetime) -> int:
    sent = Notice.objects.filter(
        about=ref("incident", found.watch.incident_id),
        sort=Sort.RECURRED,
        sent_at__gte=found.decided_at,
        sent_at__lt=now,
    )
    notice = sent.order_by("pk").select_related("cohort").first()
    waiting = Recurrence.objects.filter(pk=found.pk, joined_at=None)
    if notice is None or not waiting.update(joined_at=now):
        return 0
    case = Case.objects.get(pk=number_of(found.case, "case"))
    told = Member.objects.filter(cohort__in=sent.values("cohort"))
    if not told.filter(customer__root=case.customer.root_pk).exists():  # else they are told with those they belong to
        cohorts.add(notice.cohort, customers=[case.customer_id], why=found.case, by=found.decided_by, now=now)
    return 1

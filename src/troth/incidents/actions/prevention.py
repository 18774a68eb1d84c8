"""That it does not happen again: why it did, what is done about it, and until when that is watched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.incidents.models import Audience, Entry, Incident, Measure, RootCause, State, Watch
from troth.incidents.rules import causes, recurring
from troth.ledger import queries as ledger
from troth.ledger.actions import append
from troth.notices.models import Notice
from troth.people.models import Staff
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.words import facts
from troth.words.promises import Sort as PromiseSort
from troth.words.refs import ref


class Lacking(ValueError):
    """The root cause is not whole yet; `lacks` says what it wants."""

    def __init__(self, lacks: list[causes.Lack]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class NothingSaid(ValueError):
    """What is promised, or why, is not said."""


class StillGoingOn(ValueError):
    """While it goes on there is nothing that could come back."""


class AlreadyWatched(ValueError):
    """It is watched already."""


class NotWatched(ValueError):
    """It is not watched (any more)."""


class NothingToKnowItBy(ValueError):
    """Nothing is known by which a second time could be found."""


class AlreadyTold(ValueError):
    """Somebody was told of it, so that it is no mistake to be forgotten."""


@transaction.atomic
def find_cause(
    incident: Incident, *, way: str, plain: Mapping[str, Any], words: str, by: Staff | None, now: datetime
) -> RootCause | None:
    """Write down why it happened: a version of its own, those before stay to be read. None if it reads so already.

    *plain* is what `rules.causes.whys` or `fishbone` gave. Raises Lacking.
    """
    words = " ".join(words.split())
    if lacks := causes.lacks(plain, words):
        raise Lacking(lacks)
    Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    newest = RootCause.objects.filter(incident=incident).order_by("-pk").first()
    if newest and (newest.way, newest.plain, newest.words) == (way, dict(plain), words):
        return None
    found = RootCause.objects.create(
        incident=incident, way=RootCause.Way(way), plain=dict(plain), words=words, by=by, found_at=now
    )
    append(
        facts.RootCauseFound(
            about=ref("rootcause", found.pk),
            incident=ref("incident", incident.pk),
            way=found.way,
            digest=causes.digest(found.plain, found.words),
            by=_by(by),
        ),
        now=now,
    )
    return found


@transaction.atomic
def take_measure(
    incident: Incident,
    *,
    sort: str,
    what: str,
    due: datetime,
    audience: str,
    owner: Staff | None,
    by: Staff | None,
    now: datetime,
) -> Measure:
    """Promise what is done about it, or against a second time, by when; raises NothingSaid, promises.DateAlreadyPassed."""
    if not what.strip():
        raise NothingSaid(_("Say what is done."))
    promise = promises.record(
        customer=None,
        what=what,
        due=due,
        said_at=now,
        now=now,
        owner=owner or incident.owner,
        team_id=incident.team_id,
        about=ref("incident", incident.pk),
        by_itself=False,
    )
    measure = Measure.objects.create(
        incident=incident,
        sort=Measure.Sort(sort),
        audience=Audience(audience),
        promise=promise,
        made_at=now,
    )
    append(
        facts.MeasureTaken(
            about=ref("measure", measure.pk),
            incident=ref("incident", incident.pk),
            sort=measure.sort,
            audience=measure.audience,
            promise=ref("promise", promise.pk),
            by=_by(by),
        ),
        now=now,
    )
    return measure


@transaction.atomic
def begin_watch(
    incident: Incident,
    *,
    until: datetime,
    cause: str,
    product: str = "",
    place: str = "",
    audience: str = Audience.PUBLIC,
    by: Staff | None,
    now: datetime,
) -> Watch:
    """Promise that it does not happen again until then, and watch for it from now on.

    Raises StillGoingOn, AlreadyWatched, NothingToKnowItBy, promises.DateAlreadyPassed.
    """
    row = Incident.objects.select_for_update(of=("self",)).select_related("owner").get(pk=incident.pk)
    if row.state == State.OPEN:
        raise StillGoingOn(_("It is still going on: tell its end first."))
    if row.state == State.WATCHING:
        raise AlreadyWatched(_("It is watched already."))
    product, place = " ".join(product.split()), " ".join(place.split())
    about = ref("incident", row.pk)
    known = cause not in recurring.NO_CAUSE or Case.objects.filter(incident=about).exists()
    if not known:
        raise NothingToKnowItBy(
            _("Choose the cause that a second time would have, or link the complaints that it would be like.")
        )
    watch = Watch(
        incident=row,
        begun_at=now,
        until=until,
        audience=Audience(audience),
        cause=cause,
        product=product,
        place=place,
        looked_up_to=ledger.head(),
    )
    watch.promise = _promise(row, until=until, now=now)
    watch.save(force_insert=True)
    Incident.objects.filter(pk=row.pk).update(state=State.WATCHING)
    incident.state = State.WATCHING
    append(
        facts.WatchBegun(
            about=ref("watch", watch.pk),
            incident=about,
            until=until,
            cause=cause,
            digest=causes.digest_of_watch(product=product, place=place),
            audience=watch.audience,
            promise=ref("promise", watch.promise_id),
            by=_by(by),
        ),
        now=now,
    )
    return watch


@transaction.atomic
def extend(watch: Watch, *, until: datetime, by: Staff | None, now: datetime) -> Watch:
    """Watch for longer. What was promised first is judged by its own day; this is a further promise, for the days after it.

    Raises NotWatched, promises.DateAlreadyPassed (also where it is no longer than before).
    """
    row = watched(watch)
    if until <= row.until:
        raise promises.DateAlreadyPassed(_("Choose a later day than the one until which it is watched already."))
    promise = _promise(row.incident, until=until, now=now)
    Watch.objects.filter(pk=row.pk).update(until=until, promise=promise)
    watch.until, watch.promise = until, promise
    append(
        facts.WatchExtended(about=ref("watch", row.pk), until=until, promise=ref("promise", promise.pk), by=_by(by)),
        now=now,
    )
    return watch


@transaction.atomic
def call_off(watch: Watch, *, reason: str, was_mistake: bool, by: Staff | None, now: datetime) -> None:
    """It is watched no more, for a reason. The promise is broken by that, openly: whoever counted on it can do so no longer.

    Only where it was begun by mistake, and nobody was told of it yet, is it void. Raises NothingSaid, NotWatched, AlreadyTold.
    """
    reason = reason.strip()
    if not reason:
        raise NothingSaid(_("Say why it is watched no more; it stays in the record."))
    row = watched(watch)
    if was_mistake and was_told(row):
        raise AlreadyTold(
            _("Somebody was told that it is watched: calling it off breaks that promise, mistake or not.")
        )
    for promise in owed(row.incident_id):
        if was_mistake:
            promises.void(promise, reason=reason, by=by, now=now)
        else:
            promises.give_up(promise, reason="", by=by, now=now)
    Watch.objects.filter(pk=row.pk).update(state=Watch.State.CALLED_OFF, ended_at=now, reason=reason)
    Incident.objects.filter(pk=row.incident_id, state=State.WATCHING).update(state=State.ENDED)
    watch.state, watch.ended_at, watch.reason = Watch.State.CALLED_OFF, now, reason
    append(
        facts.WatchCalledOff(
            about=ref("watch", row.pk),
            was_mistake=was_mistake,
            reason=hashlib.sha256(reason.encode()).hexdigest(),
            by=_by(by),
        ),
        now=now,
    )


def watched(watch: Watch) -> Watch:
    """The watch as it stands, held, while it is under way; raises NotWatched."""
    rows = Watch.objects.select_for_update(of=("self",)).select_related("incident", "incident__owner")
    row = rows.filter(pk=watch.pk, state=Watch.State.WATCHING).first()
    if row is None:
        raise NotWatched(_("It is not watched any more."))
    return row


def owed(incident_id: int) -> list[Promise]:
    """Every promise that it does not happen again which is owed still: the last one, and those that were extended."""
    rows = Promise.objects.filter(OWED, about=ref("incident", incident_id), sort=PromiseSort.NOT_AGAIN)
    return list(rows.order_by("due", "pk"))


def was_told(watch: Watch) -> bool:
    """Somebody was told of the incident since it is watched, by a notice or in public."""
    about = ref("incident", watch.incident_id)
    noticed = Notice.objects.filter(about=about, sent_at__gte=watch.begun_at).exists()
    lines = Entry.objects.filter(incident=watch.incident_id, in_public=True, said_at__gte=watch.begun_at)
    return noticed or lines.exists()


def _promise(incident: Incident, *, until: datetime, now: datetime) -> Promise:
    return promises.record(
        customer=None,
        what=_("It does not happen again: %(title)s") % {"title": incident.title},
        due=until,
        said_at=now,
        now=now,
        owner=incident.owner,
        team_id=incident.team_id,
        sort=PromiseSort.NOT_AGAIN,
        about=ref("incident", incident.pk),
        by_itself=False,
    )


def _by(staff: Staff | None) -> str:
    return staff.reference if staff else ""

"""What must be true of watches: each under way is promised, each broken one broke its promise, and each end is carried out."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check

#: How long after its moment a confirmed recurrence may be carried out, and how long after its day a watch may be seen to have held.
DONE_WITHIN, HELD_WITHIN = timedelta(seconds=70), timedelta(minutes=30)


def checks() -> tuple[Check, ...]:
    return (*_promised(), *_carried_out(), *_told())


def _promised() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I11",
            wrong=_("It is watched that these do not happen again, and nobody's word stands behind it."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'watch:' || watch.id FROM incidents_watch AS watch
                JOIN incidents_incident AS incident ON incident.id = watch.incident_id
                JOIN promises_promise AS promise ON promise.id = watch.promise_id
                WHERE watch.state = 'watching' AND (promise.state <> 'open' OR promise.done_at IS NOT NULL
                    OR promise.sort <> 'not_again' OR promise.about <> 'incident:' || incident.id
                    OR promise.due <> watch.until OR incident.state <> 'watching') ORDER BY watch.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("These incidents count as watched, and nothing watches them."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'incident:' || id FROM incidents_incident AS incident WHERE state = 'watching' AND NOT EXISTS (
                    SELECT FROM incidents_watch WHERE incident_id = incident.id AND state = 'watching') ORDER BY id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_("What became of these watches is not what became of their promises."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'watch:' || watch.id FROM incidents_watch AS watch
                JOIN promises_promise AS promise ON promise.id = watch.promise_id
                WHERE (watch.state = 'held' AND promise.state <> 'kept')
                    OR (watch.state = 'broken' AND promise.state <> 'broken')
                    OR (watch.state = 'called_off' AND promise.state NOT IN ('broken', 'void'))
                    OR (watch.state <> 'watching') <> (watch.ended_at IS NOT NULL) ORDER BY watch.id
            """,
        ),
        Check(
            invariant="I5",
            wrong=_("It was promised that these do not happen again, and nothing watches whether they do."),
            mend=_(TAMPERED),
            refs="""
                SELECT 'promise:' || promise.id FROM promises_promise AS promise
                WHERE promise.sort = 'not_again' AND promise.state IN ('open', 'moved', 'late') AND promise.done_at IS NULL
                    AND NOT EXISTS (SELECT FROM incidents_watch AS watch WHERE watch.state = 'watching'
                        AND promise.about = 'incident:' || watch.incident_id) ORDER BY promise.id
            """,
        ),
    )


def _carried_out() -> tuple[Check, ...]:
    worker = _("Is the worker running? Its lane `watches` sees to it; its log says what stands in the way.")
    return (
        Check(
            invariant="I12",
            wrong=_("It was confirmed that these are a second time, and nothing has come of it."),
            mend=worker,
            refs="""
                SELECT 'recurrence:' || id FROM incidents_recurrence
                WHERE state = 'said' AND decided_at < %(now)s - %(within)s ORDER BY id
            """,
            values={"within": DONE_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_("The day of these watches has passed, nobody has to decide anything, and they are not ended."),
            mend=worker,
            refs="""
                SELECT 'watch:' || id FROM incidents_watch AS watch
                WHERE state = 'watching' AND until < %(now)s - %(within)s AND NOT EXISTS (
                    SELECT FROM incidents_recurrence WHERE watch_id = watch.id AND is_strong AND state IN ('found', 'said'))
                ORDER BY id
            """,
            values={"within": HELD_WITHIN},
        ),
        Check(
            invariant="I11",
            wrong=_(
                "These watches are broken, and no case is known that broke them; or it is no part of their incident."
            ),
            mend=_(CHANGED),
            refs="""
                SELECT 'watch:' || watch.id FROM incidents_watch AS watch
                WHERE watch.state = 'broken' AND NOT EXISTS (
                    SELECT FROM incidents_recurrence WHERE watch_id = watch.id AND state = 'confirmed') ORDER BY watch.id
            """,
        ),
    )


def _told() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I11",
            wrong=_("These happened again, are ended once more, and those who were hurt before were not told of it."),
            mend=_("Tell them: write what happened on the page of the incident."),
            refs="""
                SELECT 'incident:' || incident.id FROM incidents_incident AS incident
                JOIN incidents_watch AS watch ON watch.incident_id = incident.id AND watch.state = 'broken'
                WHERE incident.state <> 'open' AND NOT EXISTS (
                    SELECT FROM incidents_entry WHERE incident_id = incident.id AND kind IN ('recurred', 'update', 'ended')
                        AND said_at >= watch.ended_at) ORDER BY incident.id
            """,
        ),
        *(
            Check(
                invariant="I8",
                wrong=_("What is done that it does not happen again, and the ledger, disagree about what there is."),
                mend=_(CHANGED),
                refs=one_fact_each(kind, f"SELECT '{word}:' || id AS ref FROM {table}"),  # noqa: S608 - our own words
            )
            for kind, word, table in (
                ("RootCauseFound", "rootcause", "incidents_rootcause"),
                ("MeasureTaken", "measure", "incidents_measure"),
                ("WatchBegun", "watch", "incidents_watch"),
            )
        ),
    )

"""What must be true of clocks: none falls out of the watch, and none is warned of too late or contradicts itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.words.findings import CHANGED, TAMPERED, Check

#: How long after its moment the watcher may come.
SEEN_WITHIN = timedelta(seconds=60)


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I12",
            wrong=_("The watcher of clocks is late: the moment of these came more than a minute ago."),
            mend=_("Is the worker running? Its lane `clocks` looks at them; its log says what stands in the way."),
            refs="""
                SELECT 'clock:' || id FROM clocks_clock
                WHERE look_again_at < %(now)s - %(within)s ORDER BY look_again_at, id
            """,
            values={"within": SEEN_WITHIN},
        ),
        Check(
            invariant="I5",
            wrong=_("Clocks run, and the watcher will never look at them again or only after their end."),
            mend=_("Have it look now: UPDATE clocks_clock SET look_again_at = now() WHERE id IN (…)."),
            refs="""
                SELECT 'clock:' || id FROM clocks_clock
                WHERE state = 'running' AND missed_at IS NULL AND (look_again_at IS NULL OR look_again_at > due)
                AND (look_again_at IS NULL OR look_again_at > %(now)s + interval '2 minutes') ORDER BY id
            """,
        ),
        Check(
            invariant="I5",
            wrong=_("Staff were warned of these clocks after they had run out only."),
            mend=_("Please report this with the facts of these clocks: it must never happen."),
            refs="""
                SELECT 'clock:' || clock.id FROM clocks_clock AS clock WHERE clock.warned_at >= clock.due
                AND NOT EXISTS (SELECT FROM ledger_entry AS entry
                    WHERE entry.about = 'clock:' || clock.id
                    AND entry.kind IN ('ClockTargetChanged', 'ClockBeganEarlier')) ORDER BY clock.id
            """,
        ),
        Check(
            invariant="I11",
            wrong=_(
                "These clocks contradict themselves: stopped without saying when, or counting while they do not run."
            ),
            mend=_(TAMPERED),
            refs="""
                SELECT 'clock:' || id FROM clocks_clock WHERE
                (jsonb_array_length(marks) %% 2 = 0) <> (state = 'running')
                OR (state = 'stopped') <> (stopped_at IS NOT NULL) ORDER BY id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Clocks and the ledger disagree about which were started."),
            mend=_(CHANGED),
            refs=one_fact_each("ClockStarted", "SELECT 'clock:' || id AS ref FROM clocks_clock"),
        ),
    )

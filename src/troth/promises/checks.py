"""What must be true of promises: none falls out of the watch, each is warned of, told and judged once, and the sums are right."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.promises.compared import compared_with_facts as compared_with_facts
from troth.words.findings import CHANGED, Check

#: How long after its moment the watcher may come, and words' end may wait to be drawn into their promise.
SEEN_WITHIN, SETTLED_WITHIN = timedelta(seconds=60), timedelta(seconds=60)


def checks() -> tuple[Check, ...]:
    return (*_watched(), *_warned(), *_told(), *_counted())


def _watched() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I12",
            wrong=_("The watcher is late: the moment of these promises came more than a minute ago."),
            mend=_("Is the worker running? Its lane `watcher` looks at them; its log says what stands in the way."),
            refs="""
                SELECT 'promise:' || id FROM promises_promise
                WHERE look_again_at < %(now)s - %(within)s ORDER BY look_again_at, id
            """,
            values={"within": SEEN_WITHIN},
        ),
        Check(
            invariant="I5",
            wrong=_("Promises are owed, and the watcher will never look at them again."),
            mend=_("Have it look now: UPDATE promises_promise SET look_again_at = now() WHERE id IN (…)."),
            refs="""
                SELECT 'promise:' || id FROM promises_promise
                WHERE state IN ('open', 'moved', 'late') AND done_at IS NULL AND look_again_at IS NULL AND NOT imported
                    AND sort <> 'not_again'
                ORDER BY id
            """,
        ),
        Check(
            invariant="I5",
            wrong=_("Promises are owed, and the watcher will look at them only after their next moment."),
            mend=_("Have it look now: UPDATE promises_promise SET look_again_at = now() WHERE id IN (…)."),
            refs="""
                SELECT 'promise:' || id FROM promises_promise
                WHERE done_at IS NULL AND NOT imported AND (
                    (state IN ('open', 'moved') AND look_again_at > CASE WHEN warned_at IS NULL THEN warn_at ELSE due END)
                    OR (state = 'late' AND look_again_at > broken_at)
                ) AND look_again_at > %(now)s + interval '2 minutes' ORDER BY id
            """,
        ),
        Check(
            invariant="I12",
            wrong=_("Words to customers have arrived or failed, and their promises do not know it yet."),
            mend=_("Is the worker running? Its lane `watcher` draws them in; its log says what stands in the way."),
            refs="""
                SELECT 'promise:' || telling.promise_id FROM promises_telling AS telling
                JOIN post_letter AS letter ON letter.id = telling.letter_id
                WHERE telling.settled_at IS NULL AND (letter.delivered_at < %(now)s - %(within)s
                    OR (letter.state IN ('refused', 'unclear', 'taken_back') AND letter.next_try_at < %(now)s - %(within)s))
                ORDER BY telling.id
            """,
            values={"within": SETTLED_WITHIN},
        ),
    )


def _warned() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I5",
            wrong=_(
                "Promises were judged without a warning to their owner, though the watcher was at work in time to give it."
            ),
            mend=_(
                "Nothing can warn anybody now. Please report this with the facts of these promises: it must never happen."
            ),
            # Of what is not to happen again nobody is warned: there is nothing they could do for it by then.
            # The watcher was at work when it warned somebody else after this warning's moment and before the date. A promise
            # is known to it from when it was recorded or last moved, which may be later than that moment.
            refs="""
                WITH unwarned AS (
                    SELECT promise.id,
                        greatest(promise.warn_at, max(entry.recorded_at) FILTER (WHERE entry.kind <> 'PromiseLate'))
                            + %(within)s AS since,
                        least(promise.due, promise.done_at, promise.settled_at, %(now)s,
                            min(entry.recorded_at) FILTER (WHERE entry.kind = 'PromiseLate')) AS until
                    FROM promises_promise AS promise JOIN ledger_entry AS entry ON entry.about = 'promise:' || promise.id
                    WHERE promise.warned_at IS NULL AND promise.warn_at < %(now)s - %(within)s AND NOT promise.imported
                        AND promise.sort <> 'not_again'
                        AND entry.kind IN ('PromiseMade', 'PromiseOpened', 'PromiseMoved', 'PromiseLate')
                    GROUP BY promise.id
                )
                SELECT 'promise:' || unwarned.id FROM unwarned WHERE EXISTS (
                    SELECT FROM ledger_entry AS entry WHERE entry.kind = 'StaffWarned'
                    AND entry.recorded_at > unwarned.since AND entry.recorded_at < unwarned.until
                ) ORDER BY unwarned.id
            """,
            values={"within": SEEN_WITHIN},
        ),
        Check(
            invariant="I5",
            wrong=_("The owners of these promises were warned after the date only."),
            mend=_("Please report this with the facts of these promises: it must never happen."),
            refs="SELECT 'promise:' || id FROM promises_promise WHERE warned_at >= due ORDER BY id",
        ),
    )


def _told() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I6",
            wrong=_("These promises became late, and their customers were neither told nor noted as out of reach."),
            mend=_("Tell them now: give each promise a new date, or write in its case."),
            refs="""
                SELECT 'promise:' || promise.id FROM promises_promise AS promise
                WHERE promise.state IN ('late', 'broken') AND promise.done_at IS NULL AND promise.customer_id IS NOT NULL
                AND promise.by_itself AND promise.sort <> 'next_word' AND NOT promise.imported
                AND NOT EXISTS (SELECT FROM promises_telling AS telling WHERE telling.promise_id = promise.id)
                AND EXISTS (SELECT FROM ledger_entry AS entry
                    WHERE entry.about = 'promise:' || promise.id AND entry.kind = 'PromiseLate')
                ORDER BY promise.id
            """,
        ),
        Check(
            invariant="I6",
            wrong=_("Promises count as moved, though the words about the new date did not arrive in time."),
            mend=_("They are late. Please report this with the facts of these promises: it must never happen."),
            refs="""
                SELECT DISTINCT 'promise:' || promise.id FROM promises_promise AS promise
                JOIN promises_telling AS telling ON telling.promise_id = promise.id
                WHERE promise.state = 'moved' AND telling.kind = 'move' AND telling.letter_id IS NOT NULL
                    AND telling.settled_at IS NOT NULL
                    AND (telling.delivered_at IS NULL OR telling.delivered_at > telling.told_by)
            """,
        ),
        Check(
            invariant="I6",
            wrong=_("What these promises say about when the customer was told is not what their letters say."),
            mend=_("The tables were changed past the application. Go back to a backup from before it."),
            refs="""
                SELECT DISTINCT 'promise:' || telling.promise_id FROM promises_telling AS telling
                LEFT JOIN post_letter AS letter ON letter.id = telling.letter_id
                WHERE (telling.letter_id IS NOT NULL AND letter.id IS NULL)
                    OR (telling.delivered_at IS NOT NULL AND telling.delivered_at IS DISTINCT FROM letter.delivered_at)
            """,
        ),
        Check(
            invariant="I3",
            wrong=_(
                "One letter stands for the words about several promises, or the same words went out by two letters."
            ),
            mend=_("Please report this with the facts of these promises: it must never happen."),
            refs="""
                SELECT 'letter:' || letter_id FROM promises_telling WHERE letter_id IS NOT NULL
                GROUP BY letter_id HAVING count(*) > 1
                UNION SELECT 'promise:' || promise_id FROM promises_telling
                GROUP BY promise_id, kind, due HAVING count(*) > 1
            """,
        ),
    )


def _counted() -> tuple[Check, ...]:
    changed = _(CHANGED)
    return (
        Check(
            invariant="I11",
            wrong=_(
                "These promises contradict themselves: settled and still owed, kept after their date, or owed and settled."
            ),
            mend=_("The tables were changed past the application. Go back to a backup from before it."),
            refs="""
                SELECT 'promise:' || id FROM promises_promise WHERE
                    (state = 'kept' AND (done_at IS NULL OR (done_at > due AND NOT imported)))
                    OR (state IN ('kept', 'broken', 'released', 'void') AND (settled_at IS NULL OR look_again_at IS NOT NULL))
                    OR (done_at IS NOT NULL AND (settled_at IS NULL OR look_again_at IS NOT NULL))
                    OR (state IN ('open', 'moved', 'late') AND done_at IS NULL AND settled_at IS NOT NULL)
                    OR (state IN ('broken', 'released', 'void', 'open') AND done_at IS NOT NULL)
                ORDER BY id
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Promises and the ledger disagree about how often customers were told, or whether."),
            mend=changed,
            refs="""
                WITH rows AS (
                    SELECT 'promise:' || promise_id AS ref, count(letter_id) AS sent,
                        count(delivered_at) AS arrived FROM promises_telling GROUP BY promise_id
                ), told AS (
                    SELECT about, count(*) FILTER (WHERE kind = 'TellingSent') AS sent,
                        count(*) FILTER (WHERE kind = 'CustomerTold') AS arrived
                    FROM ledger_entry WHERE kind IN ('TellingSent', 'CustomerTold') GROUP BY about
                )
                SELECT coalesce(rows.ref, told.about) FROM rows FULL JOIN told ON told.about = rows.ref
                WHERE coalesce(rows.sent, 0) <> coalesce(told.sent, 0)
                    OR coalesce(rows.arrived, 0) <> coalesce(told.arrived, 0)
            """,
        ),
        Check(
            invariant="I8",
            wrong=_("Promises and the ledger disagree about who was warned."),
            mend=changed,
            refs="""
                SELECT 'promise:' || promise.id FROM promises_promise AS promise WHERE
                (promise.warned_at IS NOT NULL AND NOT EXISTS (SELECT FROM ledger_entry AS entry WHERE
                    entry.about = 'promise:' || promise.id AND entry.kind = 'StaffWarned'
                    AND entry.recorded_at = promise.warned_at))
                OR (promise.escalated_at IS NOT NULL AND NOT EXISTS (SELECT FROM ledger_entry AS entry WHERE
                    entry.about = 'promise:' || promise.id AND entry.kind = 'StaffEscalated'
                    AND entry.recorded_at = promise.escalated_at))
                ORDER BY promise.id
            """,
        ),
    )

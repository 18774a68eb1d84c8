"""What must be true of letters: each leaves once, none is forgotten on its way, and how it ended is known and told."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.ledger.checks import one_fact_each
from troth.post.rules.doubt import GIVE_UP_AFTER
from troth.post.rules.retry import AWAY_MOST
from troth.words.findings import Check

#: How long a letter may wait once it is its turn, and how long one dialogue with a mail server can last.
TURN_WITHIN, DIALOGUE_WITHIN = timedelta(minutes=2), timedelta(minutes=15)
#: Among so many of the last attempts there is one of the lane for letters to very many, where it works.
LATEST_TRIES = 500
#: A letter may wait for a mail server that is away, and then be tried as often as one that is refused for now.
ON_ITS_WAY_MOST = 2 * AWAY_MOST


def checks() -> tuple[Check, ...]:
    worker = _("Is the worker running? Its lane `post` sends; its log and `Letters` say what stands in the way.")
    changed = _("One of the two was changed past the application. Go back to a backup from before it.")
    return (
        Check(
            invariant="I3",
            wrong=_("Letters were taken by the mail server more than once: their readers have them twice."),
            mend=_(
                "Nothing can take them back. Please report this with the attempts of these letters: it must never happen."
            ),
            refs="""
                SELECT 'letter:' || letter_id FROM post_attempt WHERE answer = 'accepted'
                GROUP BY letter_id HAVING count(*) > 1 ORDER BY letter_id
            """,
        ),
        Check(
            invariant="I4",
            wrong=_("Letters have been on their way for days, and nobody was told that they did not arrive."),
            mend=worker,
            refs="""
                SELECT 'letter:' || id FROM post_letter
                WHERE state IN ('queued', 'sending', 'data') AND leaves_at < %(now)s - %(most)s ORDER BY id
            """,
            values={"most": ON_ITS_WAY_MOST},
        ),
        Check(
            invariant="I4",
            wrong=_(
                "Letters began to leave more than an hour ago, and it was neither found out nor said whether they arrived."
            ),
            mend=_(
                "Can the archive be reached (`troth mailbox check`)? The worker's lane `post` looks there and decides."
            ),
            refs="""
                SELECT 'letter:' || id FROM post_letter
                WHERE state = 'data' AND left_at < %(now)s - %(most)s ORDER BY id
            """,
            values={"most": GIVE_UP_AFTER + DIALOGUE_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_("Letters wait, though it has been their turn for minutes."),
            mend=worker,
            refs="""
                SELECT 'letter:' || id FROM post_letter WHERE state IN ('queued', 'sending', 'data')
                AND NOT bulk
                AND next_try_at < %(now)s - CASE WHEN state = 'queued' THEN %(turn)s ELSE %(dialogue)s END ORDER BY id
            """,
            values={"turn": TURN_WITHIN, "dialogue": DIALOGUE_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_("Letters to very many wait, and none of them was tried for a quarter of an hour."),
            mend=_("Is the worker running? Its lane `bulk` sends them; its log says what stands in the way."),
            refs="""
                SELECT 'letter:' || id FROM post_letter WHERE state IN ('queued', 'sending', 'data') AND bulk
                AND next_try_at < %(now)s - %(dialogue)s AND NOT EXISTS (
                    SELECT FROM (SELECT letter_id, started_at FROM post_attempt ORDER BY id DESC LIMIT %(latest)s) AS tried
                    JOIN post_letter AS letter ON letter.id = tried.letter_id
                    WHERE letter.bulk AND tried.started_at > %(now)s - %(dialogue)s
                ) ORDER BY next_try_at, id LIMIT 1000
            """,
            values={"dialogue": DIALOGUE_WITHIN, "latest": LATEST_TRIES},
        ),
        Check(
            invariant="I12",
            wrong=_("A worker began to send these letters, never said how that ended, and keeps them from the others."),
            mend=_("It hangs: stop it (`troth worker`), and start it again. Another sends the letters then."),
            refs="""
                SELECT 'letter:' || letter.id FROM post_letter AS letter JOIN LATERAL (
                    SELECT started_at, ended_at FROM post_attempt WHERE letter_id = letter.id ORDER BY id DESC LIMIT 1
                ) AS latest ON true
                WHERE letter.state = 'sending' AND latest.ended_at IS NULL
                    AND latest.started_at < %(now)s - %(dialogue)s ORDER BY letter.id
            """,
            values={"dialogue": DIALOGUE_WITHIN},
        ),
        Check(
            invariant="I8",
            wrong=_("Letters and the ledger disagree about what was queued."),
            mend=changed,
            refs=one_fact_each("LetterQueued", "SELECT 'letter:' || id AS ref FROM post_letter"),
        ),
        Check(
            invariant="I8",
            wrong=_("Letters and the ledger disagree about what was delivered."),
            mend=changed,
            refs=one_fact_each(
                "LetterDelivered", "SELECT 'letter:' || id AS ref FROM post_letter WHERE delivered_at IS NOT NULL"
            ),
        ),
        Check(
            invariant="I8",
            wrong=_("Letters and the ledger disagree about the receipts that were put into them."),
            mend=changed,
            refs=one_fact_each("ReceiptsEnclosed", "SELECT 'letter:' || id AS ref FROM post_letter WHERE enclosed > 0"),
        ),
        Check(
            invariant="I8",
            wrong=_("Letters and the ledger disagree about the receipts that were left out of them."),
            mend=changed,
            refs=one_fact_each("ReceiptsLeftOut", "SELECT 'letter:' || id AS ref FROM post_letter WHERE enclosed = 0"),
        ),
        Check(
            invariant="I8",
            wrong=_("Letters began to leave before it was known whether their receipts go with them."),
            mend=changed,
            refs="""
                SELECT 'letter:' || id FROM post_letter WHERE encloses <> '{}' AND enclosed IS NULL
                AND state NOT IN ('queued', 'taken_back') ORDER BY id
            """,
        ),
        Check(
            invariant="I4",
            wrong=_("Letters did not arrive, as their rows say, and the ledger does not tell so."),
            mend=changed,
            refs="""
                SELECT 'letter:' || letter.id FROM post_letter AS letter
                WHERE letter.state IN ('refused', 'unclear', 'taken_back') AND NOT EXISTS (
                    SELECT FROM ledger_entry AS entry WHERE entry.about = 'letter:' || letter.id AND entry.kind =
                    CASE letter.state WHEN 'refused' THEN 'LetterRefused' WHEN 'unclear' THEN 'LetterUnclear'
                        ELSE 'LetterTakenBack' END
                ) ORDER BY letter.id
            """,
        ),
    )

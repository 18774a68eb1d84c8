"""What the ledger tells of in this room: each breach, with everything that was decided, sent and written down of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from troth.breaches.actions.reporting import report_digest
from troth.breaches.actions.rows import correction_digest, words_digest
from troth.breaches.models import Breach, Correction, Documented, Exemption, PeopleLetter, Report, RiskDecision
from troth.breaches.rules.replay import breach_told
from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.words.refs import ref

#: Columns that have the names and values of what the facts say.
SAME = (
    "aware_at", "report_by", "party", "reported_at", "high_since", "told_at", "follows_by", "missed_at", "controller_told_at",
    "closed_at",
)  # fmt: skip


def breaches(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these breaches and what hangs on them, as their facts would put them."""
    found: dict[int, Columns] = {
        row.pk: {
            "BreachAware": 1,
            "incident": ref("incident", row.incident_id),
            **{name: getattr(row, name) for name in SAME},
            "RiskDecided": 0, "ExemptionClaimed": 0, "AuthorityReported": 0, "BreachDocumented": 0, "PeopleTold": 0,
            "BreachAwareCorrected": 0,
        }
        for row in Breach.objects.filter(pk__in=numbers)
    }  # fmt: skip
    for breach, columns in _beside(numbers):
        counted = {name: int(found[breach][name] or 0) + 1 for name in columns if name in found[breach]}  # type: ignore[arg-type]
        found[breach] |= columns | counted
    return found


def _beside(numbers: Sequence[int]) -> Iterable[tuple[int, Columns]]:
    for fixed in Correction.objects.filter(breach__in=numbers).order_by("pk"):
        digest = correction_digest(fixed)
        yield fixed.breach_id, {"BreachAwareCorrected": 1, f"aware {fixed.after.isoformat()} words_digest": digest}
    for risk in RiskDecision.objects.filter(breach__in=numbers).order_by("pk"):
        name = ref("risk", risk.pk)
        digest = words_digest(bytes(risk.salt), reason=risk.reason)
        yield risk.breach_id, {"RiskDecided": 1, f"{name} level": risk.level, f"{name} words_digest": digest}
    for one in Exemption.objects.filter(breach__in=numbers).order_by("pk"):
        name = ref("exemption", one.pk)
        digest = words_digest(bytes(one.salt), reason=one.reason, instead=one.instead)
        yield (
            one.breach_id,
            {
                "ExemptionClaimed": 1,
                f"{name} sort": one.sort,
                f"{name} words_digest": digest,
                f"{name} taken_back_at": one.taken_back_at,
            },
        )
    for said in Documented.objects.filter(breach__in=numbers).order_by("pk"):
        digest = words_digest(bytes(said.salt), facts=said.facts, effects=said.effects, action=said.action)
        yield said.breach_id, {"BreachDocumented": 1, f"{ref('documented', said.pk)} words_digest": digest}
    for report in Report.objects.filter(breach__in=numbers, sent_at__isnull=False).order_by("pk"):
        name = ref("report", report.pk)
        yield (
            report.breach_id,
            {
                "AuthorityReported": 1,
                f"{name} phase": report.phase,
                f"{name} sent_at": report.sent_at,
                f"{name} words_digest": report_digest(report),
                f"{name} acknowledged": bool(report.receipt),
            },
        )
    for letter in PeopleLetter.objects.filter(breach__in=numbers, sent_at__isnull=False).order_by("pk"):
        yield letter.breach_id, {"PeopleTold": 1, f"{ref('notice', letter.notice_id or 0)} told_at": letter.sent_at}


BREACH = Thing(word="breach", model=Breach, rows=breaches, told=breach_told)
THINGS = (BREACH,)

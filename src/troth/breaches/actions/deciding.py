"""How high the risk is, and who need not be told because of what."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.rows import locked, put, tidy, who, words_digest
from troth.breaches.models import Breach, Exemption, RiskDecision
from troth.breaches.rules.words import EXEMPTIONS_OF_PEOPLE, Exempt, Level
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.rules.words import fresh_salt
from troth.words import facts
from troth.words.refs import ref


class NoReason(ValueError):
    """A decision without its reason."""


class DoesNotFit(ValueError):
    """An exemption that does not go with the risk as it was decided, or beside one that stands."""


class NeedsPublicWord(ValueError):
    """Who is not told one by one must be told in public (GDPR 34(3)(c))."""


@transaction.atomic
def decide(breach: Breach, *, level: str, reason: str, by: Staff | None, now: datetime) -> RiskDecision:
    """The risk is *level* because of *reason*. It stands beside the decisions before it, and holds. Raises NoReason."""
    row, reason = locked(breach), tidy(reason)
    if not reason:
        raise NoReason(_("Say why: the authority reads the reason, and so does whoever decides next."))
    found = RiskDecision.objects.create(breach=row, level=Level(level), reason=reason, by=by, at=now, salt=fresh_salt())
    fact = facts.RiskDecided(
        about=row.ref, decision=ref("risk", found.pk), level=found.level, by=who(by),
        words_digest=words_digest(bytes(found.salt), reason=reason),
    )  # fmt: skip
    append(fact, now=now)
    is_high = found.level == Level.HIGH
    put(breach, high_since=(row.high_since or now) if is_high else None)
    return found


@transaction.atomic
def claim(breach: Breach, *, sort: str, reason: str, by: Staff | None, now: datetime, instead: str = "") -> Exemption:
    """Somebody need not be told, because of *reason*. Raises NoReason, DoesNotFit, NeedsPublicWord."""
    row, chosen, reason, instead = locked(breach), Exempt(sort), tidy(reason), tidy(instead)
    if not reason:
        raise NoReason(_("Say why they need not be told: without a justification the exemption does not stand."))
    if chosen is Exempt.NO_RISK and row.level != Level.NONE:  # type: ignore[attr-defined]
        raise DoesNotFit(_("The authority need not be told only where a risk is unlikely. Decide the risk first."))
    if chosen is not Exempt.NO_RISK and row.level != Level.HIGH:  # type: ignore[attr-defined]
        raise DoesNotFit(
            _("Only where the risk is high must people be told, so only there is somebody exempt from it.")
        )
    if chosen is Exempt.EFFORT and not instead:
        raise NeedsPublicWord(_("Say where and how the public is told instead: GDPR 34(3)(c) asks for it."))
    if row.exemptions.filter(sort__in=_beside(chosen), taken_back_at=None).exists():
        raise DoesNotFit(_("An exemption stands already. Take it back first, if it is another now."))
    found = Exemption.objects.create(
        breach=row, sort=chosen, reason=reason, instead=instead, by=by, at=now, salt=fresh_salt()
    )
    fact = facts.ExemptionClaimed(
        about=row.ref, exemption=ref("exemption", found.pk), sort=found.sort, by=who(by),
        words_digest=words_digest(bytes(found.salt), reason=reason, instead=instead),
    )  # fmt: skip
    append(fact, now=now)
    put(breach)
    return found


def _beside(sort: Exempt) -> list[str]:
    return sorted(EXEMPTIONS_OF_PEOPLE) if sort in EXEMPTIONS_OF_PEOPLE else [sort]


@transaction.atomic
def take_back_exemption(exemption: Exemption, *, reason: str, by: Staff | None, now: datetime) -> bool:
    """It does not stand any more; False where it was taken back already. Raises NoReason."""
    locked(exemption.breach)
    if not tidy(reason):
        raise NoReason(_("Say why it does not stand any more."))
    standing = Exemption.objects.filter(pk=exemption.pk, taken_back_at=None)
    if standing.update(taken_back_at=now, taken_back_by=by, taken_back_why=tidy(reason)) != 1:
        return False
    append(
        facts.ExemptionTakenBack(about=exemption.breach.ref, exemption=ref("exemption", exemption.pk), by=who(by)),
        now=now,
    )
    put(exemption.breach)
    return True

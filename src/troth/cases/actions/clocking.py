"""What the clocks look at of a case, and which moments a change of its status is to them."""

from __future__ import annotations

from datetime import datetime

from troth.cases.models import Case
from troth.clocks.actions import Of
from troth.clocks.rules.clock import Moment, What
from troth.clocks.rules.policy import Matter
from troth.words.refs import ref


def of(case: Case) -> Of:
    """The case as its clocks know it; its customer should be fetched with it."""
    return Of(
        about=ref("case", case.pk),
        customer_id=case.customer_id,
        team_id=case.team_id,
        matter=matter_of(case),
    )


def matter_of(case: Case) -> Matter:
    """What their policy looks at."""
    return Matter(
        kind=case.kind,
        channel=case.channel,
        urgency=case.urgency,
        is_public=case.is_public,
        group=case.customer.group,
    )


def moments_between(before: str, after: str, *, at: datetime) -> list[Moment]:
    """What a change of status is to the clocks."""
    return [Moment(what=what, at=at) for what in _BETWEEN.get((before, after), ())]


_OPEN, _WAITING, _RESOLVED = Case.Status.OPEN, Case.Status.WAITING, Case.Status.RESOLVED
_BETWEEN: dict[tuple[str, str], tuple[What, ...]] = {
    (_OPEN, _WAITING): (What.WAITS,),
    (_OPEN, _RESOLVED): (What.RESOLVED,),
    (_WAITING, _OPEN): (What.RESUMES,),
    (_WAITING, _RESOLVED): (What.RESOLVED,),
    (_RESOLVED, _OPEN): (What.REOPENED,),
    (_RESOLVED, _WAITING): (What.REOPENED, What.WAITS),
}

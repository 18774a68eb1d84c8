"""Whether a complaint is to end with a letter of its own (the UK's DISP), and how an answer stands with what that letter must say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from troth.cases.models import Case, FormalReply
from troth.cases.rules import formal
from troth.cases.rules.formal import Chosen, Letter
from troth.clocks.queries import profile_of_the_end
from troth.people.queries import hours_of
from troth.words.formal import ENDS
from troth.words.refs import ref


def profile_of(case: Case) -> str:
    """The profile under which its final response is still owed; empty where none is."""
    return profile_of_the_end(ref("case", case.pk)) if case.kind == Case.Kind.COMPLAINT else ""


def has_its_end(case: Case) -> bool:
    """It had its final response, or it was settled by the third business day and was told so."""
    return FormalReply.objects.filter(case=case, formal__in=sorted(ENDS)).exists()


def looked(
    case: Case, text: str, chosen: Chosen, *, profile: str, enclosed: Iterable[str], team_id: int | None, now: datetime
) -> Letter | None:
    """The letter that *chosen* says this is, held against the rules; None where it is an answer like any other."""
    if chosen.formal is None:
        return None
    return formal.look(
        text,
        chosen.formal,
        of_payments=formal.is_of_payments(profile),
        enclosed=enclosed,
        ticked=chosen.ticked,
        now=now,
        hours=hours_of(case.team_id or team_id),
    )

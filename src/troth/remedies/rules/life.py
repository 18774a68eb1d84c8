"""The life of a remedy: which act leads from where to where; pure.

sought ── offer ──▶ waiting ── authorise ──▶ offered ── accept ──▶ accepted ──┐
   ╰───── offer ────────────────────────────────╯ ╰── decline ──▶ declined   ├─ give ──▶ given
                    owe, authorise ─────────────────────────────▶ due ───────┤
                                                  accepted, due ── miss ──▶ missed
"""

from __future__ import annotations

from enum import StrEnum

from troth.words.remedies import State


class Act(StrEnum):
    SEEK = "seek"
    #: Somebody without the authority wants to offer it.
    PROPOSE = "propose"
    OFFER = "offer"
    #: It is owed from now on, without the customer's yes.
    OWE = "owe"
    REFUSE = "refuse"
    ACCEPT = "accept"
    DECLINE = "decline"
    GIVE = "give"
    MISS = "miss"
    WITHDRAW = "withdraw"
    #: The customer let us off.
    RELEASE = "release"


class NotNow(ValueError):
    """As it stands, this cannot be done with it."""


_STEPS: dict[Act, dict[State | None, State]] = {
    Act.SEEK: {None: State.SOUGHT},
    Act.PROPOSE: {None: State.WAITING, State.SOUGHT: State.WAITING},
    Act.OFFER: {None: State.OFFERED, State.SOUGHT: State.OFFERED, State.WAITING: State.OFFERED},
    Act.OWE: {None: State.DUE, State.SOUGHT: State.DUE, State.WAITING: State.DUE},
    Act.REFUSE: {State.WAITING: State.WITHDRAWN},
    Act.ACCEPT: {State.OFFERED: State.ACCEPTED},
    Act.DECLINE: {State.OFFERED: State.DECLINED},
    Act.GIVE: {State.ACCEPTED: State.GIVEN, State.DUE: State.GIVEN, State.MISSED: State.GIVEN},
    Act.MISS: {State.ACCEPTED: State.MISSED, State.DUE: State.MISSED},
    Act.WITHDRAW: dict.fromkeys((State.SOUGHT, State.WAITING, State.OFFERED), State.WITHDRAWN),
    Act.RELEASE: dict.fromkeys((State.OFFERED, State.ACCEPTED, State.DUE, State.MISSED), State.DECLINED),
}


def step(state: State | None, act: Act, *, was_sought: bool = False) -> State:
    """Where *act* leads from *state* (None: there is no remedy yet). Raises NotNow.

    What the customer asks for is not gone because nobody may offer it: refused, it is sought again.
    """
    try:
        after = _STEPS[act][state]
    except KeyError as why:
        raise NotNow(f"A remedy that is {state or 'not there'} cannot be changed like this ({act}).") from why
    return State.SOUGHT if act is Act.REFUSE and was_sought else after


def can(state: State) -> frozenset[Act]:
    """What can be done with it."""
    return frozenset(act for act, steps in _STEPS.items() if state in steps)


def raises_second(*, is_second: bool, has_second: bool) -> bool:
    """Whether a missed remedy brings another with it: once, and the second brings no third."""
    return not is_second and not has_second

"""What a policy comes to."""

from __future__ import annotations

import pytest

from troth.clocks.rules.length import working_days, working_time
from troth.clocks.rules.outlook import never_used, outlook
from troth.clocks.rules.policy import Policy, Rule, Target
from troth.clocks.rules.profiles import Profile, ready
from troth.words.clocks import Sort

KINDS = ("enquiry", "complaint", "suggestion", "compliment")
SOON, LATER = Target(working_time(hours=2)), Target(working_time(hours=8))


@pytest.mark.parametrize("profile", list(Profile))
def test_every_kind_gets_an_answer_under_every_profile(profile: Profile) -> None:
    lines = outlook(ready(profile), KINDS)

    assert {line.matter.kind for line in lines} == set(KINDS)
    assert all({Sort.FIRST, Sort.NEXT} <= set(line.targets) for line in lines)


def test_a_difference_is_shown_and_sameness_is_not() -> None:
    policy = Policy("plain", (Rule({Sort.FIRST: SOON}, is_public=True), Rule({Sort.FIRST: LATER})))

    lines = outlook(policy, ["enquiry"])

    assert [(line.matter.is_public, line.targets[Sort.FIRST]) for line in lines] == [(False, LATER), (True, SOON)]


def test_a_rule_under_one_for_all_is_never_used() -> None:
    every = Rule({Sort.FIRST: LATER})
    policy = Policy("plain", (every, Rule({Sort.FIRST: SOON}, kinds=frozenset({"complaint"}))))

    assert never_used(policy, KINDS) == {1}


def test_a_rule_that_adds_one_target_is_used() -> None:
    policy = Policy(
        "plain",
        (
            Rule({Sort.FIRST: LATER}),
            Rule({Sort.FIRST: SOON, Sort.RESOLUTION: Target(working_days(5))}, groups=frozenset({"vip"})),
        ),
    )

    assert never_used(policy, KINDS) == frozenset()


@pytest.mark.parametrize("profile", [Profile.PLAIN])
def test_no_rule_of_the_plain_profile_is_idle(profile: Profile) -> None:
    assert never_used(ready(profile), KINDS) == frozenset()

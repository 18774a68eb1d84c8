"""A policy as it is typed into a form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from troth.clocks.rules.length import calendar, working_days, working_time
from troth.clocks.rules.policy import NotAPolicy, Rule, Target
from troth.clocks.rules.profiles import Profile, ready
from troth.clocks.rules.typed import RULES_MOST, TypedRule, moved, policy_of, rule_of, typed_of
from troth.words.clocks import Sort

FOUR_HOURS = TypedRule(lengths={Sort.FIRST: "4 hours"})


@pytest.mark.parametrize("profile", list(Profile))
def test_what_a_profile_fills_in_is_read_as_that_profile(profile: Profile) -> None:
    policy = ready(profile)

    found, wrong = policy_of(policy.profile, [typed_of(rule) for rule in policy.rules])

    assert wrong == {}
    assert found == policy


def test_a_rule_is_read() -> None:
    typed = TypedRule(
        kinds=frozenset({"complaint"}),
        urgent="no",
        public="yes",
        channels=frozenset({"chat"}),
        groups=" vip,, partner ",
        lengths={Sort.FIRST: "4 h", Sort.RESOLUTION: "8 weeks"},
        nothing=frozenset({Sort.UPDATE}),
        always=frozenset({Sort.RESOLUTION}),
        early={Sort.RESOLUTION: "3 working days"},
        warn={Sort.FIRST: "50 %", Sort.RESOLUTION: "50"},
    )

    rule, wrong = rule_of(typed)

    assert wrong == {}
    assert rule == Rule(
        targets={
            Sort.FIRST: Target(working_time(hours=4), warn_percent=50),
            Sort.UPDATE: None,
            Sort.RESOLUTION: Target(calendar(weeks=8), pauses=False, warn_percent=50, early=working_days(3)),
        },
        kinds=frozenset({"complaint"}),
        channels=frozenset({"chat"}),
        urgencies=frozenset({"low", "normal"}),
        groups=frozenset({"vip", "partner"}),
        is_public=True,
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (replace(FOUR_HOURS, lengths={Sort.FIRST: "soon"}), {"length-first"}),
        (replace(FOUR_HOURS, warn={Sort.FIRST: "100"}), {"warn-first"}),
        (replace(FOUR_HOURS, warn={Sort.FIRST: "0"}), {"warn-first"}),
        (replace(FOUR_HOURS, early={Sort.RESOLUTION: "3 days"}), {"length-resolution"}),
        (replace(FOUR_HOURS, early={Sort.RESOLUTION: "?"}), {"early-resolution"}),
        (TypedRule(), {"lengths"}),
    ],
)
def test_what_cannot_be_is_told_by_field(typed: TypedRule, fields: set[str]) -> None:
    rule, wrong = rule_of(typed)

    assert rule is None
    assert set(wrong) == fields


@pytest.mark.parametrize("count", [0, RULES_MOST + 1])
def test_no_rules_and_too_many_are_no_policy(count: int) -> None:
    with pytest.raises(NotAPolicy):
        policy_of("plain", [FOUR_HOURS] * count)


def test_wrong_rules_are_told_by_their_place() -> None:
    policy, wrong = policy_of("plain", [FOUR_HOURS, TypedRule()])

    assert policy is None
    assert set(wrong) == {1}


@pytest.mark.parametrize(
    ("place", "by", "order"), [(0, 1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc"), (7, 1, "abc")]
)
def test_rules_change_places(place: int, by: int, order: str) -> None:
    typed = [TypedRule(groups=letter) for letter in "abc"]

    assert "".join(rule.groups for rule in moved(typed, place, by)) == order

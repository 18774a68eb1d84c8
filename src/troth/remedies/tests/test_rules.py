"""What can become of a remedy, who may offer what, and by when it is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.remedies.rules.authority import Limit, Verdict, may_offer
from troth.remedies.rules.due import due_at, is_short_notice, was_given_since
from troth.remedies.rules.life import Act, NotNow, can, raises_second, step
from troth.remedies.rules.money import Money, NotMoney, currencies, money, shown
from troth.remedies.rules.policy import NotAPolicy, Policy, Standard, pays_second
from troth.remedies.rules.profiles import Profile, bare, ready
from troth.words.hours import office
from troth.words.remedies import OWED, SETTLED, Occasion, Remedy, State

LONDON = office("Europe/London", "GB", "ENG")
#: A Wednesday, ten in the morning.
NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
POUNDS = st.decimals(min_value="0.01", max_value="9999.99", places=2)


@given(st.lists(st.sampled_from(list(Act)), max_size=30), st.booleans())
def test_no_path_gives_twice_or_leaves_the_settled(acts: list[Act], was_sought: bool) -> None:
    state: State | None = None
    given_times = missed_times = 0
    for act in acts:
        try:
            after = step(state, act, was_sought=was_sought)
        except NotNow:
            continue
        assert state not in SETTLED
        assert after != State.GIVEN or state in OWED
        assert act is not Act.WITHDRAW or state not in OWED
        given_times += after == State.GIVEN
        missed_times += act is Act.MISS
        state = after

    assert given_times <= 1
    assert missed_times <= 1


def test_every_state_can_be_reached_and_left_unless_it_is_settled() -> None:
    reached = {None} | {step(before, act) for act in Act for before in [None, *State] if _leads(before, act)}

    assert reached == {None, *State}
    assert {state for state in State if not can(state)} == SETTLED


def _leads(before: State | None, act: Act) -> bool:
    try:
        step(before, act)
    except NotNow:
        return False
    return True


def test_what_was_sought_is_sought_again_when_nobody_may_offer_it() -> None:
    assert step(State.WAITING, Act.REFUSE, was_sought=True) == State.SOUGHT
    assert step(State.WAITING, Act.REFUSE) == State.WITHDRAWN


def test_a_second_is_raised_once_and_brings_no_third() -> None:
    assert [raises_second(is_second=a, has_second=b) for a in (False, True) for b in (False, True)] == [
        True, False, False, False,
    ]  # fmt: skip


limits = st.builds(
    Limit,
    role=st.sampled_from(["", "agent", "lead"]),
    team=st.sampled_from([None, 1, 2]),
    staff=st.sampled_from([None, 7]),
    sorts=st.sets(st.sampled_from(["refund", "apology"])).map(frozenset),
    most=st.dictionaries(st.sampled_from(["GBP", "EUR"]), POUNDS),
)


@given(
    st.lists(limits, max_size=5),
    st.sampled_from(["agent", "lead", "admin", "auditor", "nobody"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["refund", "apology"]),
    st.sampled_from(["GBP", "EUR", "USD"]),
    POUNDS,
    POUNDS,
)
def test_who_may_offer_an_amount_may_offer_less(
    said: list[Limit], role: str, team: int | None, sort: str, currency: str, one: Decimal, other: Decimal
) -> None:
    def asked(amount: Decimal | None) -> Verdict:
        return may_offer(said, role=role, team=team, staff=7, sort=sort, amount=amount, currency=currency)

    less, more = sorted((one, other))

    if asked(more) is Verdict.YES:
        assert asked(less) is Verdict.YES
        assert asked(None) is Verdict.YES
    assert (asked(more) is Verdict.NO) == (role == "auditor")
    assert role != "admin" or asked(more) is Verdict.YES


@pytest.mark.parametrize(
    ("role", "sort", "amount", "wanted"),
    [
        ("agent", Remedy.APOLOGY, None, Verdict.YES),
        ("agent", Remedy.REFUND, Decimal("25.00"), Verdict.YES),
        ("agent", Remedy.REFUND, Decimal("25.01"), Verdict.WAITS),
        ("agent", Remedy.CANCELLATION, None, Verdict.WAITS),
        ("lead", Remedy.REFUND, Decimal("500.00"), Verdict.YES),
        ("lead", Remedy.REFUND, Decimal("500.01"), Verdict.WAITS),
        ("auditor", Remedy.APOLOGY, None, Verdict.NO),
    ],
)
def test_the_limits_of_goodwill(role: str, sort: str, amount: Decimal | None, wanted: Verdict) -> None:
    policy = ready(Profile.GOODWILL)
    currency = "GBP" if amount else ""

    assert may_offer(
        policy.limits, role=role, team=None, staff=1, sort=sort, amount=amount, currency=currency
    ) is wanted  # fmt: skip


def test_nothing_raises_itself_before_a_company_says_so() -> None:
    assert bare().standards == ready(Profile.GOODWILL).standards == ()
    [standard] = ready(Profile.OFGEM).standards
    assert (standard.on, standard.days, str(standard.pays), str(standard.second)) == (
        Occasion.MISSED_APPOINTMENT, 10, "40.00 GBP", "40.00 GBP",
    )  # fmt: skip


@given(st.sampled_from(list(Profile)))
def test_a_policy_is_read_as_it_was_written(profile: Profile) -> None:
    assert Policy.from_plain(ready(profile).to_plain()) == ready(profile)


@pytest.mark.parametrize(
    "wrong",
    [
        {"standards": [{"name": "", "on": "late_delivery", "sort": "refund", "amount": "5", "currency": "GBP"}]},
        {"standards": [{"name": "x", "on": "rain", "sort": "refund", "amount": "5", "currency": "GBP"}]},
        {"standards": [{"name": "x", "on": "late_delivery", "sort": "refund", "amount": "-5", "currency": "GBP"}]},
        {"standards": [{"name": "x", "on": "late_delivery", "sort": "refund", "amount": "5", "currency": "XXX"}]},
        {"limits": [{"most": {"GBP": "many"}}]},
        {"limits": 5},
        {"limits": [{"sorts": ["gold"]}]},
    ],
)
def test_what_is_no_policy_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(NotAPolicy):
        Policy.from_plain(wrong)


def test_what_a_missed_remedy_brings() -> None:
    own = Standard(
        name="Visit", on=Occasion.MISSED_APPOINTMENT, sort=Remedy.COMPENSATION,
        pays=money("40", "GBP"), second=money("20", "GBP"),
    )  # fmt: skip
    plain = Standard(name="Parcel", on=Occasion.LATE_DELIVERY, sort=Remedy.COMPENSATION, pays=money("5", "GBP"))
    every = Standard(name="Late", on=Occasion.MISSED_REMEDY, sort=Remedy.COMPENSATION, pays=money("7", "GBP"))
    policy = Policy(standards=(own, plain, every))

    assert policy.second_for(standard="Visit") == own
    assert policy.second_for(standard="Parcel") is None
    assert policy.second_for(standard="") == every
    assert [pays_second(one).amount for one in (own, every)] == [Decimal("20.00"), Decimal("7.00")]


def test_money_is_what_was_said_and_nothing_else() -> None:
    assert len(currencies()) > 120
    assert money("1,250.50", "gbp") == Money(Decimal("1250.50"), "GBP")
    assert money("12,5", "EUR") == Money(Decimal("12.50"), "EUR")
    assert money("1000", "JPY").amount == 1000
    assert shown(Decimal("12.50"), "EUR", language="de") == "12,50\xa0€"
    assert shown(None, "") == ""
    for wrong in ("5 DEM", "5 XAU", "0 GBP", "1.005 GBP", "1.5 JPY", "1e3 GBP", " GBP"):
        with pytest.raises(NotMoney):
            money(*wrong.split(" "))


@given(st.integers(0, 400), st.integers(1, 30), st.integers(0, 30 * 24))
def test_a_due_date_lies_ahead_and_on_a_working_day(days_ago: int, days: int, hours_later: int) -> None:
    since = NOW - timedelta(days=days_ago)
    now = since + timedelta(hours=hours_later)
    due = due_at(since, days=days, hours=LONDON, now=now)

    assert due > now
    assert LONDON.is_working_day(LONDON.day_of(due))


def test_ten_working_days_after_a_missed_appointment() -> None:
    assert due_at(NOW, days=10, hours=LONDON, now=NOW) == datetime(2026, 11, 25, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told_at", "short"),
    [
        (datetime(2026, 11, 11, 9, tzinfo=UTC), False),  # the whole Wednesday lies between
        (datetime(2026, 11, 11, 16, tzinfo=UTC), True),
        (datetime(2026, 11, 12, 8, tzinfo=UTC), True),
        (datetime(2026, 11, 12, 12, tzinfo=UTC), True),
    ],
)
def test_less_than_a_working_days_warning(told_at: datetime, short: bool) -> None:
    starts_at = datetime(2026, 11, 12, 9, tzinfo=UTC)

    assert is_short_notice(told_at=told_at, starts_at=starts_at, hours=LONDON) is short


def test_what_was_given_was_owed_and_is_past() -> None:
    early, later = NOW.replace(hour=1), NOW + timedelta(minutes=1)

    assert was_given_since(early, made_at=NOW, now=NOW, hours=LONDON)
    assert not was_given_since(later, made_at=NOW, now=NOW, hours=LONDON)
    assert not was_given_since(NOW - timedelta(days=1), made_at=NOW, now=NOW, hours=LONDON)

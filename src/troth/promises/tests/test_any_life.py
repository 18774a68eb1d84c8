"""Promises through any life of the system: time passes, the clock jumps both ways, it goes down and comes back. No database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from troth.promises.rules import due as rules
from troth.promises.rules.due import Plan, Standing, Step
from troth.words.hours import Hours, office, round_the_clock
from troth.words.promises import Sort, State

#: Each changes its clocks in its own way, one by half an hour, one not at all.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Africa/Cairo",
)
calendars = st.builds(
    lambda zone, always: round_the_clock(zone) if always else office(zone), st.sampled_from(ZONES), st.booleans()
)
#: Among them the week of a leap day and every change of the year.
beginnings = st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.one_of(
    st.timedeltas(timedelta(minutes=1), timedelta(hours=8)),
    st.timedeltas(timedelta(hours=8), timedelta(days=10)),
    st.timedeltas(timedelta(days=10), timedelta(days=100)),
)


@dataclass(eq=False)
class Kept:
    """A promise as its row keeps it, and what was done about it."""

    hours: Hours
    standing: Standing
    look_again_at: datetime | None
    #: Its date, the step and the moment it was taken.
    taken: list[tuple[datetime, Step, datetime]] = field(default_factory=list)
    #: The system was up, and time went its way, since this plan was made.
    undisturbed: bool = True

    @property
    def plan(self) -> Plan:
        return self.standing.plan

    def look(self, now: datetime) -> None:
        """As the watcher does: decide, and write down when to look again."""
        steps, self.standing = rules.steps_at(self.standing, now=now)
        self.taken += [(self.plan.due, step, now) for step in steps]
        self.look_again_at = rules.look_again(self.standing)

    def when(self, step: Step) -> datetime | None:
        return next((at for due, done, at in self.taken if done is step and due == self.plan.due), None)


class Life(RuleBasedStateMachine):
    """The watcher's own loop, with the rules it really uses, against what a customer may expect of it."""

    promises = Bundle("promises")

    def __init__(self) -> None:
        super().__init__()
        self.up = True
        self.every: list[Kept] = []

    @initialize(now=beginnings)
    def begin(self, now: datetime) -> None:
        self.now = now

    @rule(target=promises, hours=calendars, span=spans, sort=st.sampled_from([Sort.DEED, Sort.NEXT_WORD]))
    def promise(self, hours: Hours, span: timedelta, sort: Sort) -> Kept:
        plan = rules.plan(made_at=self.now, due=self.now + span, hours=hours)
        standing = Standing(
            state=State.OPEN, sort=sort, plan=plan, warned=False, escalated=False, telling=False, by_itself=True,
            done=False,
        )  # fmt: skip
        kept = Kept(hours, standing, plan.warn_at, undisturbed=self.up)
        self.every.append(kept)
        self._work()
        return kept

    @rule(kept=promises, span=spans)
    def move(self, kept: Kept, span: timedelta) -> None:
        """Before its date only; a person tells the new one, and everything about it begins anew."""
        if kept.standing.state not in {State.OPEN, State.MOVED} or kept.standing.done or self.now >= kept.plan.due:
            return
        plan = rules.plan(made_at=self.now, due=kept.plan.due + span, hours=kept.hours)
        kept.standing = replace(
            kept.standing, state=State.MOVED, plan=plan, warned=False, escalated=False, telling=False
        )
        kept.look_again_at, kept.undisturbed = plan.warn_at, self.up
        self._work()

    @rule(kept=consumes(promises))
    def keep(self, kept: Kept) -> None:
        kept.standing = replace(kept.standing, done=True)
        kept.look_again_at = rules.look_again(kept.standing)

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        """While it is up, each moment is dealt with as it comes."""
        end = self.now + span
        while self.up and (moments := [one.look_again_at for one in self.every if self._due_by(one, end)]):
            self.now = max(self.now, min(moment for moment in moments if moment))
            self._work()
        self.now = end
        self._work()

    @rule(span=st.sampled_from([timedelta(days=3), timedelta(hours=1), timedelta(minutes=-1), timedelta(days=-1)]))
    def clock_jumps(self, span: timedelta) -> None:
        self._disturb()
        self.now += span
        self._work()

    @precondition(lambda self: self.up)
    @rule()
    def goes_down(self) -> None:
        self._disturb()
        self.up = False

    @precondition(lambda self: not self.up)
    @rule()
    def comes_back(self) -> None:
        self.up = True
        self._work()

    @invariant()
    def nothing_is_done_twice(self) -> None:
        for one in self.every:
            assert len({(due, step) for due, step, _at in one.taken}) == len(one.taken)

    @invariant()
    def nobody_is_warned_or_told_ahead_after_the_date(self) -> None:
        for one in self.every:
            for due, step, at in one.taken:
                ahead = step in {Step.WARN, Step.ESCALATE, Step.TELL}
                assert at < due if ahead else at >= due, (step, at, due)

    @invariant()
    def who_was_never_let_down_is_warned_and_told_in_time(self) -> None:
        for one in self.every:
            passed = not one.standing.done and one.plan.due <= self.now
            if one.undisturbed and passed:
                warned, told = one.when(Step.WARN), one.when(Step.TELL)
                assert warned is not None
                assert warned <= one.plan.told_by
                if one.standing.sort is not Sort.NEXT_WORD:
                    assert told is not None
                    assert told <= one.plan.told_by

    @invariant()
    def what_has_passed_is_late_and_then_broken(self) -> None:
        if not self.up:
            return
        for one in self.every:
            if one.standing.done:
                continue
            if one.plan.broken_at <= self.now:
                assert one.standing.state is State.BROKEN
            elif one.plan.due <= self.now:
                assert one.standing.state in {State.LATE, State.BROKEN}
            elif one.standing.state in {State.OPEN, State.MOVED}:
                assert one.look_again_at is not None
                assert self.now < one.look_again_at <= one.plan.due

    def _due_by(self, one: Kept, end: datetime) -> bool:
        return one.look_again_at is not None and one.look_again_at <= end

    def _disturb(self) -> None:
        for one in self.every:
            one.undisturbed = one.undisturbed and one.plan.due <= self.now

    def _work(self) -> None:
        for one in self.every:
            if self.up and self._due_by(one, self.now):
                one.look(self.now)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)

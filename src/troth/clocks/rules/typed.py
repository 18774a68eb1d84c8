"""A policy as it is typed into a form, rule by rule: what was typed is kept as it was, and what is wrong with it is told; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from troth.clocks.rules.length import NotALength
from troth.clocks.rules.policy import NotAPolicy, Policy, Rule, Target
from troth.clocks.rules.written import read_length, write_length
from troth.words.clocks import Sort
from troth.words.messages import Kind, Urgency

#: More rules than this nobody understands.
RULES_MOST = 60
WARN_PERCENT = 75
URGENT = frozenset({Urgency.HIGH.value, Urgency.CRITICAL.value})
#: Sorts that may ask for something sooner, and last longer once the customer was told why.
STRETCHED = (Sort.RESOLUTION,)


@dataclass(frozen=True)
class TypedRule:
    """One rule as its fields hold it."""

    kinds: frozenset[str] = frozenset()
    #: "" whatever, "yes" only urgent ones, "no" only those that are not.
    urgent: str = ""
    #: "" wherever, "yes" only what others can read, "no" only what they cannot.
    public: str = ""
    channels: frozenset[str] = frozenset()
    #: Groups of customers, with commas between.
    groups: str = ""
    lengths: Mapping[Sort, str] = field(default_factory=dict)
    #: Sorts that no case of this rule has, whatever stands in a rule below.
    nothing: frozenset[Sort] = frozenset()
    #: Sorts whose clock also runs while we wait for the customer.
    always: frozenset[Sort] = frozenset()
    early: Mapping[Sort, str] = field(default_factory=dict)
    extended: Mapping[Sort, str] = field(default_factory=dict)
    #: When so many percent of it have passed staff are warned; 75 where nothing is said.
    warn: Mapping[Sort, str] = field(default_factory=dict)


#: Field by field, what cannot be read.
Wrong = dict[str, str]


def rule_of(typed: TypedRule) -> tuple[Rule | None, Wrong]:
    """The rule, or which of its fields are wrong: "length-first", "early-resolution", "warn-first", "lengths" (none at all)."""
    wrong: Wrong = {}
    targets: dict[Sort, Target | None] = {}
    for sort in Sort:
        if sort in typed.nothing:
            targets[sort] = None
            continue
        read = {}
        for name, texts in (("length", typed.lengths), ("early", typed.early), ("extended", typed.extended)):
            try:
                read[name] = read_length(texts.get(sort, ""))
            except NotALength:
                wrong[f"{name}-{sort}"] = texts[sort]
        length, warn = read.get("length"), _percent(typed.warn.get(sort, ""))
        if not warn:
            wrong[f"warn-{sort}"] = typed.warn[sort]
        if length is None:
            if read.get("early") or read.get("extended"):
                wrong.setdefault(f"length-{sort}", "")
            continue
        targets[sort] = Target(
            length,
            pauses=sort not in typed.always,
            warn_percent=warn or WARN_PERCENT,
            early=read.get("early"),
            extended=read.get("extended"),
        )
    if not targets and not wrong:
        wrong["lengths"] = ""
    if wrong:
        return None, wrong
    urgencies = {"yes": URGENT, "no": frozenset(urgency.value for urgency in Urgency) - URGENT}
    return Rule(
        targets=targets,
        kinds=typed.kinds & frozenset(kind.value for kind in Kind),
        channels=typed.channels,
        urgencies=urgencies.get(typed.urgent, frozenset()),
        groups=frozenset(filter(None, (group.strip() for group in typed.groups.split(",")))),
        is_public={"yes": True, "no": False}.get(typed.public),
    ), {}


def typed_of(rule: Rule) -> TypedRule:
    """The same the other way: what the fields of *rule* hold."""
    targets = {sort: target for sort, target in rule.targets.items() if target}
    return TypedRule(
        kinds=rule.kinds,
        urgent="yes" if rule.urgencies == URGENT else "no" if rule.urgencies else "",
        public={True: "yes", False: "no"}.get(rule.is_public, "") if rule.is_public is not None else "",
        channels=rule.channels,
        groups=", ".join(sorted(rule.groups)),
        lengths={sort: write_length(target.length) for sort, target in targets.items()},
        nothing=frozenset(sort for sort, target in rule.targets.items() if target is None),
        always=frozenset(sort for sort, target in targets.items() if not target.pauses),
        early={sort: write_length(target.early) for sort, target in targets.items() if target.early},
        extended={sort: write_length(target.extended) for sort, target in targets.items() if target.extended},
        warn={
            sort: str(target.warn_percent) for sort, target in targets.items() if target.warn_percent != WARN_PERCENT
        },
    )


def policy_of(profile: str, typed: Sequence[TypedRule]) -> tuple[Policy | None, dict[int, Wrong]]:
    """The policy, or what is wrong in which rule. Raises NotAPolicy where there are none, or too many."""
    if not 1 <= len(typed) <= RULES_MOST:
        raise NotAPolicy(f"A policy has 1 to {RULES_MOST} rules, not {len(typed)}.")
    read = [rule_of(one) for one in typed]
    wrong = {place: told for place, (_rule, told) in enumerate(read) if told}
    if wrong:
        return None, wrong
    return Policy(profile, tuple(rule for rule, _told in read if rule)), {}


def moved(typed: Sequence[TypedRule], place: int, by: int) -> list[TypedRule]:
    """The rules with the one at *place* put *by* places further down; where it cannot go, as they were."""
    found, to = list(typed), place + by
    if 0 <= place < len(found) and 0 <= to < len(found):
        found.insert(to, found.pop(place))
    return found


def _percent(text: str) -> int | None:
    """1 to 99, the usual for nothing; None if it is no such number."""
    written = text.strip().removesuffix("%").strip()
    if not written:
        return WARN_PERCENT
    return int(written) if written.isdecimal() and len(written) < 3 and int(written) else None

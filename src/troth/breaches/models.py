"""Personal data that got out: the clock, what was decided, what the authority and the people concerned were told.

What was decided, claimed, written down and sent is added to and never changed: the database refuses (migration
`what_was_said_stays`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from troth.breaches.rules.words import EXEMPTIONS_OF_PEOPLE, Exempt, Level, Party
from troth.incidents.models import Incident
from troth.notices.models import Cohort, Notice
from troth.people.models import Staff
from troth.words.refs import ref


def choices(values: type) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]  # type: ignore[attr-defined]


class Authority(models.Model):
    """A supervisory authority, and how it is reached; a page of the address book."""

    name = models.TextField(unique=True)
    #: The page of its form, an address, a telephone number: as somebody in a hurry needs it.
    reach = models.TextField()
    is_retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Breach(models.Model):
    """An incident in which personal data got out, were lost or changed (GDPR 4(12)); a line of the register (GDPR 33(5))."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="breach")
    #: When we had a reasonable degree of certainty (EDPB guidelines 9/2022, 31); the clock runs from here, and never stops.
    aware_at = models.DateTimeField()
    #: `rules.clock.report_by` of it.
    report_by = models.DateTimeField()
    party = models.TextField(choices=choices(Party), default=Party.CONTROLLER)
    #: Where we process for another: whom we must tell without undue delay (GDPR 33(2)), and when that was done.
    controller = models.TextField(blank=True)
    controller_told_at = models.DateTimeField(null=True)
    #: The member states concerned, in words, where it is more than one (GDPR 56); empty where it is one.
    countries = models.TextField(blank=True)
    got_out = models.BooleanField(default=False)
    was_changed = models.BooleanField(default=False)
    was_lost = models.BooleanField(default=False)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    begun_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    #: When the first report left.
    reported_at = models.DateTimeField(null=True)
    #: Since when the decisions have said that the risk is high: "without undue delay" runs from here.
    high_since = models.DateTimeField(null=True)
    #: When the people concerned were first told.
    told_at = models.DateTimeField(null=True)
    #: By when a report in phases goes on; empty where nothing is to follow.
    follows_by = models.DateTimeField(null=True)
    #: How many of the clock's moments were said (`rules.clock.Moment`), and of the phase that is to follow.
    said = models.IntegerField(default=0)
    follow_said = models.IntegerField(default=0)
    missed_at = models.DateTimeField(null=True)
    #: When the watcher looks again; empty where nothing more can come.
    look_again_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(party__in=list(Party)), name="party_of_breach_is_known"),
            models.CheckConstraint(condition=Q(report_by__gt=F("aware_at")), name="the_clock_runs_from_being_aware"),
            models.CheckConstraint(
                condition=Q(missed_at=None) | Q(missed_at=F("report_by")), name="missed_is_missed_at_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(reported_at__gte=F("aware_at")), name="nothing_is_reported_unaware"
            ),
        ]
        indexes = [
            models.Index(fields=["-aware_at", "-id"], name="breach_newest"),
            models.Index(fields=["report_by"], name="breach_open", condition=Q(closed_at=None)),
            models.Index(fields=["look_again_at"], name="breach_look_again", condition=Q(look_again_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.incident.title

    @property
    def ref(self) -> str:
        """As other rooms name it."""
        return ref("breach", self.pk)


class Said(models.Model):
    """What a person wrote down about a breach, and stays as it is."""

    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    #: With which the ledger's digest of the words was made.
    salt = models.BinaryField()

    class Meta:
        abstract = True


class Correction(Said):
    """That we knew at another moment than was written down first, and how that is known."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="corrections")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.TextField()
    #: Why the report came late, where this made it late (GDPR 33(1)): what was sent does not say so, and never changes.
    delay = models.TextField(blank=True, db_default="")


class Documented(Said):
    """The facts, the effects and the remedial action (GDPR 33(5)). Each saving is a version; the newest holds."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="documented")
    facts = models.TextField(blank=True)
    effects = models.TextField(blank=True)
    action = models.TextField(blank=True)


class RiskDecision(Said):
    """How likely it harms the people concerned, and why. A changed mind is another row; the newest holds."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="risks")
    level = models.TextField(choices=choices(Level))
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(Level)), name="level_of_risk_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_risk_is_decided_for_a_reason"),
        ]


class Exemption(Said):
    """Why the authority (GDPR 33(1)) or the people concerned (GDPR 34(3)) need not be told. Taken back, it stays to be read."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="exemptions")
    sort = models.TextField(choices=choices(Exempt))
    reason = models.TextField()
    #: GDPR 34(3)(c): where and how the public is told instead.
    instead = models.TextField(blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    taken_back_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=list(Exempt)), name="exemption_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_exemption_is_justified"),
            models.CheckConstraint(
                condition=~Q(sort=Exempt.EFFORT) | ~Q(instead=""), name="who_is_not_told_alone_is_told_in_public"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | ~Q(taken_back_why=""), name="what_is_taken_back_says_why"
            ),
            models.UniqueConstraint(
                fields=["breach"],
                name="one_exemption_for_people_at_a_time",
                condition=Q(sort__in=sorted(EXEMPTIONS_OF_PEOPLE), taken_back_at=None),
            ),
        ]


class Report(models.Model):
    """What the authority is told, in one phase (GDPR 33(3), (4)). Sent, it never changes; a later phase completes it."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="reports")
    phase = models.IntegerField()
    nature = models.TextField(blank=True)
    people = models.TextField(blank=True)
    people_count = models.IntegerField(null=True)
    records = models.TextField(blank=True)
    records_count = models.IntegerField(null=True)
    contact = models.TextField(blank=True)
    consequences = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    #: Which of these are not yet known, and by when they follow.
    to_follow = models.JSONField(default=list)
    follows_by = models.DateTimeField(null=True)
    reason_for_delay = models.TextField(blank=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, related_name="+")
    #: The authority as it was called when this left.
    sent_to = models.TextField(blank=True)
    how = models.TextField(blank=True)
    #: The number under which the authority took it.
    receipt = models.TextField(blank=True)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(null=True)
    salt = models.BinaryField(default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["breach", "phase"], name="phases_are_counted"),
            models.UniqueConstraint(
                fields=["breach"], name="one_report_is_written_at_a_time", condition=Q(sent_at=None)
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | (~Q(sent_to="") & ~Q(how="") & ~Q(nature="") & ~Q(contact="")),
                name="a_sent_report_says_what_to_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(to_follow=[]) | Q(follows_by__isnull=False),
                name="what_is_to_follow_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(people_count=None) | Q(people_count__gte=0), name="no_fewer_people_than_none"
            ),
            models.CheckConstraint(
                condition=Q(records_count=None) | Q(records_count__gte=0), name="no_fewer_records_than_none"
            ),
        ]


class PeopleLetter(models.Model):
    """What the people concerned are to be told (GDPR 34(2)), while it is written and once it is sent as a notice."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="letters")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="+")
    #: By language: subject, nature, contact, consequences, measures, advice.
    texts = models.JSONField(default=dict)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["breach"], name="one_letter_is_written_at_a_time", condition=Q(sent_at=None)
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(notice__isnull=False), name="what_people_were_told_is_a_notice"
            ),
        ]

"""Incidents, their timelines, causes and measures, and the watch that they do not come back."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from troth.people.models import Staff, Team
from troth.promises.models import Promise
from troth.words.causes import Cause
from troth.words.refs import ref


class Sort(models.TextChoices):
    OUTAGE = "outage"
    LATE = "late"
    QUALITY = "quality"
    FEES = "fees"
    SAFETY = "safety"
    #: Fewer people than are needed: answers will take longer.
    CAPACITY = "capacity"
    #: Personal data got out; the room of breaches knows more.
    DATA = "data"
    OTHER = "other"


class Severity(models.TextChoices):
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class State(models.TextChoices):
    OPEN = "open"
    #: Mended, and watched: it may come back.
    WATCHING = "watching"
    #: Told to have ended, and nothing is watched (any more).
    ENDED = "ended"


class Incident(models.Model):
    """What went wrong. While it is open there is a promise of the next word, and its end is told before it is ended."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.TextField()
    sort = models.TextField(choices=Sort.choices)
    severity = models.TextField(choices=Severity.choices, default=Severity.MAJOR)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    #: What it is about, as recurrences are found by it.
    cause = models.TextField(choices=[(cause.value, cause.value) for cause in Cause], blank=True)
    product = models.TextField(blank=True)
    place = models.TextField(blank=True)
    #: Names of components on the page of how things stand (`status`).
    components = models.JSONField(default=list)
    #: It stands on the public page.
    is_public = models.BooleanField(default=False)
    #: When it began to be so; told apart from when it was said.
    happened_at = models.DateTimeField()
    #: The first complaint about it, from which the time to acknowledge is measured; empty where nobody complained first.
    first_signal_at = models.DateTimeField(null=True)
    #: "message:5", that first complaint.
    first_signal = models.TextField(blank=True)
    aware_at = models.DateTimeField()
    #: When we first said so to those affected or in public.
    said_at = models.DateTimeField(null=True)
    #: When it was over, and when that was told.
    ended_at = models.DateTimeField(null=True)
    end_said_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="incidents", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, db_index=False)
    #: The promise of the next word.
    next_word = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: The incident of which this one is the second time.
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="recurrences", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="incident_sort_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="incident_state_is_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="incident_severity_is_known"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(next_word__isnull=False), name="an_open_incident_promises_the_next_word"
            ),
            models.CheckConstraint(
                condition=Q(said_at=None) | Q(said_at__gte=F("happened_at")), name="nothing_is_said_before_it_happened"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ended_at__isnull=False, end_said_at__isnull=False),
                name="an_ending_is_told",
            ),
        ]
        indexes = [
            models.Index(fields=["-aware_at", "-id"], name="incident_newest"),
            models.Index(fields=["id"], name="incident_open", condition=Q(state="open")),
            models.Index(fields=["id"], name="incident_public", condition=Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> str:
        """As other rooms name it."""
        return ref("incident", self.pk)


class Entry(models.Model):
    """A line of the timeline, with its two times. Changed words are a new row; the old one stays to be read.

    The database refuses to change or delete one (migration `entries_never_change`).
    """

    class Kind(models.TextChoices):
        BEGAN = "began"
        UPDATE = "update"
        ENDED = "ended"
        PREVENTED = "prevented"
        HELD = "held"
        RECURRED = "recurred"
        #: For staff alone.
        NOTE = "note"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    words = models.TextField()
    happened_at = models.DateTimeField()
    said_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: The row whose words this one changed; shown with it for ever.
    changes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="changed_by")
    #: It stands on the public page.
    in_public = models.BooleanField(default=False)
    #: The notices in which those affected were told, one for each cohort.
    notices = ArrayField(models.BigIntegerField(), default=list)
    #: Why it is told to nobody, in a person's words; empty where it is told.
    untold = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["began", "update", "ended", "prevented", "held", "recurred", "note"]),
                name="entry_kind_is_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind="note") & Q(in_public=False, notices=[]))
                | (~Q(kind="note") & (Q(in_public=True) | ~Q(notices=[]) | ~Q(untold=""))),
                name="what_is_said_is_told_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(said_at__gte=F("happened_at")), name="no_entry_is_said_before_it_happened"
            ),
        ]
        indexes = [models.Index(fields=["incident", "said_at", "id"], name="entry_of_incident")]

    def __str__(self) -> str:
        return self.words

    @property
    def is_told(self) -> bool:
        """Somebody outside could read it."""
        return self.in_public or bool(self.notices)


class Draft(models.Model):
    """What somebody is about to say of an incident: kept while it is typed, until it is sent or thrown away.

    Each writer has their own, so that nobody's words are written over; a colleague may have to read it before it leaves.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    kind = models.TextField(choices=Entry.Kind.choices)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: By five fields; else as one text.
    guided = models.BooleanField(default=True)
    #: In the order in which they were written, the first for whoever has no other's: {"language", "subject", "words" and the fields}.
    texts = models.JSONField(default=list)
    in_public = models.BooleanField(default=False)
    cohorts = ArrayField(models.BigIntegerField(), default=list)
    untold = models.TextField(blank=True)
    happened_at = models.DateTimeField(null=True)
    next_word_at = models.DateTimeField(null=True)
    #: A colleague reads it before it leaves.
    needs_second = models.BooleanField(default=False)
    proposed_at = models.DateTimeField(null=True)
    #: What the colleague who gave it back says.
    given_back = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "by"], name="one_draft_of_an_incident_each", condition=Q(sent_at=None)
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, entry=None) | Q(sent_at__isnull=False, entry__isnull=False),
                name="what_is_sent_is_a_line",
            ),
        ]


class RootCause(models.Model):
    """Why it happened; each saving is a version, the newest holds.

    The database refuses to change or delete one (migration `prevention`).
    """

    class Way(models.TextChoices):
        FIVE_WHYS = "five_whys"
        FISHBONE = "fishbone"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="root_causes")
    way = models.TextField(choices=Way.choices)
    #: Answers to five whys in their order, or the branches of the fishbone by name.
    plain = models.JSONField()
    #: In one sentence.
    words = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    found_at = models.DateTimeField()


class Audience(models.TextChoices):
    """Whom a measure or a watch is promised to."""

    PUBLIC = "public"
    #: Those who were told of the incident: it stands on their pages, and on nobody else's.
    HURT = "hurt"


class Measure(models.Model):
    """A corrective or preventive action, with an owner and a date; it is a promise.

    Its promise has no customer: made to the public or to those hurt, it is one promise to many, seen by whom *audience* says.
    """

    class Sort(models.TextChoices):
        CORRECTIVE = "corrective"
        PREVENTIVE = "preventive"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="measures")
    sort = models.TextField(choices=Sort.choices)
    audience = models.TextField(choices=Audience.choices, default=Audience.PUBLIC)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class Watch(models.Model):
    """Until when it is watched that it does not happen again, and by what a recurrence is known. It is a promise.

    Watched for longer, it is promised anew: `promise` is the last one, those before it stay owed until their own days.
    """

    class State(models.TextChoices):
        WATCHING = "watching"
        #: Over, and it has not come back.
        HELD = "held"
        BROKEN = "broken"
        #: Called off by a person, with a reason.
        CALLED_OFF = "called_off"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="watches")
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.WATCHING)
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    audience = models.TextField(choices=Audience.choices, default=Audience.PUBLIC)
    cause = models.TextField(blank=True)
    product = models.TextField(blank=True)
    place = models.TextField(blank=True)
    #: Up to which place in the ledger's order it was looked: there nothing that is committed late is passed over.
    looked_up_to = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("begun_at")), name="a_watch_takes_time"),
            models.UniqueConstraint(fields=["incident"], name="one_watch_at_a_time", condition=Q(state="watching")),
        ]
        indexes = [models.Index(fields=["until"], name="watch_under_way", condition=Q(state="watching"))]


class Recurrence(models.Model):
    """A case that may be, or is, the same thing once more."""

    class State(models.TextChoices):
        FOUND = "found"
        #: A person says it is; for a few seconds they can take that back, for what follows cannot be undone.
        SAID = "said"
        CONFIRMED = "confirmed"
        #: A person says it is something else.
        DISMISSED = "dismissed"

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="recurrences")
    #: "case:12", and "message:30", the words in it by which it was found; empty where a person said so.
    case = models.TextField()
    message = models.TextField(blank=True)
    #: By what, as `rules.recurring.Reason` has it: "cause product", "cause similar", "hand".
    why = models.TextField()
    #: How like the words are, 0 to 1; empty where it was not measured.
    likeness = models.FloatField(null=True)
    #: Enough that a person is asked at once, on Today.
    is_strong = models.BooleanField(default=False)
    state = models.TextField(choices=State.choices, default=State.FOUND)
    found_at = models.DateTimeField()
    #: Why the promise could not be kept, where whoever confirmed it said so.
    miss_reason = models.TextField(blank=True)
    #: When its customer joined those who were hurt before, and are told.
    joined_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["watch", "case"], name="a_case_recurs_once_a_watch"),
            models.CheckConstraint(
                condition=Q(state="found", decided_at=None) | (~Q(state="found") & Q(decided_at__isnull=False)),
                name="what_is_decided_says_when",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="recurrence_to_decide", condition=Q(state__in=["found", "said"]))]

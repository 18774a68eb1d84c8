"""Cohorts and their members; notices, and the evidence that each member was told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from troth.people.models import Customer, Staff


class Cohort(models.Model):
    """Those whom something concerns: conditions, and who met them at the moment it was frozen.

    Frozen, it is evidence: members are never taken out or changed then, late joiners are added and marked as such.
    """

    #: "incident:3", what they are affected by.
    about = models.TextField()
    name = models.TextField(blank=True)
    #: What `rules.conditions.Conditions.to_plain` wrote.
    conditions = models.JSONField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    #: SHA-256 over the members as they were frozen, in their order (`rules.frozen`); empty until then.
    digest = models.TextField(blank=True)
    #: How many members were frozen.
    count = models.IntegerField(default=0)
    #: Members up to this number were frozen; those beyond it joined late.
    frozen_to = models.BigIntegerField(default=0, db_default=0)
    #: Whoever meets the conditions later is added and told, until this moment; empty where nobody is.
    joins_until = models.DateTimeField(null=True)
    #: When late joiners were last looked for.
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_at=None, digest="") | (Q(frozen_at__isnull=False) & ~Q(digest="")),
                name="what_is_frozen_has_a_digest",
            ),
        ]
        indexes = [
            models.Index(fields=["about", "id"], name="cohort_about"),
            models.Index(fields=["looked_at"], name="cohort_joined", condition=Q(joins_until__isnull=False)),
        ]


class Standing(models.TextChoices):
    """How somebody belongs to a cohort."""

    IN = "in"
    LATE = "late"  # met the conditions only after it was frozen
    EXCLUDED = "excluded"  # by a person, with a reason


class Member(models.Model):
    """One of a cohort, and why."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="members", db_index=False)
    #: Empty for an address from an uploaded list that is no customer's.
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: As uploaded; for customers their handles are read when they are told.
    address = models.TextField(blank=True)
    #: Stands for the address in the digest (`rules.frozen`), under a salt that goes when the person is forgotten.
    salt = models.BinaryField(default=bytes, db_default=b"")
    mark = models.TextField(blank=True, db_default="")
    name = models.TextField(blank=True)
    #: Which conditions they met by what: "order:12 case:7"; references alone.
    why = models.TextField(blank=True)
    standing = models.TextField(choices=Standing.choices, default=Standing.IN)
    #: Why they are not told, in a person's words, and who says so.
    reason = models.TextField(blank=True)
    excluded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    excluded_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="standing_of_member_is_known"),
            models.CheckConstraint(
                condition=~Q(standing="excluded") | (~Q(reason="") & Q(excluded_at__isnull=False)),
                name="who_is_left_out_is_so_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["cohort", "customer"], name="a_customer_is_a_member_once", condition=Q(customer__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["cohort", "address"],
                name="an_address_is_a_member_once",
                condition=Q(customer=None) & ~Q(address=""),
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | ~Q(mark=""), name="a_member_is_a_customer_or_an_address"
            ),
            models.CheckConstraint(
                condition=Q(why__regex=r"^([a-z_]+(:[0-9]+)?( [a-z_]+(:[0-9]+)?)*)?$"), name="why_is_told_by_reference"
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "id"], name="member_of_cohort"),
            models.Index(fields=["address"], name="member_address", condition=~Q(address="")),
            models.Index(fields=["customer"], name="member_customer", condition=Q(customer__isnull=False)),
        ]


class Upload(models.Model):
    """A list of people that somebody handed in: a file of numbers, addresses or orders, line by line."""

    name = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    #: SHA-256 of the file, by which the same one is known again.
    digest = models.TextField()
    #: Lines that name a customer, an address that is nobody's yet, somebody named before, and nobody.
    known = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    doubled = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="upload_newest")]


class Line(models.Model):
    """A line of an uploaded list, and whom it names."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.IntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    #: A mail address that was no customer's when it was uploaded.
    address = models.TextField(blank=True)
    name = models.TextField(blank=True)
    #: What stood there, where it is nobody we can find, and a word of ours for why.
    said = models.TextField(blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="a_line_is_read_once")]
        indexes = [
            models.Index(fields=["customer"], name="line_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["address"], name="line_address", condition=~Q(address="")),
            models.Index(fields=["upload", "number"], name="line_wrong", condition=~Q(problem="")),
        ]


class Sort(models.TextChoices):
    """What a notice tells."""

    BEGAN = "began"
    UPDATE = "update"
    ENDED = "ended"
    #: What was done so that it does not happen again, and how long it is watched.
    PREVENTED = "prevented"
    #: The watch is over, and it has not come back.
    HELD = "held"
    RECURRED = "recurred"
    BREACH = "breach"
    REMEDY = "remedy"


class State(models.TextChoices):
    DRAFT = "draft"
    #: Written, and waits for a second pair of eyes.
    PROPOSED = "proposed"
    SENDING = "sending"
    PAUSED = "paused"
    #: Every recipient's turn has come; late joiners may follow still.
    DONE = "done"
    STOPPED = "stopped"


class Notice(models.Model):
    """What everybody in a cohort is told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: "incident:3", what it is about.
    about = models.TextField()
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="notices")
    sort = models.TextField(choices=Sort.choices)
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    #: It is owed to them (service, safety, breach): nobody's wish for no marketing hides it.
    is_duty = models.BooleanField(default=True)
    #: When what it tells of was so; the other time is `sent_at`.
    happened_at = models.DateTimeField()
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    #: Whether a second person must have read it, and who did.
    needs_second = models.BooleanField(default=False)
    second_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    second_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    #: Up to which member recipients were made.
    made_up_to = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    #: Letters a minute to one domain; 0 for as many as go.
    per_domain = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=Sort.values), name="notice_sort_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="notice_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"]) | Q(sent_at__isnull=False) | Q(state="stopped"),
                name="what_is_being_sent_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(sent_at=None) | Q(second_at__isnull=False),
                name="nothing_leaves_that_wants_a_second_reader",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=models.F("written_by")),
                name="the_second_reader_is_another",
            ),
        ]
        indexes = [
            models.Index(fields=["about", "id"], name="notice_about"),
            models.Index(fields=["id"], name="notice_sending", condition=Q(state="sending")),
        ]


class Text(models.Model):
    """A notice in one language; fixed once it is sent."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="texts")
    #: "en"; the first written is who has no other's.
    language = models.TextField()
    subject = models.TextField()
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "language"], name="a_notice_has_one_text_a_language")]


class Told(models.TextChoices):
    """How far the telling of one member has come."""

    WAITING = "waiting"
    QUEUED = "queued"  # its letter waits to leave, or is leaving
    ACCEPTED = "accepted"  # by the mail server that takes letters for the address
    BOUNCED = "bounced"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"  # no address is left to try: stands on the list of letters by hand
    BY_HAND = "by_hand"  # a letter on paper, or a call, by a person


class Recipient(models.Model):
    """One member's being told of one notice: the evidence."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="recipients", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="told", db_index=False)
    state = models.TextField(choices=Told.choices, default=Told.WAITING)
    #: Which carrier, by name.
    carrier = models.TextField(default="email")
    address = models.TextField(blank=True)
    #: The part behind the @, by which they are throttled.
    domain = models.TextField(blank=True)
    letter_id = models.BigIntegerField(null=True)
    #: How many addresses were tried.
    tries = models.IntegerField(default=0)
    #: Those that did not work, and how each ended.
    tried = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    #: What a person noted about telling them by hand, and who.
    note = models.TextField(blank=True)
    noted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "member"], name="each_member_is_told_once"),
            models.CheckConstraint(condition=Q(state__in=Told.values), name="telling_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(letter_id__isnull=False), name="what_is_queued_has_a_letter"
            ),
        ]
        indexes = [
            models.Index(fields=["notice", "state", "id"], name="recipient_of_notice"),
            models.Index(fields=["notice", "domain", "id"], name="recipient_waiting", condition=Q(state="waiting")),
            models.Index(fields=["notice", "told_at"], name="recipient_told", condition=Q(told_at__isnull=False)),
            models.Index(fields=["letter_id"], name="recipient_letter", condition=Q(letter_id__isnull=False)),
            models.Index(fields=["member"], name="recipient_member"),
        ]

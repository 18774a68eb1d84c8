"""Cases, their messages and attachments, replies on their way, and templates."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, Upper

from troth.cases.rules.checks import Check
from troth.cases.rules.corrections import Field
from troth.people.models import Customer, Handle, Key, Staff, Team
from troth.words.causes import Cause


class Case(models.Model):
    class Kind(models.TextChoices):
        ENQUIRY = "enquiry"
        COMPLAINT = "complaint"
        SUGGESTION = "suggestion"
        COMPLIMENT = "compliment"

    class Status(models.TextChoices):
        OPEN = "open"
        #: Waits for the customer.
        WAITING = "waiting"
        RESOLVED = "resolved"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    subject = models.TextField(blank=True)
    kind = models.TextField(choices=Kind.choices, default=Kind.ENQUIRY)
    #: Somebody set it, so that what is read in its messages changes it no more.
    kind_by_hand = models.BooleanField(db_default=False)
    cause_by_hand = models.BooleanField(db_default=False)
    cause = models.TextField(choices=[(cause.value, cause.value) for cause in Cause], blank=True)
    status = models.TextField(choices=Status.choices, default=Status.OPEN)
    channel = models.TextField(default="email")
    emotion = models.TextField(blank=True)
    urgency = models.TextField(blank=True)
    assignee = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="cases")
    #: The team's rule made them the owner, so that it may choose another; what a person decided stays.
    given_by_rule = models.BooleanField(db_default=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    #: The oldest message nobody has answered; empty when all are.
    unanswered_since = models.DateTimeField(null=True)
    #: By when an answer is due by our own target: the end of its clock.
    answer_by = models.DateTimeField(null=True)
    #: By when the customer was told to expect it, and from what that was drawn: {"by", "n", "basis"}; NULL where nothing was told.
    told = models.JSONField(null=True)
    #: Who put it aside (rules/snooze.py), and until when: NULL beside a name is until the customer writes.
    snoozed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    #: The earlier case of the same customer and cause, soon before this one (rules/again.py); and which one staff said it is not.
    again_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    not_again_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    #: Something in it was said where others can read it.
    is_public = models.BooleanField(db_default=False)
    #: The mail's sender could not be verified, and which case it seems to belong to.
    unverified = models.BooleanField(default=False)
    seems_to_be = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    #: The case for the cause that this one shares with others; staff alone see it, for behind it stand other customers.
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False)
    #: It holds what nobody outside may see, such as a code to sign in: on no customer's page, whoever the customer is.
    for_staff_only = models.BooleanField(db_default=False)
    imported = models.BooleanField(default=False)
    #: The conversation's id at its source, for imports.
    outside_id = models.TextField(null=True, unique=True)  # noqa: DJ001 -- NULL, as many cases have none and "" would clash

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "waiting", "resolved"]), name="case_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["enquiry", "complaint", "suggestion", "compliment"]),
                name="case_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(snoozed_until=None) | models.Q(snoozed_by__isnull=False),
                name="somebody_put_it_aside",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")), name="no_case_is_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="case_latest"),
            models.Index(fields=["status", "-last_message_at", "-id"], name="case_by_status"),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(
                fields=["answer_by", "id"],
                name="case_unanswered",
                condition=models.Q(unanswered_since__isnull=False),
            ),
            models.Index(fields=["assignee", "status"], name="case_of_assignee"),
            models.Index(
                fields=["answer_by", "id"],
                name="case_again_unanswered",
                condition=models.Q(again_of__isnull=False, unanswered_since__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until"], name="case_snoozed", condition=models.Q(snoozed_until__isnull=False)
            ),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="case_subject_words"),
            # What lists are filtered by, where it is rare: what most cases have is found by walking the latest.
            models.Index(fields=["opened_at", "id"], name="case_oldest"),
            models.Index(fields=["answer_by", "id"], name="case_by_due"),
            models.Index(
                fields=["parent", "-last_message_at", "-id"],
                name="case_of_parent",
                condition=models.Q(parent__isnull=False),
            ),
            models.Index(
                fields=["team", "-last_message_at", "-id"], name="case_by_team", condition=models.Q(team__isnull=False)
            ),
            models.Index(
                fields=["cause", "-last_message_at", "-id"], name="case_by_cause", condition=~models.Q(cause="")
            ),
            models.Index(
                fields=["emotion", "-last_message_at", "-id"], name="case_by_emotion", condition=~models.Q(emotion="")
            ),
            models.Index(
                fields=["urgency", "-last_message_at", "-id"],
                name="case_by_urgency",
                condition=models.Q(urgency__in=["high", "critical"]),
            ),
            models.Index(
                fields=["channel", "-last_message_at", "-id"],
                name="case_by_channel",
                condition=~models.Q(channel="email"),
            ),
            # As promises name what they are about: from few of them to their cases.
            models.Index(
                Concat(models.Value("case:"), Cast("id", models.TextField()), output_field=models.TextField()),
                name="case_named",
            ),
            models.Index(fields=["-last_message_at", "-id"], name="case_public", condition=models.Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return self.subject or f"Case {self.pk}"


#: What read a message; empty if nothing did.
READ_BY = Coalesce(KT("reading__version"), models.Value(""), output_field=models.TextField())


class Message(models.Model):
    """One thing said: by the customer, to the customer, or among staff."""

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        NOTE = "note"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    direction = models.TextField(choices=Direction.choices)
    channel = models.TextField(default="email")
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, null=True)
    #: What is new in it, as plain text.
    text = models.TextField(blank=True)
    #: What it repeats of earlier messages, and the signature.
    quoted = models.TextField(blank=True)
    #: Cleaned by the strict list; shown only in a sandboxed frame.
    html = models.TextField(blank=True)
    message_id = models.TextField(blank=True)
    #: "arrival:7" for what came in, "letter:9" for what went out.
    source = models.TextField(blank=True)
    #: The sender is who the mail says.
    verified = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    #: What was read in it (cases.rules.kept).
    reading = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction__in=["inbound", "outbound", "note"]), name="message_direction_is_known"
            ),
            models.UniqueConstraint(fields=["source"], name="one_message_a_source", condition=~models.Q(source="")),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="message_of_case"),
            models.Index(fields=["message_id"], name="message_id", condition=~models.Q(message_id="")),
            models.Index(READ_BY, "id", name="message_read_by", condition=models.Q(direction="inbound")),
        ]


class Correction(models.Model):
    """What somebody said of one field of a message's reading: that it is right, or what it is instead.

    Never changed but for its end. What was read stands beside it as it was then, whatever reads the message later.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="corrections")
    field = models.TextField(choices=[(field.value, field.value) for field in Field])
    #: What was read, surest first: value and confidence of each.
    read = models.JSONField()
    #: What read it.
    version = models.TextField(blank=True)
    #: What it is: the values, none if there is nothing of the kind.
    said = models.JSONField()
    #: The message was drawn at random to be looked at, not come across.
    drawn = models.BooleanField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: Until when it held: it was replaced or undone then.
    until = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: What it took the place of, and what holds again if it is undone.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "field"], name="one_word_holds_of_a_field", condition=models.Q(until=None)
            ),
            models.CheckConstraint(
                condition=models.Q(undone_by=None) | models.Q(until__isnull=False), name="what_is_undone_has_ended"
            ),
        ]

    @property
    def values_read(self) -> tuple[str, ...]:
        return tuple(found["value"] for found in self.read)


class Learned(models.Model):
    """What the corrections up to a moment taught. At most one is in use; what is not stays, so that it can be gone back to."""

    #: The same corrections give the same version.
    version = models.TextField(unique=True)
    #: What `reading.Learned` wrote.
    plain = models.JSONField()
    corrections = models.IntegerField()
    #: How often the corrected value was read without and with it, on corrections held back: before, after, n; and by field.
    comparison = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_on"], name="one_is_in_use", condition=models.Q(is_on=True)),
        ]


class Rereading(models.Model):
    """A round in which messages are read anew. What is left to do the messages themselves tell; this tells how far it is."""

    #: The version that all of them are to be read by.
    version = models.TextField()
    total = models.IntegerField()
    read = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], name="one_round_a_version", condition=models.Q(ended_at=None)),
        ]


class Blob(models.Model):
    """Bytes by their digest, kept once however often they were sent."""

    digest = models.TextField(primary_key=True)
    content = models.BinaryField()


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    name = models.TextField()
    content_type = models.TextField()
    size = models.BigIntegerField()
    #: What its own first bytes say it is (cases.rules.sniffed); empty where it is only offered, never shown.
    seen_as = models.TextField(blank=True, db_default="")
    #: What the letter's HTML calls it (RFC 2392), where it stands in its words.
    content_id = models.TextField(blank=True, db_default="")


class Reply(models.Model):
    """An answer on its way: a draft, held for a few seconds, sent, or stopped because something new arrived."""

    class State(models.TextChoices):
        DRAFT = "draft"
        HELD = "held"
        SENT = "sent"
        STOPPED = "stopped"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    #: The key through which a program wrote it for them.
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True)
    #: A draft of an internal note, not of an answer.
    is_note = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    #: What staff answered about each promise found in the text (cases.rules.gate.Answer, plain).
    answers = models.JSONField(default=list)
    #: Written with the small marks for bold, lists and links, so that it goes out as HTML too.
    rich = models.BooleanField(default=False)
    status_after = models.TextField(default="waiting")
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    #: The newest message the writer had seen.
    seen_message = models.BigIntegerField(default=0)
    leaves_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    problem = models.TextField(blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True)
    #: How it stood with each check when it was sent (cases.rules.checks.plain); empty where none were made.
    checks = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "staff", "is_note"],
                name="one_draft_a_writer",
                condition=models.Q(state__in=["draft", "stopped"]),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | models.Q(leaves_at__isnull=False), name="what_is_held_leaves"
            ),
        ]
        indexes = [
            models.Index(fields=["leaves_at"], name="reply_held", condition=models.Q(state="held")),
        ]


class SavedView(models.Model):
    """A choice of cases under a name: somebody's own, or shared with a team."""

    name = models.TextField()
    #: Whose own it is; of a shared one, who made it.
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: Whose members all have it; empty where it is somebody's own.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    #: The filters and the order (cases.rules.filters.Filters, plain).
    filters = models.JSONField(default=dict)
    place = models.IntegerField()
    made_at = models.DateTimeField()
    #: When it was taken away; until it is swept it can be brought back.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="a_view_has_a_name")]
        indexes = [
            models.Index(fields=["staff", "place"], name="view_of_staff"),
            models.Index(fields=["team", "place"], name="view_of_team", condition=models.Q(team__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class BulkAct(models.Model):
    """The same done to many cases at once. What is left to do its steps tell; this tells what was wanted, and by whom."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: Field and value of each change (cases.rules.bulk.Changes, plain).
    changes = models.JSONField()
    total = models.IntegerField()
    at = models.DateTimeField()
    undo_at = models.DateTimeField(null=True, help_text="When somebody asked for it to be undone.")

    class Meta:
        indexes = [models.Index(fields=["staff", "-at"], name="bulk_act_of_staff")]


class BulkStep(models.Model):
    """One case of many: what it was before, and what became of the change."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        #: It was so already.
        SAME = "same"
        #: It could not be changed; `reason` says why.
        REFUSED = "refused"
        UNDOING = "undoing"
        UNDONE = "undone"
        #: Asked to be undone, but somebody has changed it since, or nothing of it can be taken back.
        LEFT = "left"

    act = models.ForeignKey(BulkAct, on_delete=models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    #: By field, what the case was, and what it was made.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    #: How many facts there were of the case when it was done.
    facts = models.IntegerField(default=0)
    #: Which of the closed list of reasons (cases.rules.bulk.Why).
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "case"], name="one_step_a_case")]
        indexes = [
            models.Index(fields=["id"], name="bulk_step_due", condition=models.Q(state__in=["waiting", "undoing"])),
        ]


class BulkAnswer(models.Model):
    """One text for all customers of one cause, filled in for each; first looked at, then sent."""

    parent = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: With `{name}` and the like, as it was written.
    text = models.TextField()
    #: What the writer said of the promises in it (cases.rules.gate.Answer, plain).
    answers = models.JSONField(default=list)
    status_after = models.TextField(default="waiting")
    made_at = models.DateTimeField()
    #: When it began to leave; empty while it is only looked at.
    sent_at = models.DateTimeField(null=True)
    #: When the rest was stopped.
    stopped_at = models.DateTimeField(null=True)


class BulkReply(models.Model):
    """One customer's part of it: their own text, and the reply that it became."""

    class State(models.TextChoices):
        #: Looked at; leaves when all is sent.
        READY = "ready"
        #: A fact is missing, or the gate is shut: it does not leave with the others.
        HELD_BACK = "held_back"
        #: The writer took it out.
        LEFT_OUT = "left_out"
        WAITING = "waiting"
        #: The reply stands, on its way or sent.
        WRITTEN = "written"
        #: Something came between: it was not written.
        REFUSED = "refused"

    answer = models.ForeignKey(BulkAnswer, on_delete=models.PROTECT, related_name="parts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=State.choices)
    text = models.TextField(blank=True)
    #: The newest message that was there when it was looked at.
    seen_message = models.BigIntegerField(default=0)
    #: Why it is held back or was refused; a word of ours, and what of the text it is about.
    reason = models.TextField(blank=True)
    about = models.TextField(blank=True)
    reply = models.OneToOneField(Reply, on_delete=models.SET_NULL, null=True, related_name="bulk")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "case"], name="one_part_a_case"),
            models.CheckConstraint(
                condition=models.Q(state="written") | models.Q(reply=None), name="only_what_is_written_has_a_reply"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="bulk_reply_due", condition=models.Q(state="waiting"))]


class ReplyFile(models.Model):
    """A file that waits to go out: with the words its writer is at, or with a reply that is held.

    It stands beside the draft and not in it, for a file may be there before the first word.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    #: The key through which a program put it in; what it sends leaves alone what its person is writing.
    key = models.ForeignKey(Key, on_delete=models.PROTECT, null=True, related_name="+")
    #: The held reply it goes with.
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    seen_as = models.TextField(blank=True)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()
    #: It was taken out, and can be put back for a while.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reply=None) | models.Q(removed_at=None), name="what_was_removed_goes_nowhere"
            ),
        ]


class Dismissal(models.Model):
    """A check that somebody waved off while writing in this case: it is not shown to them there again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    check_name = models.TextField(choices=[(check.value, check.value) for check in Check])
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "staff", "check_name"], name="one_dismissal_a_check"),
        ]


class MachineWords(models.Model):
    """What a machine drafted and somebody put into an answer: the gate asks them about each promise in it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "staff"], name="machine_words_of_case")]


class Template(models.Model):
    """Words staff begin with; `{name}` and `{case}` are filled in."""

    name = models.TextField(unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Who has a case open right now, and who is writing in it.

    Beaten into by open pages every few seconds and gone with them, so the table is unlogged and has no keys into others: a
    page that is looked at may hold up no letter that comes into its case. Nothing of it is in the ledger.
    """

    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    seen_at = models.DateTimeField()
    #: What they write: an answer ("reply") or a "note"; and when they last did.
    writes = models.TextField(blank=True)
    wrote_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="once_in_a_case")]


class Mention(models.Model):
    """Somebody is called to a case: named in a note, or because what they put aside is back.

    It stands on their Today until they have seen it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    #: The note that names them; none where a case they put aside is back.
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="mentions")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "staff"], name="named_once_in_a_note")]
        indexes = [
            models.Index(fields=["staff", "at"], name="mention_unseen", condition=models.Q(seen_at__isnull=True)),
        ]


class HandOver(models.Model):
    """What one who is away had that falls due, handed to somebody else in one go, so that it can be handed back."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: The numbers of the cases and promises that changed hands.
    cases = models.JSONField(default=list)
    promises = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)


class Expected(models.Model):
    """How much open time nearly all first answers of the last weeks took, in one circle of cases; measured anew by the worker."""

    #: Empty for every kind.
    kind = models.TextField(blank=True)
    #: Of the day (clocks.rules.expect.PARTS); none for all of it.
    part = models.SmallIntegerField(null=True)
    span = models.DurationField()
    n = models.IntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "part"], name="one_expectation_a_circle", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'all'} {self.span}"

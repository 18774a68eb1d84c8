"""The company, its hours, its staff and teams; customers, their handles, and the links that open their page."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from troth.people.rules.assigns import Assigns
from troth.people.rules.roles import Factors, May, Role, allowed
from troth.words.hours import Hours
from troth.words.refs import ref


class Company(models.Model):
    """The one company this installation serves."""

    name = models.TextField()
    calendar = models.ForeignKey("Calendar", on_delete=models.PROTECT)
    #: This is the sample that the first start shows; `troth sample remove` takes it away whole.
    is_sample = models.BooleanField(default=False)
    #: Who cannot work here without a second factor.
    factors = models.TextField(
        choices=[(who.value, who.name.title()) for who in Factors], default=Factors.NOBODY, db_default=Factors.NOBODY
    )

    #: Letters that make or move a promise carry its receipt.
    encloses_receipts = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_company"),
            models.CheckConstraint(condition=models.Q(factors__in=list(Factors)), name="factors_are_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """Working hours under a name; the plain form of `words.hours.Hours`."""

    name = models.TextField(unique=True)
    plain = models.JSONField()

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        return Hours.from_plain(self.plain)


class Team(models.Model):
    name = models.TextField(unique=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True)
    #: Whether an honest heads-up goes out by itself where nobody acted.
    heads_up_by_itself = models.BooleanField(default=True)
    #: What it looks after is seen by its members, by admins and by auditors only (people.rules.sight).
    is_closed = models.BooleanField(default=False, db_default=False)
    #: How what comes to it gets an owner (cases.rules.giving): by hand, in turn, or to whoever has least to do.
    assigns = models.TextField(
        choices=[(way.value, way.value) for way in Assigns], default=Assigns.HAND, db_default="hand"
    )
    #: What its members write to many is read by a second person before it is sent.
    notices_want_second = models.BooleanField(default=False, db_default=False)
    #: What comes in without a team comes here first.
    takes_new = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["takes_new"], name="new_cases_come_to_one_team", condition=models.Q(takes_new=True)
            ),
            models.CheckConstraint(condition=models.Q(assigns__in=list(Assigns)), name="team_assigns_a_known_way"),
        ]

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, email: str, password: str | None = None, **values: Any) -> Staff:
        staff = self.model(email=self.normalize_email(email).lower(), **values)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Somebody who works here and signs in."""

    email = models.EmailField(unique=True, max_length=254)
    name = models.TextField()
    role = models.TextField(choices=[(role.value, role.name.title()) for role in Role], default=Role.AGENT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    zone = models.TextField(default="UTC")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    #: A second factor, or any way to sign in, is still to be set up: every door leads there first.
    owes_factor = models.BooleanField(default=False, db_default=False)
    #: Away between these; what comes meanwhile is given to others.
    away_from = models.DateTimeField(null=True)
    away_until = models.DateTimeField(null=True)
    #: When a team's rule gave them a case last.
    given_at = models.DateTimeField(null=True)

    objects = StaffManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="staff_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(away_from=None, away_until=None) | models.Q(away_from__lt=models.F("away_until")),
                name="who_is_away_comes_back",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    #: The key through which a program acts for them in this request; a person at a page acts through none.
    through_key: int | None = None

    def is_away(self, now: datetime) -> bool:
        return self.away_from is not None and self.away_until is not None and self.away_from <= now < self.away_until

    def may(self, may: May) -> bool:
        return self.is_active and allowed(self.role, may)

    @property
    def reference(self) -> str:
        """Who acts, as a fact's `by` names it."""
        return ref("key", self.through_key) if self.through_key else ref("staff", self.pk)


class Invite(models.Model):
    """Somebody may make one account, once, for some days. The first admin's has no address: the host hands it over."""

    address = models.TextField(blank=True)
    role = models.TextField(choices=[(role.value, role.name.title()) for role in Role])
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    #: Random, 128 bits; what the signature covers beside the id. Sending it again makes another.
    nonce = models.TextField(unique=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    #: Who came of it.
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(withdrawn_at=None, taken_at=None),
                name="one_standing_invite_for_an_address",
            ),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="invite_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.address


class Customer(models.Model):
    """A person or organisation we deal with.

    `root` is the customer this one was merged into, or itself: every question about a person asks for all rows with
    their root, and every row elsewhere keeps the customer it came from.
    """

    name = models.TextField(blank=True)
    #: Random; the only name a customer has outside the database.
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="family")
    zone = models.TextField(blank=True)
    #: A name the company has for customers of this sort, such as "vip": which targets they have may depend on it.
    group = models.TextField(blank=True, db_default="")
    met_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    #: When they were forgotten. The row stays, so that what was promised to somebody is still counted.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["root"], name="customer_family"),
            models.Index(fields=["id"], name="customer_erased", condition=models.Q(erased_at__isnull=False)),
            models.Index(fields=["-met_at", "-id"], name="customer_newest"),
            models.Index(fields=["group", "id"], name="customer_group", condition=~models.Q(group="")),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="customer_name_words"),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return _("Erased (%(number)s)") % {"number": self.pk}
        return self.name or f"Customer {self.pk}"

    @property
    def root_pk(self) -> int:
        return self.root_id or self.pk


class Handle(models.Model):
    """A way a customer reaches us: an address, a number, a social name."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        SOCIAL = "social"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="handles")
    kind = models.TextField(choices=Kind.choices)
    address = models.TextField()
    #: When the owner of the address proved to be its owner (a reply with a token, a signed mail).
    verified_at = models.DateTimeField(null=True)
    #: Letters to it bounced.
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "address"], name="handle_belongs_to_one_customer"),
        ]
        indexes = [
            GinIndex(OpClass(Upper("address"), name="gin_trgm_ops"), name="handle_address_words"),
        ]

    def __str__(self) -> str:
        return self.address


class Merge(models.Model):
    """That two customers are one, and that they are not after all."""

    front = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    #: Every customer that pointed elsewhere before, so that un-merging restores exactly that.
    moved = models.JSONField(default=list)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class Link(models.Model):
    """A signed link to a customer's own page; expires, and can be revoked."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    #: Random, 128 bits; what the signature covers beside the id.
    nonce = models.TextField(unique=True)
    #: "case:12" where the link shows that one case only; empty for the whole page.
    about = models.TextField(blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)


class SecurityEvent(models.Model):
    """Who did, or tried, what touches the safety of the installation. Nothing is ever changed in it; the database refuses.

    No typed text, no address, no name: people and things stand as references, a network address as its neighbourhood.
    """

    at = models.DateTimeField()
    #: A `SecurityKind`; no list in the database, for old events outlive retired kinds.
    kind = models.TextField()
    #: Who did it; of a sign-in that failed, whose account it was, where there is one.
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    #: What it was done to ("staff:5", "key:3").
    about = models.TextField(blank=True)
    #: A few words of ours ("passkey", "agent to lead"), never anybody's.
    how = models.TextField(blank=True)
    origin = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-id"], name="security_of_a_kind"),
            models.Index(fields=["staff", "-id"], name="security_of_somebody"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(about__regex=r"^([a-z_]+:[0-9a-z-]+)?$"),
                name="security_event_names_things_by_reference",
            ),
            models.CheckConstraint(condition=models.Q(how__regex=r"^[^\n\r]{0,120}$"), name="security_event_is_short"),
        ]


class Allowance(models.Model):
    """How much of something somebody has used up lately (people.limits); gone when everything is free again."""

    key = models.TextField(primary_key=True)
    whole_at = models.DateTimeField(help_text="When everything is free again.")

    class Meta:
        indexes = [models.Index(fields=["whole_at"], name="allowance_whole")]

    def __str__(self) -> str:
        return self.key


class Key(models.Model):
    """A key with which another program acts for somebody who works here: it opens what they may, within its scopes."""

    name = models.TextField()
    #: Who answers for what it does.
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="keys")
    scopes = ArrayField(models.TextField())
    #: The eight signs of the secret by which a person knows the key again.
    prefix = models.TextField(unique=True)
    #: SHA-256 of the secret, hexadecimal; the secret itself is kept nowhere.
    digest = models.TextField(unique=True)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    #: To the minute.
    used_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        return ref("key", self.pk)


class Once(models.Model):
    """A request that is done once however often it comes (people.once): what was asked, and what was answered."""

    #: Who asks: "key:3" or "staff:5".
    actor = models.TextField()
    #: Their own name for the request.
    name = models.TextField()
    #: SHA-256 of the request, hexadecimal: another one must not take this name.
    digest = models.TextField()
    #: The answer; empty until there is one.
    status = models.IntegerField(null=True)
    body = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="once_for_each_name"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True, body__isnull=True)
                | models.Q(status__isnull=False, body__isnull=False),
                name="an_answer_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="once_oldest")]

    def __str__(self) -> str:
        return f"{self.actor} {self.name}"

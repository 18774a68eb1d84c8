"""The company's sites with a chat, the talks begun there, and how each of our messages in them reached the visitor."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from troth.cases.models import Case, Message
from troth.people.models import Customer, Staff, Team
from troth.post.models import Letter
from troth.words.refs import ref


class Site(models.Model):
    """A place on the web whose pages may show the chat; its key stands in their script tag and is no secret."""

    key = models.TextField(unique=True)
    name = models.TextField()
    #: Exactly these may show it: "https://shop.example", with a port where it is not the usual one.
    origins = ArrayField(models.TextField())
    #: Whose cases its talks become.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Talk(models.Model):
    """What one visitor and we say to each other; known to the visitor's browser by a signed token."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    #: Random, 128 bits; what the token's signature covers beside the id.
    nonce = models.TextField(unique=True)
    #: The page's origin it was begun on; it ends when that one leaves the site's list.
    origin = models.TextField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: Empty until the first message was taken in.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    #: The number of the handle that letters go to; the handle itself goes when its customer is forgotten.
    handle = models.BigIntegerField(null=True)
    #: That handle is an e-mail address.
    has_address = models.BooleanField(default=False)
    #: When a page of the visitor's was last known to be open.
    here_at = models.DateTimeField(null=True)
    #: What staff were told last.
    is_here = models.BooleanField(default=False)
    #: By when they were told that somebody answers.
    told_by = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="talk_of_case"),
            models.Index(fields=["here_at"], name="talk_here", condition=models.Q(is_here=True)),
        ]

    @property
    def reference(self) -> str:
        return ref("talk", self.pk)


class Line(models.Model):
    """How one of our messages reached the visitor: seen in the talk, or in a letter; until then it waits for either."""

    talk = models.ForeignKey(Talk, on_delete=models.PROTECT, related_name="lines")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["talk", "id"],
                name="line_waits",
                condition=models.Q(seen_at__isnull=True, letter__isnull=True),
            ),
        ]

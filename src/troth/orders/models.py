"""Orders, as the shop told of them, and the files in which it did."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from troth.people.models import Customer, Staff
from troth.promises.models import Promise


class CancelledBy(models.TextChoices):
    """Who called an order off. The company's own calling off breaks its word; the customer's lets it off."""

    CUSTOMER = "customer"
    COMPANY = "company"


class Order(models.Model):
    """What one customer bought. What the shop says later of the same reference changes the row; each change is a fact."""

    #: The shop's own name for it.
    reference = models.TextField(unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders", db_index=False)
    product = models.TextField(blank=True)
    #: Size, colour, batch: whatever tells apart what is sold under one name.
    variant = models.TextField(blank=True)
    #: Where it was bought or goes to, as the shop names it: a shop, a town, an area of delivery.
    place = models.TextField(blank=True)
    quantity = models.IntegerField(default=1)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    #: ISO 4217.
    currency = models.TextField(blank=True)
    ordered_at = models.DateTimeField()
    promised_for = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.TextField(choices=CancelledBy.choices, blank=True)
    #: The promise of its delivery, where a date was given while it could still be kept.
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="something_was_ordered"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="nobody_is_paid_to_order"),
            models.CheckConstraint(condition=Q(amount=None) | ~Q(currency=""), name="money_has_a_currency"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by="")
                | Q(cancelled_at__isnull=False, cancelled_by__in=CancelledBy.values),
                name="who_cancelled_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-ordered_at"], name="order_of_customer"),
            models.Index(fields=["-ordered_at", "-id"], name="order_newest"),
            models.Index(fields=["product", "ordered_at"], name="order_of_product", condition=~Q(product="")),
            models.Index(fields=["place", "ordered_at"], name="order_of_place", condition=~Q(place="")),
            models.Index(
                F("promised_for"),
                name="order_outstanding",
                condition=Q(promised_for__isnull=False, delivered_at=None, cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Upload(models.Model):
    """A file of orders: looked at first, then brought in by the worker, row by row of the file."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at"
        BRINGING = "bringing"
        DONE = "done"

    name = models.TextField()
    #: The file itself; let go of once it is brought in.
    raw = models.BinaryField()
    #: Which column holds what, as `rules.table.Mapping` wrote it.
    columns = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.LOOKED_AT)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    #: Customers hear from Troth by itself before a date of these orders slips.
    by_itself = models.BooleanField(default=False)
    #: How many rows it has, and how many are dealt with.
    rows = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    #: How many rows could not be taken, and the first of them with the reason: [[line, words], ...].
    refused = models.IntegerField(default=0)
    refusals = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["looked_at", "bringing", "done"]), name="upload_of_orders_is_known"
            )
        ]
        indexes = [models.Index(fields=["id"], name="upload_of_orders_waits", condition=Q(state="bringing"))]

    def __str__(self) -> str:
        return self.name

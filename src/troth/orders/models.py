"""Orders, as the shop told of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from troth.people.models import Customer
from troth.promises.models import Promise


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
    #: The promise of its delivery, where a date was given while it could still be kept.
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="something_was_ordered"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="nobody_is_paid_to_order"),
            models.CheckConstraint(condition=Q(amount=None) | ~Q(currency=""), name="money_has_a_currency"),
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

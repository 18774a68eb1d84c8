from __future__ import annotations

from django.test import Client
from tests.faces import Shop, signed_in

from troth.people.models import SecurityEvent


def test_who_asks_for_more_than_they_may_is_noted_once_each_time(shop: Shop) -> None:
    path = f"/customers/{shop.ann.customer_id}/links/"

    answer = signed_in(shop.sam, REMOTE_ADDR="203.0.113.77").post(path)

    assert answer.status_code == 403
    assert "This page is not open to you" in answer.content.decode()
    assert list(SecurityEvent.objects.values_list("kind", "staff", "about", "how", "origin")) == [
        ("access_denied", shop.sam.pk, "", "POST /customers/<int:pk>/links/", "203.0.113.0/24")
    ]


def test_strangers_leave_nothing_behind(shop: Shop) -> None:
    for path in ("/mine/", f"/customers/{shop.ann.customer_id}/links/"):
        Client().post(path)

    assert SecurityEvent.objects.count() == 0

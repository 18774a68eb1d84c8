"""Another program, with a key of its own, as tests let it ask."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from troth.people import keys
from troth.people.models import Key, Staff
from troth.people.rules.keys import Scope


class Program:
    """Asks as *staff*, with every scope unless told otherwise; answers are `(status, JSON)`."""

    def __init__(self, staff: Staff, *scopes: Scope, now: datetime | None = None, **values: Any) -> None:
        self.key: Key
        self.key, self.secret = keys.make(
            name="Shop system", staff=staff, scopes=scopes or list(Scope), by=staff, now=now or timezone.now(), **values
        )
        self.client = Client()

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Any:
        """The whole answer. *headers* as `idempotency_key="a"`."""
        values: dict[str, Any] = {}
        if said is not None:
            values = {"data": said if isinstance(said, str | bytes) else json.dumps(said)}
            values["content_type"] = headers.pop("content_type", "application/json")
        named = {"authorization": f"Bearer {self.secret}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.generic(method, f"/api{path}", headers=named, **values)

    def get(self, path: str, **asked: Any) -> tuple[int, Any]:
        answer = self.client.get(f"/api{path}", asked, headers={"authorization": f"Bearer {self.secret}"})
        return answer.status_code, answer.json()

    def post(self, path: str, said: Any, **headers: str) -> tuple[int, Any]:
        answer = self.ask("POST", path, said, **headers)
        return answer.status_code, answer.json()

    def patch(self, path: str, said: Any) -> tuple[int, Any]:
        answer = self.ask("PATCH", path, said)
        return answer.status_code, answer.json()

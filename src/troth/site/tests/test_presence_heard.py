"""That somebody is in a case is heard by those only who see it."""

from __future__ import annotations

import asyncio

from troth.people.rules.sight import Sight
from troth.site.events import HERE, Fan


def test_who_is_in_a_case_of_a_closed_team_is_not_heard_outside() -> None:
    async def heard() -> list[str | None]:
        fan = Fan()
        outside, inside = asyncio.Queue[str](9), asyncio.Queue[str](9)
        fan.pages = {outside: Sight("agent", 1), inside: Sight("agent", 7)}
        fan.tell_of(["case:3"], closed={"case:3": 7}, head=HERE)
        fan.tell_of(["case:4"], closed={}, head=HERE)
        return [page.get_nowait() for page in (inside, inside, outside)] + [None] * outside.qsize()

    assert asyncio.run(heard()) == [f"event: here\ndata: case:{number}\n\n" for number in (3, 4, 4)]

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.people_and_things import NOW

from troth.post.rules.away import Try, failing_since


def tries(*said: str) -> list[Try]:
    """Newest first, a minute apart: letter, answer and code, and a dot where the letter waits no longer."""
    found = []
    for number, one in enumerate(said):
        letter, answer, code, *gone = one.split()
        found.append(Try(int(letter), answer, int(code), NOW - timedelta(minutes=number), waits=not gone))
    return found


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ([], None),
        (["1 accepted 250"], None),
        (["1 try_again 0"], 0),
        (["1 try_again 421", "1 try_again 421"], 1),
        (["1 try_again 0", "2 accepted 250", "3 try_again 0"], 0),
        (["1 refused 550", "2 try_again 0"], None),
        # One far server's doing, and three letters' in a row: ours.
        (["1 try_again 450", "1 try_again 450", "1 try_again 450"], None),
        (["1 try_again 450", "2 try_again 450"], None),
        (["1 try_again 452", "2 try_again 452", "3 try_again 452"], 2),
        (["1 unclear 0", "1 unclear 0"], 1),
        # What was given up since does not wait any more.
        (["1 try_again 0 .", "2 try_again 0 ."], None),
        (["1 try_again 0", "2 try_again 0 ."], 0),
    ],
)
def test_letters_do_not_leave_when_the_server_or_three_in_a_row_say_so(said: list[str], minutes: int | None) -> None:
    since = failing_since(tries(*said))

    assert since == (None if minutes is None else NOW - timedelta(minutes=minutes))

"""The pages of notices while they are told, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page: half told, with some whom no letter reaches."""
    notice = {
        "id": 9, "title": "It began", "state": {"words": "being told", "tone": "good"}, "about": "incident:3", "about_href": "#", "cohort": 7,
        "cohort_name": "Late tables, York", "is_duty": True, "happened_at": at(hours=-6), "sent_at": at(minutes=-4), "done_at": None,
        "writer": "Sam Okafor", "second": "Kim Lindqvist", "of": 1412, "told": 655, "left": 754, "settled": 658, "rate": 240, "minutes": 3,
        "goes_on": True, "begins_at": at(seconds=6), "by_hand": 3, "answered": 12, "twice": 1, "waits": False,
        "can": {"second": False, "send": False, "take_back": True, "pause": True, "resume": False, "stop": True, "pace": True, "hand": True, "files": True},
    }  # fmt: skip
    unreached = [
        {"id": 70, "name": "Ann Marlowe", "href": "#", "state": "cannot be reached by mail", "is_unclear": False, "tried": ["ann@ferrylane.example: the letter came back", "ann.marlowe@post.example: refused"]},
        {"id": 71, "name": "The Hon. Wilhelmina Featherstonehaugh-Cholmondeley", "href": "#", "state": "cannot be reached by mail", "is_unclear": False, "tried": ["No address of theirs is known."]},
        {"id": 72, "name": "Bo Ng", "href": "#", "state": "nobody can say whether it arrived", "is_unclear": True, "tried": ["bo@slow.example: no answer: it may have arrived"]},
    ]  # fmt: skip
    letter = "Hello Ann Marlowe,\n\nA belt in our depot broke this morning. Your table leaves two days late, on Thursday.\n\nThis concerns Monday 23 November, 07:10 (GMT). We wrote it on Monday 23 November, 13:06 (GMT).\n\nOak & Sons"
    yield (
        "notice",
        "notices/notice.html",
        {
            **given, "n": notice, "unreached": unreached, "more": False,
            "states": [("told: their mail server took the letter", 655, "accepted"), ("letters on their way", 200, "queued"), ("wait for their turn", 554, "waiting"), ("cannot be reached by mail", 2, "unreachable"), ("nobody can say whether it arrived", 1, "unclear")],
            "preview": [{"language": "en", "to": "Ann Marlowe", "subject": "Your table is late", "text": letter}],
            "pace": {"errors": [], "per_domain": "0"},
            "hand": {"errors": [{"id": "note-72", "words": "Note how they were told, such as: letter posted on Friday."}], "recipient": 72},
        },
    )  # fmt: skip

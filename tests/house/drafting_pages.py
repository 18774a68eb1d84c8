"""What stands above the answer where a language model may write drafts, in each of its states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DRAFT = """Dear Ms Marlowe,

I am sorry that nobody rang you on Tuesday. Your new table top leaves the workshop on Thursday, and you will have the tracking number the same day.

Harbour & Pine"""  # noqa: E501  a sentence is as long as it is


def panels() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Name of the state, the number of the case that shows it, and what `drafting/panel.html` is given."""
    asked = {"pk": 1, "state": "asked", "text": "", "problem": "", "chars": 0, "model": "small-care-7b"}
    rest = {"place": "models.harbourpine.example", "model": "small-care-7b", "goes_on": False, "understood": True}
    problem = "The model’s server answered 503."
    for number, (name, values) in enumerate(
        {
            "first": {"draft": None, "understood": False},
            "asks": {"draft": None},
            "goes-on": {"draft": {**asked, "state": "writing", "chars": 312}, "goes_on": True},
            "done": {"draft": {**asked, "state": "done", "text": DRAFT}},
            "failed": {"draft": {**asked, "state": "failed", "problem": problem}},
        }.items(),
        start=901,
    ):
        yield name, number, {**rest, "number": number, **values}


def pages(case_page: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, number, _values in panels():
        case = {**case_page["case"], "number": number}
        yield f"case-drafting-{name}", "cases/case.html", {**case_page, "case": case, "drafts_on": True}

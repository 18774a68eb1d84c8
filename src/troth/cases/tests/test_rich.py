from __future__ import annotations

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.cases.rules import rich
from troth.cases.rules.rich import as_html


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("**Yes**, _today_.", "<p><strong>Yes</strong>, <em>today</em>.</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        (
            "[parcel](https://post.example/?a=1&b=2)",
            '<p><a href="https://post.example/?a=1&amp;b=2" rel="noopener noreferrer">parcel</a></p>\n',
        ),
        ("# big", "<p># big</p>\n"),
    ],
)
def test_small_marks_become_html(written: str, sent: str) -> None:
    assert as_html(written) == sent


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><animate onbegin=alert(1)>",
        "<style>*{}</style>",
        "![pixel](https://tracker.example/p.gif)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](java\tscript:alert(1))",
        "<javascript:alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//evil.example/)",
        "[x](/sign-in/)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "```\n<script>\n```",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(written: str) -> None:
    html = as_html(written)

    for forbidden in (
        "<script",
        "<img",
        "<svg",
        "<style",
        'href="java',
        'href="data',
        'href="vb',
        'href="/',
        " title=",
    ):
        assert forbidden not in html.lower()


@given(st.text(alphabet=st.sampled_from("[]()<>!*_`#-&;:/\"'= \n\tabcjavscript"), max_size=120))
def test_clean_html_stays_as_it_is(written: str) -> None:
    html = as_html(written)

    assert nh3.clean(
        html,
        tags=rich.TAGS,
        attributes={"a": {"href"}},
        url_schemes=rich.SCHEMES,
        link_rel="noopener noreferrer",
    ) == html  # fmt: skip

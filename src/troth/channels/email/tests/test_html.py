from __future__ import annotations

import pytest

from troth.channels.email.html import as_text, clean, crude_text, too_much

POISON = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<style>*{background:url(https://spy.example)}</style>",
    '<div style="background:url(https://spy.example)">x</div>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://spy.example><input name=password></form>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=//spy.example>x</a>",
    "<img srcset='https://spy.example 1x'>",
    "<img src='//spy.example/x.gif'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<video poster=https://spy.example><source src=https://spy.example></video>",
    "<table background=https://spy.example><tr><td background=https://spy.example>x</table>",
    "<base href=https://spy.example>",
    "<meta http-equiv=refresh content='0;url=https://spy.example'>",
    "<link rel=stylesheet href=https://spy.example>",
    "<object data=https://spy.example></object><embed src=https://spy.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<p id=x class=y>z</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<b <script>alert(1)</script>",
]


@pytest.mark.parametrize("poison", POISON)
def test_nothing_dangerous_survives(poison: str) -> None:
    cleaned = clean(f"<p>before</p>{poison}<p>after</p>")

    assert clean(cleaned) == cleaned
    tags = cleaned.lower().replace("&lt;", "")
    for word in ("<script", "<svg", "<math", "<style", "<iframe", "<form", "<base", "<meta", "<link", "spy.example"):
        assert word not in tags
    for word in ("onerror=", "onbegin=", "style=", "class=", " id=", 'href="j', 'href="d', 'src="d', 'src="h'):
        assert word not in "".join(part.split(">")[0] for part in tags.split("<")[1:])


def test_words_of_html_keep_lines_and_quotes() -> None:
    cleaned = clean(
        "<p>Hello<br>Sam</p><ul><li>one<li>two</ul><blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>&amp;"
    )

    assert as_text(cleaned).splitlines() == ["Hello", "Sam", "", "one", "two", "", "> Old", "", "> > Older", "&"]


@pytest.mark.parametrize("hostile", ["<" * 500_000, "<a" * 250_000, "</" * 250_000, "<a " + "x" * 500_000])
def test_crude_reading_is_quick(hostile: str) -> None:
    assert too_much(hostile) == "" or "not shown" in too_much(hostile)
    crude_text(hostile)


@pytest.mark.parametrize(("depth", "shown"), [(199, True), (200, True), (201, False), (20_000, False)])
def test_depth_has_a_limit(depth: int, shown: bool) -> None:
    assert (too_much("<div>" * depth) == "") is shown
    assert (too_much('<div title="<">' * depth) == "") is shown
    assert (too_much("<div>" * depth + "</div>" * depth + "<div></div>" * 5_000) == "") is shown


def test_old_tables_without_end_tags_are_not_deep() -> None:
    assert too_much("<table>" + "<tr><td>x<p>y" * 5_000 + "</table>") == ""

"""Every sentence the product says goes through gettext: in templates, in faces and in letters."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

SRC = Path(__file__).parents[2] / "src" / "troth"
TEMPLATES = sorted(SRC.rglob("jinja2/**/*.html"))
#: What may stand in a page as it is: our name, and signs.
NAMES = {"Troth", "Ctrl", "Shift", "Esc", "Enter", "Website"}
_TRANS = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
_NOT_SAID = re.compile(
    r"{%-?\s*block \w+_class\s*-?%}.*?{%-?\s*endblock.*?%}|{%-?\s*set \w+\s*-?%}.*?{%-?\s*endset\s*-?%}|&\w+;",
    re.DOTALL,
)
_JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_CODE = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
_TAG = re.compile(r"<[^>]*>", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_template_says_nothing_of_its_own(template: Path) -> None:
    text = _JINJA.sub("", _NOT_SAID.sub("", _TRANS.sub("", template.read_text())))
    said = [*_SPOKEN_ATTRIBUTE.findall(text), _TAG.sub(" ", _CODE.sub("", text))]

    words = set(re.findall(r"[^\W\d_]{2,}", " ".join(said)))

    assert words <= NAMES


def messages_in(path: Path) -> list[str]:
    """Words handed to `messages.…(request, …)` without gettext."""
    bare = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "messages":
            bare += [word.value for word in node.args[1:] if isinstance(word, ast.Constant)]
    return bare


def test_no_face_tells_a_person_anything_without_gettext() -> None:
    assert {str(path): bare for path in SRC.rglob("*.py") if (bare := messages_in(path))} == {}


def test_the_words_can_be_gathered_for_translators() -> None:
    gathered: set[str] = set()
    for path in [*TEMPLATES, *SRC.rglob("*.py")]:
        method = "jinja2" if path.suffix == ".html" else "python"
        options = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"} if method == "jinja2" else {}
        for _line, said, _comments, _context in extract(method, BytesIO(path.read_bytes()), options=options):
            gathered.add(said if isinstance(said, str) else said[0])

    assert "A word before the date: %(what)s" in gathered
    assert "Did we keep it?" in gathered
    assert len(gathered) > 400

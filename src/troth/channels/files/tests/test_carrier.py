from __future__ import annotations

from pathlib import Path

from troth.channels.files.carrier import FolderCarrier
from troth.post.rules.carrier import Answer

LETTER = b"Message-ID: <abc.1-2-3-x@example.org>\r\nTo: ann@example.net\r\n\r\nHello\r\n"


def test_letter_is_kept_as_a_file_once(tmp_path: Path) -> None:
    carrier = FolderCarrier(tmp_path / "letters")
    began: list[bool] = []

    for _ in range(2):
        outcome = carrier.submit(LETTER, "", ["ann@example.net"], lambda: began.append(True))

    assert outcome.answer is Answer.ACCEPTED
    assert began == [True, True]
    assert [path.read_bytes() for path in (tmp_path / "letters").iterdir()] == [LETTER]
    assert carrier.was_kept("<abc.1-2-3-x@example.org>") is True
    assert carrier.was_kept("<other@example.org>") is False


def test_folder_that_cannot_be_made_means_later(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("in the way")
    began: list[bool] = []

    outcome = FolderCarrier(tmp_path / "letters" / "deep").submit(LETTER, "", [], lambda: began.append(True))

    assert outcome.answer is Answer.TRY_AGAIN
    assert began == []

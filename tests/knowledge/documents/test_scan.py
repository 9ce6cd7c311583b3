"""A scan becomes a draft that is never read, and a text only when nothing in it is doubtful any more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from knowledge.documents.scan import Seen, confirm, recogniser, upright, write_draft
from knowledge.errors import SourceError
from knowledge.sources import read_folder
from knowledge.sources.folder import list_folder
from tests.knowledge.documents.making import pdf, print_lines


def _seen(*lines: tuple[str, float]) -> Sequence[Seen]:
    return [
        Seen(text, 10, 30 * at, 10 + 20 * len(text), 30 * at + 20, sure)
        for at, (text, sure) in enumerate(lines)
    ]


def _quietly(number: int, count: int) -> None:
    """No progress."""


def _scan(folder: Path) -> Path:
    Image.new("RGB", (60, 40), "white").save(folder / "批复.png")
    return folder / "批复.png"


def test_a_draft_is_corrected_and_confirmed(tmp_path: Path) -> None:
    scan = _scan(tmp_path)
    draft, doubtful = write_draft(
        scan, lambda picture: _seen(("同意建桥。", 0.99), ("投资12万元。", 0.97)), _quietly
    )
    assert (draft.name, doubtful) == ("_批复.png.txt", 1)
    assert draft.read_text(encoding="utf-8").endswith("同意建桥。\n【待核：投资12万元。】\n")
    assert [skipped.file for skipped in list_folder(tmp_path).skipped if "草稿" in skipped.reason] == [
        draft.name
    ]
    with pytest.raises(SourceError, match=r"还有 1 处【待核】，第一处在第 6 行"):
        confirm(draft)
    corrected = draft.read_text(encoding="utf-8").replace("【待核：投资12万元。】", "投资17万元。")
    draft.write_text(corrected, encoding="utf-8")
    assert confirm(draft).name == "批复.txt"
    assert (tmp_path / "批复.txt").read_text(encoding="utf-8") == "同意建桥。\n投资17万元。\n"
    assert not draft.exists()


def test_a_draft_and_a_text_are_never_written_over(tmp_path: Path) -> None:
    scan = _scan(tmp_path)
    draft, _ = write_draft(scan, lambda picture: _seen(("甲", 1.0)), _quietly)
    with pytest.raises(SourceError, match="已经有识别稿"):
        write_draft(scan, lambda picture: _seen(("乙", 1.0)), _quietly)
    (tmp_path / "批复.txt").write_text("原有", encoding="utf-8")
    with pytest.raises(SourceError, match="已经有这个文件"):
        confirm(draft)
    with pytest.raises(SourceError, match="不是识别稿"):
        confirm(tmp_path / "批复.txt")


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_page_is_turned_first(quarters: int) -> None:
    """The page has its dark corner at the top left when it is held right: all that this recogniser sees."""
    page = np.full((40, 60, 3), 255, np.uint8)
    page[:5, :5] = 0

    def recognise(picture: Any) -> Sequence[Seen]:
        is_right = picture[0, 0, 0] == 0 and picture.shape[1] > picture.shape[0]
        return _seen(("停水通知", 0.99)) if is_right else _seen(("亭氺", 0.5))

    assert [line.text for line in upright(np.rot90(page, quarters), recognise)] == ["停水通知"]


def test_lines_of_a_paragraph_are_joined(tmp_path: Path) -> None:
    lines = [("管护员汛期每天巡查一次，", 1.0), ("发现险情的报告。", 1.0), ("二、经费", 1.0)]
    draft, _ = write_draft(_scan(tmp_path), lambda picture: _seen(*lines), _quietly)
    text = draft.read_text(encoding="utf-8").partition("=" * 20)[2].strip()
    assert text == "管护员汛期每天巡查一次，发现险情的报告。\n二、经费"


def test_every_page_of_a_pdf_is_looked_at(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = pdf(tmp_path / "批复.pdf", (print_lines("甲"), []), ([], []))
    write_draft(path, lambda picture: _seen(("甲", 1.0)), lambda number, count: told.append((number, count)))
    assert told == [(1, 2), (2, 2)]


def test_the_real_recogniser_reads_print(tmp_path: Path) -> None:
    """Latin letters, which every machine has a font for."""
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    from PIL import ImageDraw, ImageFont

    image = Image.new("RGB", (420, 80), "white")
    ImageDraw.Draw(image).text((20, 15), "NOTICE 2024", fill="black", font=ImageFont.load_default(44))
    seen = recogniser()(np.asarray(image))
    assert "NOTICE" in "".join(line.text for line in seen)


def test_a_confirmed_scan_is_no_longer_unreadable(tmp_path: Path) -> None:
    """Before, it is a problem (pdf) or not read (picture); then its text speaks for it, and is named."""
    pdf(tmp_path / "决定.pdf", ([], []))
    _scan(tmp_path)
    before = read_folder(tmp_path, {})
    assert [problem.file for problem in before.problems] == ["决定.pdf"]
    for scan in (tmp_path / "决定.pdf", tmp_path / "批复.png"):
        draft, _ = write_draft(scan, lambda picture: _seen(("同意修建村口的桥。", 0.99)), _quietly)
        confirm(draft)
    after = read_folder(tmp_path, {})
    assert after.problems == ()
    assert after.unread == frozenset()
    assert {(each.file, each.reason) for each in after.skipped} == {
        ("决定.pdf", "扫描件，文字在 决定.txt"),
        ("批复.png", "扫描件，文字在 批复.txt"),
    }
    assert {paper.file for paper in after.papers} == {"决定.txt", "批复.txt"}


def test_a_text_beside_another_scan_excuses_nothing(tmp_path: Path) -> None:
    pdf(tmp_path / "决定.pdf", ([], []))
    (tmp_path / "通知.txt").write_text("停水通知\n一、时间\n五月。\n", encoding="utf-8")
    assert [problem.file for problem in read_folder(tmp_path, {}).problems] == ["决定.pdf"]

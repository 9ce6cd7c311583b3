"""A scan -> a text for a person to correct.  Nothing of it is quoted before somebody has confirmed it.

    批复.pdf ─▶ recognise ─▶ _批复.pdf.txt   (a name with `_`: never read)
                              doubtful places as 【待核：…】, corrected by hand
                         ─▶ confirm ─▶ 批复.txt   (read like any text)

Needs the extra `ocr` (rapidocr, onnxruntime; the weights come in the wheel).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from knowledge.documents.lines import joined
from knowledge.documents.refusal import refusal, unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[Any]  # height x width x 3

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
DOUBTFUL = re.compile(r"【待核：([^】]*)】")
_HEAD_ENDS = "=" * 20
_SURE = 0.9  # of a line; below it a person looks at each of its characters
_SURE_OF_FIGURES = 0.98  # a wrong digit looks as right as a right one
_UPRIGHT = 0.8  # mean of a page; below it the page is tried turned
_TALL = 1.5  # a line higher than wide by this stands on its end
_DOTS = 200 / 72  # for each point of the page
_MOST_DOTS = 40_000_000
_MOST_PAGES = 300


@dataclass(frozen=True)
class Seen:
    """A line that was recognised: its box in dots, and how sure that is, 0-1."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    sureness: float


Recognise = Callable[["Picture"], Sequence[Seen]]


def recogniser() -> Recognise:
    """Raises SourceError where the extra `ocr` is not installed."""
    try:
        import logging

        from rapidocr import RapidOCR
    except ImportError as error:
        raise unavailable(
            "", "没有安装文字识别", "安装：pip install 'disclosure-bot[ocr]'（不联网的机器上也能用）"
        ) from error
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine = RapidOCR(params={"Global.log_level": "error"})

    def recognise(picture: Picture) -> Sequence[Seen]:
        found: Any = engine(picture, use_cls=False)  # it would turn line by line; we turn the page
        if found.boxes is None or found.txts is None:
            return []
        seen = []
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
            seen.append(Seen(text, min(xs), min(ys), max(xs), max(ys), float(score)))
        return seen

    return recognise


def draft_of(scan: Path) -> Path:
    """Where the text of a scan is written, not to be read."""
    return scan.with_name(f"_{scan.name}.txt")


def text_of(scan: str) -> str:
    """Where the confirmed text of a scan lies."""
    return str(PurePosixPath(scan).with_suffix(".txt"))


def write_draft(scan: Path, recognise: Recognise, progress: Callable[[int, int], None]) -> tuple[Path, int]:
    """The draft beside a scan, and how many places in it are doubtful.  `progress` is told page and pages.

    Raises SourceError for what is no scan, and where there is a draft: somebody may have corrected it.
    """
    draft = draft_of(scan)
    if draft.exists():
        raise refusal(draft.name, "已经有识别稿了", "改好后用 --confirm 确认；要重新识别先删掉它")
    pages: list[str] = []
    for number, count, picture in _pictures(scan):
        progress(number, count)
        pages.append("\n".join(_paragraphs(upright(picture, recognise))))
    text = "\n\n".join(pages)
    if not text.strip():
        raise refusal(scan.name, "没有认出文字", "更清楚的扫描件")
    head = (
        f"以下文字由程序从 {scan.name} 识别，没有核对以前不会被引用。\n"
        "请对照原件逐句改正：没把握的地方写成【待核：……】，改好后去掉【待核：】记号。\n"
        f"全部改好后运行：disclosure ocr --confirm {draft.name}\n"
    )
    draft.write_text(f"{head}{_HEAD_ENDS}\n{text}\n", encoding="utf-8")
    return draft, len(DOUBTFUL.findall(text))


def confirm(draft: Path) -> Path:
    """Makes a corrected draft a text that is read.  Raises SourceError while a place in it is doubtful."""
    head, mark, text = draft.read_text(encoding="utf-8").partition(_HEAD_ENDS)
    if not mark or not draft.name.startswith("_"):
        raise refusal(draft.name, "不是识别稿", "disclosure ocr 写出的文件，名字以 _ 开头")
    first = DOUBTFUL.search(text)
    if first is not None:
        line = (head + mark + text[: first.start()]).count("\n") + 1
        count = len(DOUBTFUL.findall(text))
        raise refusal(draft.name, f"还有 {count} 处【待核】，第一处在第 {line} 行", "对照原件改正，去掉记号")
    scan = draft.name.removeprefix("_").removesuffix(".txt")
    target = draft.with_name(text_of(scan))
    if target.exists():
        raise refusal(target.name, "已经有这个文件", "先移走它")
    target.write_text(text.lstrip("\n"), encoding="utf-8")
    draft.unlink()
    return target


# ---- pages


def _pictures(scan: Path) -> Iterator[tuple[int, int, Picture]]:
    """Number, how many there are, and the picture of each page."""
    import numpy as np

    if scan.suffix.lower() in PICTURES:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = _MOST_DOTS
        with Image.open(scan) as image:
            yield 1, 1, np.asarray(image.convert("RGB"))
        return
    if scan.suffix.lower() != ".pdf":
        raise refusal(scan.name, f"识别不了 {scan.suffix} 文件", "pdf 或图片")
    import pypdfium2

    file = pypdfium2.PdfDocument(scan)
    count = len(file)
    if count > _MOST_PAGES:
        raise refusal(scan.name, f"超过 {_MOST_PAGES} 页", "拆成几个文件")
    for number in range(count):
        page = file[number]
        width, height = page.get_size()
        scale = min(_DOTS, (_MOST_DOTS / max(width * height, 1)) ** 0.5)
        yield number + 1, count, page.render(scale=scale).to_numpy()[:, :, :3]
        page.close()
    file.close()


def upright(picture: Picture, recognise: Recognise) -> Sequence[Seen]:
    """What stands on a page, turned until it can be read."""
    import numpy as np

    best = recognise(picture)
    if _sureness(best) >= _UPRIGHT and not _stands_on_end(best):
        return best
    for quarters in (1, 2, 3):
        turned = recognise(np.ascontiguousarray(np.rot90(picture, quarters)))
        if _is_better(turned, best):
            best = turned
    return best


def _sureness(seen: Sequence[Seen]) -> float:
    characters = sum(len(line.text) for line in seen)
    return sum(line.sureness * len(line.text) for line in seen) / characters if characters else 0.0


def _stands_on_end(seen: Sequence[Seen]) -> bool:
    tall = sum(line.bottom - line.top > _TALL * (line.x1 - line.x0) for line in seen if len(line.text) > 1)
    return 2 * tall > len(seen)


def _is_better(one: Sequence[Seen], other: Sequence[Seen]) -> bool:
    """Lying lines before standing ones, then the surer."""
    return (not _stands_on_end(one), _sureness(one)) > (not _stands_on_end(other), _sureness(other))


# ---- paragraphs


def _paragraphs(seen: Sequence[Seen]) -> list[str]:
    """Lines joined where the one above reaches the right margin and the next begins at the left one."""
    rows: list[list[Seen]] = []
    for line in sorted(seen, key=lambda each: each.top + each.bottom):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    left = min((line.x0 for line in seen), default=0.0)
    right = max((line.x1 for line in seen), default=0.0)
    paragraphs: list[str] = []
    goes_on = False
    for row in rows:
        row.sort(key=lambda each: each.x0)
        height = row[0].bottom - row[0].top
        text = "  ".join(map(_marked, row))
        if goes_on and row[0].x0 - left < height and len(row) == 1:
            paragraphs[-1] = joined(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        goes_on = len(row) == 1 and right - row[-1].x1 < 1.5 * height
    return paragraphs


def _marked(line: Seen) -> str:
    """A doubtful line is marked as a whole; what the file itself has in such brackets is none of ours."""
    text = DOUBTFUL.sub(r"\1", line.text)
    needed = _SURE_OF_FIGURES if any(each.isdigit() for each in text) else _SURE
    return text if line.sureness >= needed else f"【待核：{text}】"

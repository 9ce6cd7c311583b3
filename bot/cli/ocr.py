"""`disclosure ocr`: a scan becomes a text that a person corrects and confirms."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.output import FAILED, fail
from knowledge.documents import scan
from knowledge.errors import SourceError


@click.command("ocr")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirm", is_flag=True, help="FILE is a corrected draft: from now on it is read.")
def ocr(file: Path, confirm: bool) -> None:
    """Recognise the text of a scan (pdf, png, jpg), for a person to correct.

    The draft is written beside the scan, in a file that is never read; doubtful places stand in it as
    【待核：…】. When all are corrected, --confirm makes a text of it that is read like any other.

    \b
    Example:     disclosure ocr 批复.pdf
                 disclosure ocr --confirm _批复.pdf.txt
    """
    try:
        if confirm:
            click.echo(f"已确认：{scan.confirm(file)}。disclosure reload 后就能查到。")
            return
        draft, doubtful = scan.write_draft(file, scan.recogniser(), _told)
    except SourceError as error:
        fail(str(error), FAILED)
    except (OSError, ValueError) as error:  # a damaged picture, a disk that is full
        fail(f"{file.name}：打不开或写不了（{error}）", FAILED)
    else:
        click.echo(f"识别稿：{draft}。{doubtful} 处没把握，写成【待核：……】。请对照原件改好，再运行：")
        click.echo(f"  disclosure ocr --confirm {draft}")


def _told(number: int, count: int) -> None:
    click.echo(f"第 {number}/{count} 页 / page {number} of {count}", err=True)

"""The QR code for a poster, as an operator makes it."""

from __future__ import annotations

from pathlib import Path

import matplotlib.image
import pytest
import segno
from click.testing import CliRunner, Result

from bot.cli import main


@pytest.fixture
def poster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "home"))
    return tmp_path / "poster.png"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["poster", *arguments])


def modules(path: Path) -> list[list[bool]]:
    """The dark modules of a picture, without its quiet zone."""
    pixels = matplotlib.image.imread(path)
    dark = pixels[6::12, 6::12] < 0.5
    rows: list[list[bool]] = dark[4:-4, 4:-4].tolist()
    return rows


@pytest.mark.parametrize(
    ("subject", "start"),
    [([], ""), (["深入推进预决算公开"], "?start=e_"), (["三/(二)/4"], "?start=e_")],
    ids=["greeting", "title", "path"],
)
def test_code_holds_the_link(poster: Path, subject: list[str], start: str) -> None:
    """The picture is the code of the link that is printed, and the link leads to what was named."""
    done = run(*subject, "--bot", "@zhoushang_bot", "--output", str(poster))
    assert done.exit_code == 0, done.output
    link = done.stdout.strip().rpartition(": ")[2]
    assert link.startswith(f"https://t.me/zhoushang_bot{start}")
    expected = [[bool(dark) for dark in row] for row in segno.make_qr(link, error="q").matrix]
    assert modules(poster) == expected


def test_what_is_not_there_is_refused(poster: Path) -> None:
    """No code for an entry that does not exist, none for a name that is no bot's."""
    assert run("没有这一条", "--bot", "zhoushang_bot", "--output", str(poster)).exit_code == 1
    assert run("--bot", "no bot", "--output", str(poster)).exit_code == 2
    assert not poster.exists()

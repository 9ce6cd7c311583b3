"""`disclosure site`: the public section as plain files."""

from __future__ import annotations

from pathlib import Path

import click

from bot.channels.web.static_site import NotOurs, export
from bot.cli.opening import on_running_index
from bot.cli.output import FAILED, WRONG_USAGE, fail
from bot.program import Program


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", default="", help="Where it will be found, for sitemap and feed.")
@on_running_index
def site(program: Program, folder: Path, address: str) -> None:
    """Write the public section as plain files, for an office that can only upload files.

    The folder is empty, or was written by this command before. Asking and filing need the program: links to
    them lead to web_url where there is one, and are left out else.

    \b
    Example:     disclosure site public
                 disclosure site public --address https://www.example.gov.cn/xxgk
    """
    try:
        done = export(program, folder, address)
    except NotOurs:
        fail(f"{folder}: holds other files; name an empty folder", WRONG_USAGE)
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror})", FAILED)
    click.echo(f"{folder}: {done.files} files, {done.documents} documents")
    for name in done.left_out:
        click.echo(f"{name}: left out, it needs --address")

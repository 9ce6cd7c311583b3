"""`disclosure web`: the web pages on this machine."""

from __future__ import annotations

import click

from bot.cli.opening import on_running_index
from bot.cli.output import told
from bot.cli.serving import serve_web_or_leave
from bot.cli.staff import code_for
from bot.program import Program


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option(
    "--as-staff", is_flag=True, help="Also print a code that makes the browser it is typed into a clerk's."
)
@on_running_index
def web(program: Program, port: int, as_staff: bool) -> None:
    """Open the web pages on this machine: the public section and the desk.

    \b
    Example:     disclosure web
                 disclosure web --port 8080 --as-staff
    """
    program.take_up_edits_beside(told)
    click.echo(f"http://127.0.0.1:{port}{program.settings.web_path}/")
    if as_staff:
        click.echo(f"{code_for(program, 'staff')}  在 /staff 填这个授权码，再打开 /desk")
    serve_web_or_leave(program, port)

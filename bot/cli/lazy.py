"""Groups of commands that are files: `NAME.py` holds the function NAME, and is imported when it is called.

The sentence about each command stands here a second time, so that `--help` imports none of them; a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """`package` is where the files are, `summaries` the sentence about each command by its name.

    A dash of a name is an underscore of its file.  A function may not be called `list`: there it is `list_`.
    """

    def __init__(self, *args: Any, package: str, summaries: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.package = package
        self.summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"{self.package}.{name}")
        found = getattr(module, f"{name}_" if name == "list" else name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.summaries[name]) for name in self.list_commands(ctx)])

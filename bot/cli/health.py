"""`disclosure health`: whether the running service is well, for cron, systemd and Docker."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa

from bot.cli.output import FAILED, fail, print_json
from bot.cli.settings import settings_or_leave
from bot.jobs.heartbeat import Beat, beats
from bot.ledger.ledger import Ledger, url_of


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def health(as_json: bool) -> None:
    """Say when the service last made its rounds and heard from Telegram; exit code 1 when too long ago.

    It reads the ledger alone: the service answers no question and need not be alive.

    \b
    Example:     disclosure health || echo "the bot is down" | mail -s bot admin@example.gov.cn
    """
    now = datetime.now(UTC)
    beats = _beats()
    trouble = sorted({late for beat in beats for late in beat.trouble(now)}) if beats else ["never_ran"]
    if as_json:
        services = [
            {
                "service": beat.service,
                "round_at": beat.round_at.isoformat(),
                "heard_at": beat.heard_at.isoformat() if beat.heard_at else None,
            }
            for beat in beats
        ]
        print_json({"trouble": trouble, "services": services})
    for beat in () if as_json else beats:
        heard = f"heard from its channel {_ago(now, beat.heard_at)}" if beat.heard_at else "heard nothing yet"
        click.echo(f"{beat.service}: made its rounds {_ago(now, beat.round_at)}, {heard}.")
    if trouble:
        fail(f"Not well: {', '.join(trouble)}.", FAILED)


def _beats() -> list[Beat]:
    """Nothing is created or migrated by looking."""
    url = url_of(settings_or_leave().ledger_place)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return []
    try:
        with Ledger.as_it_is(url) as ledger, ledger.reading() as connection:
            return beats(connection)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):  # an older program's, or out of reach
        return []


def _ago(now: datetime, at: datetime) -> str:
    return f"{max(0, round((now - at).total_seconds()))} s ago"

"""What Alembic runs: the steps, on the connection that the ledger hands in."""

from __future__ import annotations

from alembic import context

from bot.ledger.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The ledger's transaction holds all steps; SQLite can roll back DDL since BEGIN is ours.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()

"""Alembic's environment: one chain of migrations for SQLite and PostgreSQL.

`cartwheel.schema` hands in an open connection; migrations never read settings themselves.
"""

from alembic import context

import cartwheel.schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=cartwheel.schema.metadata(),
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

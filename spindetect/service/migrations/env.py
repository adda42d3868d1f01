"""Runs the migrations on the connection that `spindetect.service.store` gives."""

from __future__ import annotations

from alembic import context

from spindetect.service.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()

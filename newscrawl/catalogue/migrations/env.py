"""Alembic's entry: the caller has begun the one transaction that everything happens in."""

from __future__ import annotations

from alembic import context

from newscrawl.catalogue.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()

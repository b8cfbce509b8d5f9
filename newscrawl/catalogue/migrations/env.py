"""Alembic's entry: the caller has begun the one transaction that everything happens in."""

from __future__ import annotations

from alembic import context

from newscrawl.catalogue.alert_schema import subscriptions

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=subscriptions.metadata,
    transactional_ddl=False,
)
context.run_migrations()

"""What was sent is found by its time; how a message is divided is kept while it is on its way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column(
            "division",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="matches of each part; null: not sent yet, or in one",
        ),
    )
    was_sent = sa.text("sent IS NOT NULL")
    op.create_index(
        "ix_deliveries_sent",
        "deliveries",
        ["sent"],
        unique=False,
        sqlite_where=was_sent,
        postgresql_where=was_sent,
    )

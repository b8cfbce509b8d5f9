"""Since when a message fails; how many of its articles became old while it waited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column(
            "failing",
            sa.Text(),
            nullable=True,
            comment="since when; null: it was not tried, or not put off",
        ),
    )
    op.add_column(
        "deliveries",
        sa.Column(
            "left_out",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="matches that became old while it waited",
        ),
    )
    fails = sa.text("state = 'waiting' AND failing IS NOT NULL")
    op.create_index(
        "ix_deliveries_failing",
        "deliveries",
        ["failing"],
        unique=False,
        sqlite_where=fails,
        postgresql_where=fails,
    )
    # What fails already has done so since it was due, about.
    op.execute("UPDATE deliveries SET failing = slot WHERE state = 'waiting' AND error IS NOT NULL")

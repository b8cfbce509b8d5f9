"""How much of the articles of each paper may go out in an export."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column(
            "paper", sa.Text(), nullable=False, comment="the spider's name; empty: every other"
        ),
        sa.Column("policy", sa.Text(), nullable=False, comment="full, metadata, excerpt-N"),
        sa.PrimaryKeyConstraint("paper", name=op.f("pk_policies")),
    )

"""An address that asks to be left alone for a while is, whatever is to be sent to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "addresses",
        sa.Column("rests", sa.Text(), nullable=True, comment="until when it has asked for nothing"),
    )
    rests = sa.text("rests IS NOT NULL")
    op.create_index(
        "ix_addresses_rests",
        "addresses",
        ["rests"],
        unique=False,
        sqlite_where=rests,
        postgresql_where=rests,
    )

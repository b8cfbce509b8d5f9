"""Words of the user's dictionary, and searches kept by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "dictionary",
        sa.Column("word", sa.Text(), nullable=False, comment="as it is searched"),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_dictionary")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="as query.show writes it"),
        sa.Column("papers", sa.JSON(), nullable=False, comment="spider names or titles"),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_searches")),
    )

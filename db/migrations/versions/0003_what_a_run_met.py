"""What every run met, so that the history can be replayed; older files as releases of their day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    collation = "C" if op.get_context().dialect.name == "postgresql" else None
    op.add_column("run", sa.Column("vintage", sa.Date(), nullable=True))
    op.create_table(
        "payload",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(collation=collation), nullable=True),
        sa.Column("last_modified", sa.Text(collation=collation), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_payload_run_id_run")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_payload_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_payload")),
        sqlite_with_rowid=False,
    )

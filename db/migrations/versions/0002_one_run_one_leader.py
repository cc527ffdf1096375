"""One run of a source at a time, one leader; text that sorts alike on both databases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = {
    "run": "source adapter status recipe content_hash error_class message host",
    "issue": "severity check message locator raw",
    "snapshot": "sha256 source origin media_type etag last_modified",
    "series": "key indicator measure freq ref_area counterpart_area source facets unit",
    "vintage": "origin precision",
    "observation": "time_period obs_status note evidence precision",
    "article": "id title author publisher url language date_basis text_sha256",
    "excerpt": "article_id exact prefix suffix",
    "claim": "id article_id quote indicator measure facets comparator unit currency geography"
    " ref_areas counterpart_areas status attributed_to claim_class review_state reviewer extractor",
}
"""Columns of text, by table."""


def upgrade() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    op.execute(
        "UPDATE run SET status = 'interrupted', finished_at = started_at, "
        "message = 'the process ended early' WHERE status = 'running' AND id NOT IN "
        "(SELECT max(id) FROM run WHERE status = 'running' GROUP BY source)"
    )
    if on_postgresql:
        _sort_by_bytes()
        op.execute("ALTER TABLE snapshot ALTER COLUMN size TYPE BIGINT")
    collation = "C" if on_postgresql else None
    op.add_column(
        "run", sa.Column("holder", sa.Text(collation=collation), server_default="", nullable=False)
    )
    op.create_index(
        "uq_run_running",
        "run",
        ["source"],
        unique=True,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40, collation=collation), nullable=False),
        sa.Column("holder", sa.Text(collation=collation), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _sort_by_bytes() -> None:
    """Give every column of text the collation "C", its type left as it is."""
    for table in sa.inspect(op.get_bind()).get_table_names():
        names = TEXT.get(table, "").split()
        columns = sa.inspect(op.get_bind()).get_columns(table)
        changes = [
            f'ALTER COLUMN "{column["name"]}" TYPE '
            f'{column["type"].compile(op.get_bind().dialect)} COLLATE "C"'
            for column in columns
            if column["name"] in names
        ]
        if changes:
            op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')

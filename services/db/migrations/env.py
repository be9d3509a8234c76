"""Alembic's entry: runs the revisions on the connection that ``services.db.migrate`` hands over."""

from alembic import context

from services.db.tables import METADATA


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
    context.run_migrations()


run()

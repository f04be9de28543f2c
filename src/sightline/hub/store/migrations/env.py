"""How Alembic runs our migrations: over a connection that `store.migrate` hands in."""

from alembic import context

from sightline.hub.store.tables import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

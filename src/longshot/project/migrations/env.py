"""What Alembic runs: the steps on the connection, and in the transaction, given."""

from alembic import context

from longshot.project.database.schema import metadata

if hasattr(context, "config"):  # else it is only imported, as a doctest does
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite changes a table by making it anew
        transactional_ddl=False,  # the transaction is the caller's, who also ends it
    )
    context.run_migrations()

"""How an archive's file comes by its schema, step by step.

Apart from ``archive.schema`` and loaded only where a file is not up to date.
"""

import sqlite3

from archive.lean_import import without_pandas
from archive.schema import statements

with without_pandas("sqlite_utils"):
    from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("newsmorgue")


@MIGRATIONS()
def create(db: Database) -> None:
    """The first schema."""
    for statement in statements():
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")  # in the migration's own transaction: a kill cannot part the two


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Bring the file up to date; the names of all steps that it has taken, now or before."""
    db = Database(connection, execute_plugins=False, recursive_triggers=False)
    MIGRATIONS.apply(db)
    return [migration.name for migration in MIGRATIONS.applied(db)]

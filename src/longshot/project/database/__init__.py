"""Where a project is kept: one SQLite file, or a PostgreSQL database.

``schema`` names the tables, ``connection`` opens them and holds each write together,
``migrating`` brings an older project up to date. Nothing else knows which of the two
databases it is, but for the few statements that they spell differently.
"""

from longshot.project.database.connection import Database
from longshot.project.database.migrating import migrate

__all__ = ["Database", "migrate"]

"""Visits from the future: told, and otherwise taken as they are."""

import sqlite3
from datetime import UTC, datetime, timedelta

from archive import runs
from archive.times import to_text

LENIENCE = timedelta(minutes=10)  # clocks of two machines differ; what is less is no news
# The newest of each site comes from an index, site by site.
NEWEST = (
    "WITH RECURSIVE sites (site) AS (SELECT min(site) FROM captures UNION ALL "
    "SELECT (SELECT min(site) FROM captures WHERE site > sites.site) FROM sites WHERE sites.site IS NOT NULL) "
    "SELECT max((SELECT max(fetched_at) FROM captures WHERE captures.site = sites.site)) FROM sites"
)


def clock_trouble(connection: sqlite3.Connection, run_id: str | None = None) -> str | None:
    """One line if the archive holds a visit that is still to come: its clock, or that of this machine, is wrong.

    The visits stay where their times put them, before or after others; the line is noted as an event of the run.
    """
    (newest,) = connection.execute(NEWEST).fetchone()
    if newest is None or newest <= to_text(datetime.now(UTC) + LENIENCE):
        return None
    trouble = f"a visit of {newest} is still to come by this machine's clock: one of the two is wrong"
    runs.log(connection, "clock", "ahead", run_id, trouble)
    return trouble

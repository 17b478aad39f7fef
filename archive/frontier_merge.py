"""What two archives know of the same addresses, made one: the same whichever is asked first, and however often."""

import sqlite3

COLUMNS = (
    *("url", "site", "kind", "found_via", "found_in", "found_at", "headline", "published_at", "modified_at"),
    *("told", "state", "outcome", "detail", "visited_at", "due_at", "priority", "request"),
)
FOUND = ("found_at", "found_via", "found_in")  # of the earlier discovery
VISITED = ("visited_at", "state", "outcome", "detail", "due_at")  # of the later visit
GREATER = ("headline", "published_at", "modified_at", "told", "request")
KIND = (
    "kind = CASE 'page' WHEN frontier.kind THEN excluded.kind WHEN excluded.kind THEN frontier.kind "
    "ELSE min(excluded.kind, frontier.kind) END"
)


def _place(table: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"coalesce({table}.{name}, '')" for name in columns) + ")"


def _upsert() -> str:
    earlier = f"{_place('excluded', FOUND)} < {_place('frontier', FOUND)}"
    later = f"{_place('excluded', VISITED)} > {_place('frontier', VISITED)}"
    changes = [
        *(f"{name} = CASE WHEN {earlier} THEN excluded.{name} ELSE frontier.{name} END" for name in FOUND),
        *(f"{name} = CASE WHEN {later} THEN excluded.{name} ELSE frontier.{name} END" for name in VISITED),
        *(
            f"{name} = nullif(max(coalesce(excluded.{name}, ''), coalesce(frontier.{name}, '')), '')"
            for name in GREATER
        ),
        "site = min(excluded.site, frontier.site)",
        "priority = max(excluded.priority, frontier.priority)",
        # an address that only looked like a page is what a feed or sitemap says that it is
        KIND,
    ]
    return (
        f"INSERT INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608
        f"ON CONFLICT (url) DO UPDATE SET {', '.join(changes)}"
    )


UPSERT = _upsert()


def take_frontier(connection: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """Add what the source knows of addresses: the earliest discovery of each and what the latest visit came to."""
    connection.executemany(UPSERT, source.execute(f"SELECT {', '.join(COLUMNS)} FROM frontier"))  # noqa: S608

"""The stream of changes, with filters."""

from archive.errors import UsageError
from archive.reader import Reader
from archive.records import ChangeKind
from archive.web.activity import SITES
from archive.web.page import Page
from archive.web.pages import entries
from archive.web.query import NotThere, Query
from archive.web.streams import Wanted, page_of_changes, tally_of_kinds


def changes(reader: Reader, query: Query) -> Page:
    """``/changes?kind=&site=&since=&until=``, the newest first."""
    kinds = query.kinds()
    wanted = Wanted(query.text("site"), tuple(kinds), query.when("since"), query.when("until"))
    page = query.number("page", 1)
    try:
        rows, more = page_of_changes(reader.connection, wanted, page)
    except OverflowError:
        raise UsageError("there is no such page") from None
    if page > 1 and not rows:
        raise NotThere(f"There is no page {page} of these changes.")
    named = ", ".join(kinds) or "all kinds"
    return Page(
        template="changes",
        title=f"Changes: {named}" + (f", {wanted.site}" if wanted.site else ""),
        data={"changes": rows, "page": page, "more": more},
        shown={
            "kinds": list(ChangeKind),
            "chosen": kinds,
            "site": wanted.site,
            "tally": tally_of_kinds(reader.connection, wanted.site),
            "sites": site_names(reader),
        },
        entries=[entries.of_change(row) for row in rows],
    )


def site_names(reader: Reader) -> list[str]:
    """Every site with articles, from an index."""
    sql = SITES + "SELECT site FROM sites WHERE site IS NOT NULL LIMIT 2000"  # noqa: S608
    return [row[0] for row in reader.connection.execute(sql)]

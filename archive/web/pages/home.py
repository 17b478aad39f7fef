"""The first page: sites, what is new, what changed, how the last run went, charts."""

from archive.reader import Reader
from archive.records import ChangeKind
from archive.web.activity import activity
from archive.web.numbers import site_numbers
from archive.web.page import Page
from archive.web.pages import entries
from archive.web.pages.accounts import alarms, newest_runs
from archive.web.query import Query
from archive.web.streams import Wanted, page_of_changes

CHANGED = tuple(kind.value for kind in ChangeKind if kind not in (ChangeKind.NEW, ChangeKind.TEMPLATE))
FEED = 50
SHOWN = 8


def home(reader: Reader, _: Query) -> Page:
    """What the archive holds, and what happened last. Its feed lists new articles."""
    connection = reader.connection
    new = page_of_changes(connection, Wanted(kinds=("new",)), per_page=FEED)[0]
    changed = page_of_changes(connection, Wanted(kinds=CHANGED), per_page=SHOWN + 2)[0]
    sites = site_numbers(reader)
    totals = {name: sum(site[name] for site in sites) for name in ("articles", "versions", "gone", "missing", "visits")}
    runs = newest_runs(reader, 1)
    return Page(
        template="home",
        title=f"{reader.path.name}: new articles",
        data={"totals": totals, "sites": sites, "new": new, "changes": changed, "runs": runs},
        shown={
            "new": new[:SHOWN],
            "charts": activity(connection).charts(),
            "alarms": alarms(reader),
            "today": _today(changed, new),
        },
        entries=[entries.of_change(row) for row in new],
    )


def _today(changed: list[dict[str, object]], new: list[dict[str, object]]) -> str | None:
    """The last day on which anything happened."""
    times = [str(row["changed_at"]) for row in (*changed[:1], *new[:1])]
    return max(times)[:10] if times else None

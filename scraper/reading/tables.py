"""Tables: which hold data, and what they say, row by row."""

from lxml.etree import _Element as Element

LONGEST_CELL = 600  # characters; a cell with more holds a part of the page


def is_data_table(element: Element) -> bool:
    """Whether a table holds data; a table for layout has one column, another table, or paragraphs in its cells."""
    rows = list(element.iter("tr"))
    if len(rows) < 2 or next(element.iterdescendants("table", "h1", "h2", "article", "form"), None) is not None:
        return False
    cells = [len([cell for cell in row if cell.tag in ("td", "th")]) for row in rows]
    if max(cells) < 2 or sum(count > 1 for count in cells) * 2 < len(rows):
        return False
    return max((sum(map(len, cell.itertext())) for cell in element.iter("td")), default=0) < LONGEST_CELL


def table_text(element: Element) -> str:
    """A table of data: a row a line, its cells apart by `` | ``."""
    rows = [
        [" ".join("".join(map(str, cell.itertext())).split()) for cell in row.iter("td", "th")]
        for row in element.iter("tr")
    ]
    return "\n".join(" | ".join(row) for row in rows if any(row))

"""The kinds of blocks under names of their own, for what is asked of every passage of a page.

To name a member of an enumeration is a look-up in it each time, and takes five times as long as the comparison.
"""

from archive.records import BlockKind

PARAGRAPH = BlockKind.PARAGRAPH
HEADING = BlockKind.HEADING
LIST_ITEM = BlockKind.LIST_ITEM
QUOTE = BlockKind.QUOTE
CAPTION = BlockKind.CAPTION
TABLE = BlockKind.TABLE
CODE = BlockKind.CODE

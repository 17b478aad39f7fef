"""A story's blocks as Markdown."""

from collections.abc import Iterable, Iterator

from archive.records import Block, BlockKind


def _block(block: Block) -> str:
    inline = block.markdown if block.markdown is not None else block.text
    match block.kind:
        case BlockKind.HEADING:
            return f"{'#' * min(max(block.level, 1), 6)} {inline}"
        case BlockKind.LIST_ITEM:
            marker = "1." if block.ordered else "-"
            return f"{'    ' * (max(block.level, 1) - 1)}{marker} {inline}"
        case BlockKind.QUOTE:
            return "\n".join(f"> {line}" for line in inline.split("\n"))
        case BlockKind.CODE:
            fence = "````" if "```" in inline else "```"
            return f"{fence}\n{inline}\n{fence}"
        case BlockKind.CAPTION:
            return inline if block.markdown is not None else f"*{inline}*"
        case _:
            return inline


def _pieces(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if not (block.text or block.markdown):
            continue
        if before is not None:
            in_list = before.kind is block.kind is BlockKind.LIST_ITEM and before.ordered == block.ordered
            yield "\n" if in_list else "\n\n"
        yield _block(block)
        before = block


def render(blocks: Iterable[Block]) -> str:
    """Markdown of ``blocks``: list items of one list on lines of their own, everything else apart by a blank line."""
    return "".join(_pieces(blocks))

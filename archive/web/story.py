"""A story's Markdown as HTML that can do nothing: no scripts, no handlers, no pictures from elsewhere, no styles."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

TAGS = set(
    "p h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a br hr table thead tbody tr th td span del ins".split()
)
PROSE = ("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th", "ul", "ol")
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
LONGEST = 2_000_000  # letters: beyond, the text is shown as it is


def _picture(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:  # noqa: ARG001
    """A picture is told, not fetched."""
    words = escape(tokens[place].content.strip())
    return f'<span class="picture">{words or "picture"}</span>'


@cache
def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": False}).enable(["table"])
    markdown.add_render_rule("image", _picture)
    return markdown


def _lowered(markdown: MarkdownIt, source: str) -> str:
    """Rendered, with headings one level down: the page has the headline for its first."""
    env: dict[str, Any] = {}
    tokens = markdown.parse(source, env)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return str(markdown.renderer.render(tokens, markdown.options, env))


def to_html(markdown: str) -> Markup:
    """Markdown as sanitised HTML; each block finds its own direction of writing."""
    if len(markdown) > LONGEST:
        return Markup('<pre dir="auto">{}</pre>').format(markdown)
    clean = nh3.clean(
        _lowered(_renderer(), markdown),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow external",
        set_tag_attribute_values={tag: {"dir": "auto"} for tag in PROSE},
        allowed_classes={"span": {"picture"}},
    )
    return Markup(clean)  # noqa: S704 - sanitised

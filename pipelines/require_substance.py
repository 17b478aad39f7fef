"""Whether what was read is enough of a story to be archived as one."""

from dataclasses import replace

from archive.records import Article, ArticleKind, Outcome, Visit
from archive.words import count_words

# Shortest items that news sites publish as articles: a flash of one or two sentences under a headline. Without a
# headline, a short text is far more often a stray page (a form, a notice) than a story.
FEWEST_WORDS = 15
FEWEST_WORDS_WITHOUT_HEADLINE = 50


def has_substance(article: Article) -> bool:
    """Whether ``article`` has a story's worth of words; pictures and films need only a headline and a line of text."""
    if article.part > 1:  # the rest of a story, however little of it is left
        return article.words > 0
    words = article.words_up_to(FEWEST_WORDS_WITHOUT_HEADLINE) + count_words(article.standfirst or "")
    if article.headline is None:
        return words >= FEWEST_WORDS_WITHOUT_HEADLINE
    if article.kind in (ArticleKind.GALLERY, ArticleKind.VIDEO):
        return words > 0
    return words >= FEWEST_WORDS


class RequireSubstance:
    """The stage: a visit whose article is too thin stays an observation."""

    def process_item(self, item: Visit) -> Visit:
        """``item``, with the outcome ``thin`` where there is too little to keep."""
        if item.outcome is not Outcome.ARTICLE or (item.article and has_substance(item.article)):
            return item
        return replace(item, outcome=Outcome.THIN)

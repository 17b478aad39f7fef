"""The day in an article's address."""

import re

from scraper.reading.moments import read_moment

URL_DAY = re.compile(
    r"/((?:19|20)\d\d)[/_-](\d{1,2})[/_-](\d{1,2})(?:[/_-]|$)|(?<!\d)((?:20)\d\d)-(\d\d)-(\d\d)(?!\d)|"
    r"[/_-]((?:20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)|"
    # an article's number that its time begins: A2026011309300001
    r"/[A-Za-z]{0,4}(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d{6}/)\d{2,12}(?=[/.?]|$)"
)
URL_DAY_FIRST = re.compile(r"[/_-](\d\d)[_-](\d\d)[_-](20\d\d)(?=[/_.-]|$)")
URL_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3})/(\d{1,2})(?:/|$)")


def url_day(url: str | None) -> str | None:
    """The day that an address names.

    >>> url_day("https://e.example/2026/01/13/ferry"), url_day("https://e.example/ferry")
    ('2026-01-13', None)
    """
    if not url:
        return None
    url = url.rpartition("/http:/")[2].rpartition("/https:/")[2]  # an archive's address ends in the page's own
    for match in URL_DAY.finditer(url):
        year, month, day = (part for part in match.groups() if part)
        if moment := read_moment(f"{year}-{int(month):02}-{int(day):02}"):
            return moment
    if (turned := URL_DAY_FIRST.search(url)) and (moment := read_moment(f"{turned[3]}-{turned[2]}-{turned[1]}")):
        return moment
    if named := URL_NAMED.search(url):
        return read_moment(f"{named[3]} {named[2]} {named[1]}")
    return None

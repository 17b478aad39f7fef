"""Which addresses this round has met: scrapy-redis' filter with short digests, since there is one for every address."""

from hashlib import blake2b
from typing import Any, Self

from scrapy import Request
from scrapy_redis.dupefilter import RFPDupeFilter

DIGEST_BYTES = 12  # of a billion addresses two meet with a probability of one in a hundred billion


def digest_of(url: str, modified_at: str | None = None) -> bytes:
    """What stands for ``url``; with ``modified_at`` for another look at it, because a list says that it changed."""
    return blake2b(f"{url}\n{modified_at or ''}".encode(errors="replace"), digest_size=DIGEST_BYTES).digest()


class Fingerprints(RFPDupeFilter):  # type: ignore[misc]
    """The filter over the run's own connection."""

    @classmethod
    def from_spider(cls, spider: Any) -> Self:
        """As the scheduler of scrapy-redis asks for it."""
        link = spider.frontier.link
        return cls(link.client, f"{link.prefix}dupefilter")

    def request_fingerprint(self, request: Request) -> bytes:
        """The digest of its address."""
        return digest_of(request.url)

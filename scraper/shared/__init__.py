"""One crawl by many workers: scrapy-redis, with hosts leased, so that nobody's work is lost and no host meets two."""

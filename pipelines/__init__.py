"""What happens between a page and the archive: ``STAGES``, in order, are Scrapy item pipelines and plain functions.

Every source of pages (the live web, WARC files, saved HTML, the archive itself) passes ``Visit`` records
through the same stages. A stage is a class with ``process_item(visit) -> visit``; what it does to the article is
a pure function of the same module.
"""

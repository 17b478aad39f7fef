"""Bytes to article: decode, parse once, traverse once, judge each passage, choose each field.

>>> from scraper.reading import read
>>> read(b"<html><body><h1>Title</h1><p>Text.").headline
'Title'
"""

from scraper.reading.assemble import READER, read, read_page
from scraper.reading.outcome import outcome_of
from scraper.reading.page import Page, parse

__all__ = ["READER", "Page", "outcome_of", "parse", "read", "read_page"]

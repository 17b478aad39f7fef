"""Pages from elsewhere than the live web: WARC files, saved HTML, text dumps. They take the same stages as a crawl."""

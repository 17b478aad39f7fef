"""Workers, a press and a Redis server, to measure and to test a shared crawl."""

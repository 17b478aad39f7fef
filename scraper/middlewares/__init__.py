"""What stands between the crawl and the network: guards, robots.txt, conditional requests, strict decoding."""

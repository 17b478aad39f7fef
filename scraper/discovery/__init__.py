"""What a site offers and what of it is worth fetching: pure parsers of robots.txt, sitemaps, feeds and links."""

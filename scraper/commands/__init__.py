"""The commands of the scraper layer, one subject a file."""

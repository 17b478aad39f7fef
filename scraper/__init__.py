"""How a page becomes an article."""

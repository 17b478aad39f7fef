"""What each page shows: pure functions of an open archive and what was asked."""

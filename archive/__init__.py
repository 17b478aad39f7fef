"""What is kept: facts, readings, and the ways to look at them."""

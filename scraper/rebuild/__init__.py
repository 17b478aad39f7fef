"""Making all readings again from captures and bodies, with the reader and the rules of now."""

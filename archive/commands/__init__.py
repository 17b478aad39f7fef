"""Commands that read and keep an archive. Each module holds a few of one subject; none loads what it may not need."""

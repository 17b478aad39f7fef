"""An invented newspaper: The Penmarrow Ledger, with two days of its life. Its prose stands in ``paper/``."""

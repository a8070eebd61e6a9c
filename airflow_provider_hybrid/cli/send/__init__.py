"""`hybrid send`."""

"""`hybrid suggest`."""

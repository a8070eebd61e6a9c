"""What AWS wraps around an event, one module each."""

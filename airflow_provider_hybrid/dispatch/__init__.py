"""One batch of messages on its way: planned, launched, settled."""

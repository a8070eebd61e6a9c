"""The queue: its client, the calls on it, and what its answers mean."""

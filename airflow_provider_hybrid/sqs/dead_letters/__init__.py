"""Dead letters: sending them with a reason, reading, choosing and sending them back."""

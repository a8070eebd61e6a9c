"""Dead letters: sent with a reason, read, chosen and sent back."""

"""The pages of `docs` that the code writes: ``make reference``."""

"""The pages of `docs/reference` that the code writes: ``make reference``."""

"""How a validator of the models refuses a value."""

from __future__ import annotations


class WrongValueError(ValueError):
    """A value that a setting cannot have.

    Args:
        problem: What is wrong with it: the words behind the setting's path.
        fix: What to write in its place.
    """

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}; {fix}")
        self.problem = problem
        self.fix = fix

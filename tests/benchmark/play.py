"""The order of play: round by round, contender by contender, load by load."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from tests.benchmark.contenders import make_contender
from tests.benchmark.loads import warm_up
from tests.benchmark.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmark.contenders import Contender
    from tests.benchmark.loads import Load
    from tests.benchmark.world import World


@dataclass(frozen=True)
class Program:
    """What is to be played."""

    rounds: int
    loads: Sequence[Load]
    contenders: Sequence[str]

    def play(self, world: World, report: Callable[[Measurement, float], None]) -> None:
        """Play all of it.

        Args:
            world: Where.
            report: Told each measurement and how many seconds it took.
        """
        contenders = [make_contender(world, name) for name in self.contenders]
        for number in range(1, self.rounds + 1):
            for contender in contenders:
                for counted in (False, True):
                    loads = [load for load in self._loads(contender.name, number) if load.counted is counted]
                    if loads:
                        world.connect(counted=counted)
                        with contender.turn():
                            warm_up(contender, 2 * number + counted)
                            for load in loads:
                                report(*_timed(load, contender, number))

    def _loads(self, contender: str, number: int) -> Iterator[Load]:
        return (load for load in self.loads if contender in load.contenders and number <= load.rounds)


def _timed(load: Load, contender: Contender, number: int) -> tuple[Measurement, float]:
    begin = monotonic()
    try:
        measurement = load.measure(contender, number)
    except TimeoutError as error:
        measurement = Measurement(load.name, contender.name, number, error=str(error))
    return measurement, monotonic() - begin

"""Many events in one run."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.batch import combine
from airflow_provider_hybrid.routing.delivery import Delivery
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.window import Window


def launch(
    number: int, *, route: str = "files", dag_id: str = "partner", max_events: int | None = 3
) -> Launch:
    return Launch(route, dag_id, f"{route}__{number}", {"n": number}, "why", max_events)


def delivery(*launches: Launch) -> Delivery:
    return Delivery(Message("m-" + "-".join(launch.trigger_run_id for launch in launches), ""), launches)


def events(combined: list[Delivery]) -> list[list[int]]:
    runs = {launch: None for delivery in combined for launch in delivery.launches}
    return [[conf["n"] for conf in launch.conf["events"]] for launch in runs]


def test_so_many_events_become_one_run() -> None:
    combined = combine([delivery(launch(number)) for number in range(7)])

    assert events(combined) == [[0, 1, 2], [3, 4, 5], [6]]
    assert [len(delivery.launches) for delivery in combined] == [1] * 7
    assert combined[0].launches == combined[2].launches != combined[3].launches


def test_the_same_events_make_the_same_run_in_any_order() -> None:
    one = combine([delivery(launch(1)), delivery(launch(2))])
    other = combine([delivery(launch(2)), delivery(launch(1))])

    assert one[0].launches[0].trigger_run_id == other[0].launches[0].trigger_run_id
    assert one[0].launches[0].trigger_run_id.startswith("files__2-events__")


def test_other_events_make_another_run() -> None:
    one, other = combine([delivery(launch(1))]), combine([delivery(launch(2))])

    assert one[0].launches[0].trigger_run_id != other[0].launches[0].trigger_run_id


def test_an_event_that_came_twice_is_in_its_run_once() -> None:
    combined = combine([delivery(launch(1)), delivery(launch(1)), delivery(launch(2))])

    assert events(combined) == [[1, 2]]
    assert combined[0].launches == combined[1].launches


def test_a_message_may_wait_for_several_runs() -> None:
    combined = combine([delivery(*(launch(number) for number in range(5)))])

    assert len(combined[0].launches) == 2


def test_routes_and_dags_do_not_mix() -> None:
    combined = combine(
        [delivery(launch(1)), delivery(launch(2, route="other")), delivery(launch(3, dag_id="third"))]
    )

    assert events(combined) == [[1], [2], [3]]


def test_what_asks_for_a_run_of_its_own_gets_it() -> None:
    alone = delivery(launch(1, max_events=None))

    assert combine([alone, delivery(launch(2))])[0] == alone


def sent(number: int, at: int, window: Window | None = None) -> Delivery:
    message = Message(f"m-{number}", "", {"SentTimestamp": str(at * 1000)})
    return Delivery(message, (replace(launch(number), window=window),))


def test_the_events_of_a_run_have_the_order_of_sending() -> None:
    assert events(combine([sent(2, at=20), sent(3, at=30), sent(1, at=10)])) == [[1, 2, 3]]


def test_windows_share_no_run_and_a_run_says_which_one_it_is_of() -> None:
    morning, evening = Window("a", 0, 60), Window("a", 60, 120)

    combined = combine([sent(1, 1, morning), sent(2, 61, evening), sent(3, 2, morning)])

    confs = [delivery.launches[0].conf for delivery in combined]
    assert [conf["window"] for conf in confs] == [morning.conf, evening.conf, morning.conf]
    assert events(combined) == [[1, 3], [2]]


def test_an_event_that_was_sent_in_two_windows_is_in_the_earlier_one() -> None:
    morning, evening = Window("a", 0, 60), Window("a", 60, 120)

    combined = combine([sent(1, 61, evening), sent(1, 1, morning), sent(2, 62, evening)])

    assert events(combined) == [[1], [2]]

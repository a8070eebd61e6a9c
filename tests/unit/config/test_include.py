"""Routes in several Variables, and routes that are broken: the others go on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.read import load_config, parse_config
from airflow_provider_hybrid.config.variable import included_text
from airflow_provider_hybrid.exceptions import ConfigError, UnreadableError

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events"


def route(name: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "event_pattern": {"source": [name]}, "trigger_dag_id": f"dag_{name}", **changes}


def parse(*routes: Any, include: tuple[str, ...] = (), **variables: Any) -> DispatcherConfig:
    """Parse a configuration with these routes; the Variables hold JSON, or text as it is."""
    texts = {name: held if isinstance(held, str) else json.dumps(held) for name, held in variables.items()}
    document = {"queue_url": QUEUE_URL, "routes": list(routes), "include": include}
    return parse_config(json.dumps(document), "main", lambda name: included_text(texts.get(name), name))


def names(config: DispatcherConfig) -> list[str]:
    return [route.name for route in config.compiled_routes]


def texts(config: DispatcherConfig) -> tuple[str, ...]:
    return tuple(map(str, config.broken.faults))


def test_one_broken_route_does_not_stop_the_others() -> None:
    config = parse(route("a"), route("b", pattern={}), route("c"))

    assert names(config) == ["a", "c"]
    assert texts(config) == ("routes[1].pattern: unknown key, did you mean 'event_pattern'?",)


def test_a_route_whose_name_is_taken_is_broken_and_the_first_one_goes_on() -> None:
    config = parse(route("a"), route("a", trigger_dag_id="another"))

    assert config.dag_ids == ["dag_a"]
    assert "routes[1].name: 'a' is also the name of routes[0]" in texts(config)[0]


def test_a_key_that_stands_twice_in_a_route_breaks_this_route() -> None:
    text = json.dumps({"queue_url": QUEUE_URL, "routes": [route("a"), route("b")]})

    config = parse_config(text.replace('"name": "b"', '"name": "b", "name": "b"'))

    assert names(config) == ["a"]
    assert texts(config) == ("routes[1].name: stands more than once in its object; keep one",)


def test_a_configuration_without_a_valid_route_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"'main' has 2 fault\(s\)"):
        parse(route("a", pattern={}), route("b", event_pattern=1))


def test_a_fault_outside_of_the_routes_stops_all() -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps({"routes": [route("a"), route("b", pattern={})]}))

    assert "queue_url: is missing" in str(raised.value)
    assert "routes[1].pattern: unknown key" in str(raised.value)


def test_an_event_that_no_valid_route_wants_may_be_meant_for_a_broken_one() -> None:
    broken = parse(route("a"), route("b", pattern={}), route("c", event_pattern={"x": "y"})).broken

    assert broken.may_want({"source": "nobody's"}, is_wanted=False)
    assert broken.may_want({"source": "b"}, is_wanted=True), "its pattern can be read"
    assert not broken.may_want({"source": "a"}, is_wanted=True)
    assert not parse(route("a")).broken.may_want({"source": "nobody's"}, is_wanted=False)


def test_included_variables_hold_further_routes() -> None:
    config = parse(route("a"), include=("team_b", "team_c"), team_b=[route("b")], team_c=[route("c")])

    assert names(config) == ["a", "b", "c"]
    assert list(config.places) == ["routes[0]", "team_b[0]", "team_c[0]"]


def test_all_routes_may_be_in_included_variables() -> None:
    assert names(parse(include=("team_b",), team_b=[route("b")])) == ["b"]


@pytest.mark.parametrize(
    ("held", "fault"),
    [
        ([route("b", note="{{")], "team_b[0].note: not a Jinja template"),
        ([route("b", pattern={})], "team_b[0].pattern: unknown key, did you mean 'event_pattern'?"),
        ([route("b", batch={"max_event": 1})], "did you mean 'max_events'?"),
        ([route("a")], "team_b[0].name: 'a' is also the name of routes[0]"),
        (["b"], 'team_b[0]: is no object; write one, in curly braces; value found: "b"'),
        ({"routes": []}, "team_b: it is no list; write the routes as a list"),
        ("[{", "team_b: it is not JSON"),
        ('[{"name": "b", "name": "b"}]', "team_b[0].name: stands more than once"),
    ],
)
def test_a_broken_included_variable_is_named_and_stops_no_other(held: Any, fault: str) -> None:
    config = parse(route("a"), include=("team_b", "team_c"), team_b=held, team_c=[route("c")])

    assert names(config) == ["a", "c"]
    assert fault in "\n".join(texts(config))


def test_an_included_variable_that_is_missing_stops_no_other() -> None:
    config = parse(route("a"), include=("team_b",))

    assert names(config) == ["a"]
    (fault,) = texts(config)
    assert fault.startswith("team_b: this Airflow Variable does not exist; create it with a list of routes")


def test_they_are_read_through_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_MAIN", json.dumps({"queue_url": QUEUE_URL, "include": ["team_b"]}))
    monkeypatch.setenv("AIRFLOW_VAR_TEAM_B", json.dumps([route("b")]))

    assert names(load_config("main")) == ["b"]


@pytest.mark.usefixtures("supervisor")
def test_a_change_of_an_included_variable_is_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_MAIN", json.dumps({"queue_url": QUEUE_URL, "include": ["team_b"]}))
    monkeypatch.setenv("AIRFLOW_VAR_TEAM_B", json.dumps([route("b")]))
    before = load_config("main")
    assert load_config("main") == before

    monkeypatch.setenv("AIRFLOW_VAR_TEAM_B", json.dumps([route("b"), route("c", pattern={})]))
    assert load_config("main") != before


def test_a_variable_called_routes_cannot_take_the_places_of_the_own_routes() -> None:
    config = parse(route("a"), include=("routes",), routes=[route("b")])

    assert names(config) == ["a"]
    assert texts(config)[0].startswith("routes: a Variable of this name cannot be included")


def test_a_variable_that_airflow_does_not_give_now_breaks_no_route() -> None:
    """What its routes want is not known: messages are not to be settled without them."""

    def read_included(name: str) -> str:
        raise UnreadableError("the API server answers 500")

    document = {"queue_url": QUEUE_URL, "routes": [route("a")], "include": ["team"]}

    with pytest.raises(UnreadableError):
        parse_config(json.dumps(document), "main", read_included)


def test_a_route_of_a_fifo_queue_whose_events_would_wait_is_broken_unless_it_is_off() -> None:
    def parse_fifo(**changes: Any) -> DispatcherConfig:
        routes = [route("a"), route("b", delay_seconds=60, **changes)]
        return parse_config(json.dumps({"queue_url": f"{QUEUE_URL}.fifo", "routes": routes}))

    assert names(parse_fifo()) == ["a"]
    assert texts(parse_fifo())[0].startswith("routes[1]: 'delay_seconds', 'window_seconds' and")
    assert texts(parse_fifo(enabled=False)) == ()


def test_the_expectation_of_a_broken_route_is_looked_at_all_the_same() -> None:
    routes = [route("a"), route("b", pattern={}), route("c", enabled=False)]
    expect = [{"route": name, "by": "07:00"} for name in "abc"]

    config = parse_config(json.dumps({"queue_url": QUEUE_URL, "routes": routes, "expect": expect}))

    assert [one.route for one in config.expectations] == ["a", "b"], "nothing can come of a route that is off"

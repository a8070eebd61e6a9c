"""What comes of an event by a configuration's routes, and what a test expects of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, NoReturn

from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.events.event import Event, quoted
from airflow_provider_hybrid.events.headline import Headline
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.routing.explain import Verdict
from airflow_provider_hybrid.routing.launch import Launch
from airflow_provider_hybrid.routing.miss import failed_condition, why_no_match
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.window import ON_THE_WAY
from airflow_provider_hybrid.testing.advice import advice, advice_on_template
from airflow_provider_hybrid.testing.differences import differences, shown


class _Reason(NamedTuple):
    """Why a route starts nothing for an event.

    Args:
        route: The route's name.
        text: The reason.
        to_do: What to do about it.
    """

    route: str
    text: str
    to_do: str


class Outcome:
    """What comes of an event. Each method fails the test with a sentence unless it is as expected.

    Each method returns the outcome, so that one may follow another. `Routes.given` makes it.
    """

    def __init__(self, config: DispatcherConfig, message: Message) -> None:
        self._config = config
        self._message = message
        self._explanation = config.explain(message)
        self._others = list(self.launches)

    @property
    def launches(self) -> tuple[Launch, ...]:
        """The DAG runs that start, each with DAG id, run id, conf and note."""
        return self._explanation.delivery.launches

    def starts(
        self,
        dag_id: str,
        *,
        conf: Mapping[str, Any] | None = None,
        run_id: str | None = None,
        note: str | None = None,
        route: str | None = None,
        after: timedelta | None = None,
        window: timedelta | None = None,
    ) -> Outcome:
        """Expect a run of a DAG. Others may start beside it, unless `nothing_else` follows.

        Args:
            dag_id: The DAG.
            conf: The run's whole conf. Of the conf of a window you may leave out ``window``, whose moments
                depend on when the message was sent.
            run_id: The run's id.
            note: The note that the route gives it.
            route: The name of the route that asks for it.
            after: How long after the event was sent, or after the end of its window, the run is due.
            window: How long the window lasts whose events share the run.

        Raises:
            AssertionError: If there is no such run.
        """
        __tracebackhide__ = True
        runs = [run for run in self.launches if run.trigger_dag_id == dag_id and route in (None, run.route)]
        if not runs:
            by = f" by the route {route!r}" if route else ""
            self._fail(f"no run of DAG {dag_id!r} starts{by}", self._about_names(dag_id, route))
        wanted = {"conf": conf, "run_id": run_id, "note": note, "after": after, "window": window}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        told = [(run, self._differences(wanted, run)) for run in runs]
        # Two runs of one DAG may both be as wanted: then the next one is meant.
        run, found = min(told, key=lambda pair: (len(pair[1]), pair[0] not in self._others))
        if found:
            head = f"the run of DAG {dag_id!r} that the route {run.route!r} starts is another one"
            to_do = f"to do: mend the route {run.route!r}, or what the test expects"
            raise AssertionError("\n  ".join([f"{head}:", *found, to_do]))
        if run in self._others:
            self._others.remove(run)
        return self

    def nothing_else(self) -> Outcome:
        """Expect that no run starts but those that `starts` has named.

        Raises:
            AssertionError: If a further one starts; names each.
        """
        __tracebackhide__ = True
        if self._others:
            lines = [
                "more starts than was expected:",
                *map(_told, self._others),
                "to do: if it is right, expect it too, with another starts(); if not, let the "
                "'event_pattern' of its route say more",
            ]
            raise AssertionError("\n  ".join(lines))
        return self

    def starts_nothing(self, because: str | None = None, *, route: str | None = None) -> Outcome:
        """Expect that no run starts.

        Args:
            because: A part of the reason: the field whose condition fails, as ``detail.object.size``, or
                words of it, as ``switched off``. Any of the routes' reasons may be the one.
            route: The name of the route whose reason it must be. Other routes may then start runs.

        Raises:
            AssertionError: If a run starts, or if nothing starts for other reasons.
        """
        __tracebackhide__ = True
        runs = [run for run in self.launches if route in (None, run.route)]
        if runs:
            lines = [
                "nothing was expected to start, and this does:",
                *map(_told, runs),
                "to do: if it is right, expect it, with starts(); if not, let the 'event_pattern' of its "
                "route say more",
            ]
            raise AssertionError("\n  ".join(lines))
        reasons = [reason for reason in self._reasons() if route in (None, reason.route)]
        if route and not reasons:
            self._fail(f"the route {route!r} gives no reason", self._about_names(None, route))
        texts = [reason.text for reason in reasons] + ([] if route else [self._explanation.ending])
        if because is not None and not any(because in text for text in texts):
            self._fail(f"nothing starts, but not because of {because!r}")
        return self

    def is_deleted(self) -> Outcome:
        """Expect that the message is deleted, once its runs exist.

        Raises:
            AssertionError: If it is not.
        """
        __tracebackhide__ = True
        if self._explanation.delivery.rejection:
            self._fail("the message is not deleted")
        return self

    def is_dead_lettered(self, because: str | None = None) -> Outcome:
        """Expect that the message goes to the dead-letter queue.

        Args:
            because: A part of the reason: ``Unmatched``, ``MessageParseError``, ``RouteError``, or words of
                it.

        Raises:
            AssertionError: If it does not, or does for another reason.
        """
        __tracebackhide__ = True
        return self._is_rejected("the message does not go to the dead-letter queue", because, leave=False)

    def stays(self, because: str | None = None) -> Outcome:
        """Expect that the message stays in the queue.

        Args:
            because: A part of the reason.

        Raises:
            AssertionError: If it does not, or does for another reason.
        """
        __tracebackhide__ = True
        return self._is_rejected("the message does not stay in the queue", because, leave=True)

    def __repr__(self) -> str:
        """Name the runs, and what becomes of the message."""
        runs = ", ".join(run.trigger_dag_id for run in self.launches) or "nothing"
        return f"<Outcome: starts {runs}; the message: {self._explanation.ending}>"

    def _is_rejected(self, sentence: str, because: str | None, *, leave: bool) -> Outcome:
        __tracebackhide__ = True
        delivery = self._explanation.delivery
        if delivery.rejection is None or delivery.leave != leave:
            self._fail(sentence)
        reason = f"{delivery.rejection.error_type}: {delivery.rejection.error_message}"
        if because is not None and because not in reason:
            self._fail(f"the message is rejected, but not because of {because!r}")
        return self

    def _differences(self, wanted: Mapping[str, Any], run: Launch) -> list[str]:
        """Name what a run has otherwise than wanted."""
        asked = self._asked_for(run)
        window = asked.window
        found: dict[str, Any] = {
            "conf": run.conf,
            "run_id": run.trigger_run_id,
            "note": run.note,
            "window": timedelta(seconds=window.ends - window.begins) if window else None,
            "after": self._due_after(asked),
        }
        conf = wanted.get("conf")
        if window and conf is not None and "window" not in conf:
            found["conf"] = {key: value for key, value in run.conf.items() if key != "window"}
        return [said for name, value in wanted.items() for said in differences(value, found[name], (name,))]

    def _asked_for(self, run: Launch) -> Launch:
        """Return the launch that an event asked for, before it was put together with those of other events.

        A run that events share says neither when it is due nor in which window they are.
        """
        asked = (
            verdict.launch
            for _, verdicts in self._explanation.verdicts
            for verdict in verdicts
            if verdict.launch
        )
        place = run.route, run.trigger_dag_id
        return next(one for one in asked if (one.route, one.trigger_dag_id) == place)

    def _due_after(self, run: Launch) -> timedelta:
        begin = run.window.ends + ON_THE_WAY if run.window else self._message.sent_at or 0
        return timedelta(seconds=round(run.due_at - begin, 3) if run.due_at else 0)

    def _fail(self, sentence: str, to_do: str = "") -> NoReturn:
        """Raise the error that says what comes of the event, and why."""
        __tracebackhide__ = True
        lines = [f"{sentence}."]
        for event, verdicts in self._explanation.verdicts:
            lines += [f"  event: {_named(event)}"]
            for reason in self._reasons_on(event, verdicts):
                lines += [f"    route {reason.route!r}: {reason.text}", f"      to do: {reason.to_do}"]
        lines += [_told(run, "  starts: ") for run in self.launches]
        lines += [f"  the message: {self._explanation.ending}"]
        if self._explanation.hint:
            lines += [f"  {self._explanation.hint}"]
        if to_do:
            lines += [f"  to do: {to_do}"]
        raise AssertionError("\n".join(lines))

    def _reasons(self) -> list[_Reason]:
        found = self._explanation.verdicts
        return [reason for event, verdicts in found for reason in self._reasons_on(event, verdicts)]

    def _reasons_on(self, event: Event, verdicts: Sequence[Verdict]) -> Iterator[_Reason]:
        """Say why each route starts nothing for an event, those included that are switched off."""
        envelope = event.as_dict()
        routes = {route.name: route for route in self._config.compiled_routes}
        for verdict in verdicts:
            if verdict.reason:
                text = verdict.reason.removeprefix(f"route {verdict.route!r}, ")
                yield _Reason(verdict.route, text, _to_do(routes[verdict.route], envelope, verdict.reason))
        for route in self._config.routes:
            if route.enabled:
                continue
            compiled = route.compile(self._config.run_ids)
            if why := why_no_match(compiled.event_pattern, envelope):
                yield _Reason(route.name, f"is switched off; also {why}", _to_do(compiled, envelope, why))
            else:
                to_do = 'take "enabled": false off the route, and it wants this event'
                yield _Reason(route.name, "is switched off ('enabled' is false)", to_do)

    def _about_names(self, dag_id: str | None, route: str | None) -> str:
        """Say so if no route has the expected name, or names the expected DAG."""
        by_name = {one.name: one for one in self._config.routes}
        if route is not None and route not in by_name:
            return f"there is no route {route!r}{_instead(route, list(by_name))}"
        dag_ids = sorted({one.trigger_dag_id for one in by_name.values()})
        if dag_id is None or dag_id in dag_ids or any("{" in one for one in dag_ids):
            return ""
        if dag_id in by_name:
            meant = by_name[dag_id].trigger_dag_id
            return f"{dag_id!r} is the name of a route; the DAG that it starts is {meant!r}: expect that one"
        return f"no route starts a DAG {dag_id!r}{_instead(dag_id, dag_ids)}"


def _to_do(route: Route, envelope: Mapping[str, Any], reason: str) -> str:
    if route.event_pattern.matches(envelope):
        return advice_on_template(reason, envelope)
    path, condition = failed_condition(route.event_pattern, envelope)
    if not path:
        return "look at the conditions on the elements of arrays: one element must meet all of them"
    return advice(path, condition, envelope)


def _named(event: Event) -> str:
    headline = Headline.of(event)
    subject = f", {headline.subject}" if headline.subject else ""
    return f"{quoted(event.detail_type)} of {quoted(event.source)}{subject}"


def _told(run: Launch, begin: str = "") -> str:
    return f"{begin}a run of DAG {run.trigger_dag_id!r}, by the route {run.route!r}, conf {shown(run.conf)}"


def _instead(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(map(repr, known))}"

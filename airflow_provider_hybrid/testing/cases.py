"""Cases: events, and what is expected of each, as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from airflow_provider_hybrid.config.base import Model
from airflow_provider_hybrid.config.document import read_document
from airflow_provider_hybrid.config.faults import describe, refusal, repetition
from airflow_provider_hybrid.documentation import SITE
from airflow_provider_hybrid.testing.file import text_of
from airflow_provider_hybrid.testing.outcome import Outcome
from airflow_provider_hybrid.testing.routes import Routes
from airflow_provider_hybrid.testing.samples.make import QUEUE, sample_message
from airflow_provider_hybrid.testing.samples.sample import SampleError


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class SampleConfig(Model):
    """An event as its producer sends it; all other keys are what the producer says, as 'bucket' and 'key'."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(description="What happened: 's3:ObjectCreated:Put', 'kinesis:record', 'json', ...")
    via: Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])] = Field(
        default=[], description="The way to the queue, or several in their order: 'sns', 'eventbridge', ..."
    )
    queue: str = Field(default=QUEUE, description="The queue that a record or the interceptor names.")
    sent_at: Annotated[AwareDatetime | None, Field(strict=False)] = Field(
        default=None, description="When SQS got the message, as in '2026-11-22T02:00:00Z'."
    )
    message_attributes: dict[str, str] = Field(
        default={}, description="Attributes that the producer gave to the message."
    )
    group_id: str | None = Field(default=None, description="The message group.")
    deduplication_id: str | None = Field(default=None, description="The deduplication id.")

    @model_validator(mode="after")
    def _can_be_made(self) -> SampleConfig:
        try:
            self.message()
        except SampleError as error:
            raise ValueError(str(error)) from None
        return self

    def message(self) -> dict[str, Any]:
        """Return the whole message."""
        said = {name: getattr(self, name) for name in self.model_fields_set - {"comment"}}
        return sample_message(**said)


class ExpectedRun(Model):
    """A DAG run that must start; what is left out may be anything."""

    dag_id: str = Field(description="The DAG.")
    conf: dict[str, Any] | None = Field(default=None, description="The run's whole conf.")
    run_id: str | None = Field(default=None, description="The run's id.")
    note: str | None = Field(default=None, description="The note that the route gives it.")
    route: str | None = Field(default=None, description="The name of the route that asks for it.")
    after_seconds: int | None = Field(
        default=None,
        ge=0,
        description="Seconds from the sending of the event, or from the end of its window, to the run.",
    )
    window_seconds: int | None = Field(
        default=None, ge=1, description="Seconds that the window lasts whose events share the run."
    )


class Case(Model):
    """An event, and what must come of it."""

    name: str = Field(min_length=1, description="What the case shows, in words.")
    sample: SampleConfig | None = Field(default=None, description="An event, made for the test.")
    event: Any = Field(default=None, description="An event as its producer sends it: the body of a message.")
    message: dict[str, Any] | None = Field(
        default=None, description="A message, as `aws sqs receive-message` prints it."
    )
    starts: list[ExpectedRun] = Field(description="The runs that must start, and no others; [] for none.")
    because: str | None = Field(
        default=None,
        description="A part of the reason why nothing starts, or why the message is rejected: the field "
        "whose condition fails, as 'detail.object.size', or words of it.",
    )
    ends: Literal["deleted", "dead_letter", "stays"] | None = Field(
        default=None, description="What becomes of the message."
    )

    @model_validator(mode="after")
    def _has_one_event(self) -> Case:
        given = self.model_fields_set & {"sample", "event", "message"}
        if len(given) != 1:
            raise ValueError("has no event, or several; give it one of 'sample', 'event' and 'message'")
        if self.because is not None and self.starts and self.ends in {None, "deleted"}:
            raise ValueError("has a 'because', which is for what starts nothing or is rejected; leave it out")
        return self

    def failure(self, routes: Routes) -> str:
        """Try the event; return why what came of it is not as expected, empty if it is.

        Args:
            routes: The routes.
        """
        event = self.sample.message() if self.sample else self.event if self.message is None else self.message
        try:
            self._compare(routes.given(event))
        except (AssertionError, ValueError) as error:
            return str(error)
        return ""

    def _compare(self, outcome: Outcome) -> None:
        for run in self.starts:
            outcome.starts(
                run.dag_id,
                conf=run.conf,
                run_id=run.run_id,
                note=run.note,
                route=run.route,
                after=_seconds(run.after_seconds),
                window=_seconds(run.window_seconds),
            )
        if self.starts:
            outcome.nothing_else()
            if len(self.starts) > len(outcome.launches):
                raise AssertionError(
                    f"{len(self.starts)} runs are expected, and {len(outcome.launches)} start; leave out of "
                    "'starts' what stands there twice"
                )
        else:
            outcome.starts_nothing(self.because)
        because = self.because if self.starts else None
        if self.ends == "deleted":
            outcome.is_deleted()
        elif self.ends == "dead_letter":
            outcome.is_dead_lettered(because)
        elif self.ends == "stays":
            outcome.stays(because)


class Cases(Model):
    """The whole document."""

    address: str | None = Field(
        default=None, alias="$schema", description="Where this schema is, for editors; ignored."
    )
    configuration: str | None = Field(
        default=None,
        description="The configuration's file, as seen from this one; `--config` goes before it.",
    )
    cases: list[Case] = Field(min_length=1, description="The cases.")


SCHEMA_URL = f"{SITE}schema/hybrid_cases-1.json"
"""Where the JSON schema of the document is published."""

_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Cases,
    ("cases",): Case,
    ("cases", "starts"): ExpectedRun,
}


def read_cases(file: Path) -> Cases:
    """Read cases from their file.

    Args:
        file: The file.

    Raises:
        ConfigError: If it cannot be read, is not JSON, or has a fault: names each path, the value found and
            the fix.
    """
    try:
        document, repeated = read_document(text_of(file))
    except (ValueError, RecursionError) as error:
        raise refusal(
            repr(str(file)), [f"it is not JSON: {error}. Mend the document at that place."]
        ) from None
    faults = [repetition(path) for path in repeated]
    try:
        cases = Cases.model_validate(document)
    except ValidationError as error:
        faults += [describe(fault, _MODELS) for fault in error.errors(include_url=False)]
    else:
        faults += _same_names(cases)
    if faults:
        raise refusal(repr(str(file)), faults)
    return cases


def _same_names(cases: Cases) -> Iterator[str]:
    names = [case.name for case in cases.cases]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield f"cases[{index}].name: {name!r} is also the name of cases[{names.index(name)}]; change one"


def _seconds(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)

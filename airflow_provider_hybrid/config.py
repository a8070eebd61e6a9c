"""The dispatcher's configuration: one Airflow Variable, a JSON document. Its only reader."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Annotated, Any, TypeVar

from jinja2 import TemplateError
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from airflow_provider_hybrid.config_document import document_text, read_document
from airflow_provider_hybrid.config_faults import describe, refusal
from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.exceptions import ConfigError, dotted
from airflow_provider_hybrid.patterns.pattern import EventPattern
from airflow_provider_hybrid.queue_config import Model, QueueConfig
from airflow_provider_hybrid.routing.route import Route, is_dag_id
from airflow_provider_hybrid.routing.router import Unmatched
from airflow_provider_hybrid.routing.routes import Routes
from airflow_provider_hybrid.routing.template import compile_template

T = TypeVar("T")

DEFAULT_VARIABLE = "hybrid_dispatcher"


def _compilable(template: T) -> T:
    try:
        compile_template(template)
    except TemplateError as error:
        raise ValueError(f"not a Jinja template: {error}") from None
    return template


Template = Annotated[str, AfterValidator(_compilable)]


class BatchConfig(Model):
    """How many events become one run."""

    max_events: int = Field(ge=1, le=1000, description="The most events in one run, as `conf.events`.")


class RouteConfig(Model):
    """One entry of ``routes``; templates are Jinja's, over ``event`` and ``message``."""

    name: str = Field(
        pattern=r"^[A-Za-z0-9_.-]{1,100}$", description="Unique; the first part of every run id."
    )
    event_pattern: dict[str, Any] = Field(description="The events it wants: an EventBridge event pattern.")
    trigger_dag_id: Template = Field(
        min_length=1, description="The DAG that runs for each of them; may be a template."
    )
    conf: Annotated[dict[str, Any], AfterValidator(_compilable)] | None = Field(
        default=None, description="The run's conf, its strings templates. Without it: the whole event."
    )
    event_id: Template | None = Field(
        default=None,
        description="What makes an event the same event again, a template. Without it: the event's id.",
    )
    note: Template | None = Field(default=None, description="The run's note, a template.")
    batch: BatchConfig | None = Field(default=None, description="Many events become one run.")
    enabled: bool = Field(default=True, description="With false, it wants no event.")

    @field_validator("trigger_dag_id")
    @classmethod
    def _dag_id_is_right(cls, value: str) -> str:
        if "{" not in value and not is_dag_id(value):
            raise ValueError("is no DAG id: up to 250 letters, digits, '_', '-' and '.'")
        return value

    @field_validator("event_pattern")
    @classmethod
    def _pattern_is_right(cls, value: dict[str, Any]) -> dict[str, Any]:
        EventPattern(value)
        return value

    @property
    def has_fixed_dag_id(self) -> bool:
        """Whether ``trigger_dag_id`` is a DAG's id, and not a template for one."""
        return "{" not in self.trigger_dag_id

    def compile(self) -> Route:
        """Return the route, ready to be asked."""
        return Route(
            name=self.name,
            event_pattern=self.event_pattern,
            trigger_dag_id=self.trigger_dag_id,
            conf=self.conf,
            event_id=self.event_id,
            note=self.note,
            max_events=self.batch.max_events if self.batch else None,
        )


class DispatcherConfig(QueueConfig):
    """The whole document."""

    # A run of the dispatcher takes its seconds whatever it carries.
    max_messages: int = Field(default=2000, ge=1, le=5000, description="Messages in one batch.")
    unmatched: Unmatched = Field(
        default="dead_letter", description="What happens to a message with an event that no route wants."
    )
    s3_keys: S3Keys = Field(
        default="auto",
        description="How S3's notifications write object keys: 'encoded' as S3 does, 'raw' as they are in "
        "the store, 'auto' by what the notification says of the store.",
    )
    max_queued_runs: int | None = Field(
        default=1000,
        ge=2,
        description="The most queued runs that the routes' DAGs may hold together; with more than half of "
        "them nothing is received. null: no limit.",
    )
    routes: list[RouteConfig] = Field(min_length=1, description="Every route that wants an event gets it.")

    @model_validator(mode="after")
    def _names_are_unique(self) -> DispatcherConfig:
        names = [route.name for route in self.routes]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise ValueError(
                    f"routes[{index}].name: {name!r} is also the name of routes[{names.index(name)}]; "
                    "run ids begin with it, so give each route a name of its own"
                )
        return self

    @property
    def dag_ids(self) -> list[str]:
        """The DAGs that enabled routes name outright; a template's become known with a message only."""
        routes = (route for route in self.routes if route.enabled and route.has_fixed_dag_id)
        return sorted({route.trigger_dag_id for route in routes})

    @property
    def full_batch(self) -> int:
        """How many messages fill every batch that enabled routes ask for; 1 if none batches."""
        routes = (route for route in self.routes if route.enabled)
        return max((route.batch.max_events if route.batch else 1 for route in routes), default=1)

    @cached_property
    def compiled_routes(self) -> Routes:
        """The routes that are enabled, ready to be asked."""
        return Routes(route.compile() for route in self.routes if route.enabled)


_MODELS: dict[int, type[BaseModel]] = {1: DispatcherConfig, 3: RouteConfig, 4: BatchConfig}
"""Each by the number of parts in its keys' paths: ``routes[0].batch.max_events`` has four."""


def load_config(variable: str = DEFAULT_VARIABLE) -> DispatcherConfig:
    """Read and check the dispatcher's Variable; for a task on a worker, never for a DAG file.

    Args:
        variable: The Variable's key.

    Raises:
        ConfigError: If the Variable is missing or wrong; names each path, the value found and the fix.
    """
    return parse_config(read_variable(variable), variable)


def read_variable(variable: str) -> str:
    """Read the text of the dispatcher's Variable.

    Args:
        variable: The Variable's key.

    Raises:
        ConfigError: If there is none, or its value has no form in JSON.
    """
    # `hybrid` reads configurations too, and need not wait for Airflow.
    from airflow.sdk import Variable

    value = Variable.get(variable, default=None)
    if value is None:
        raise ConfigError(
            f"Airflow Variable {variable!r} does not exist. Create it under Admin > Variables (or with "
            f"`airflow variables set {variable} '...'`); `hybrid init` writes a document to start from."
        )
    return variable_text(value, variable)


def variable_text(value: object, variable: str) -> str:
    """Return a Variable's value as text, also where a secrets backend hands over an object.

    Args:
        value: What Airflow returns.
        variable: The Variable's key.

    Raises:
        ConfigError: If the value has no form in JSON.
    """
    try:
        return document_text(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"Airflow Variable {variable!r} is a {type(value).__name__} that JSON cannot write: {error}. "
            "Give the secrets backend the document as text."
        ) from None


@lru_cache
def parse_config(text: str, origin: str = DEFAULT_VARIABLE) -> DispatcherConfig:
    """Read a configuration from its JSON text; the same text need not be read twice.

    Args:
        text: The document.
        origin: What errors call it: the Variable's key or a file's name.

    Raises:
        ConfigError: If it is not JSON or not a configuration; names each path, the value found and the fix.
    """
    found = find_faults(text)
    if isinstance(found, DispatcherConfig):
        return found
    raise refusal(repr(origin), found)


def find_faults(text: str) -> DispatcherConfig | list[str]:
    """Read a configuration from its JSON text, or say all that is wrong with it.

    Args:
        text: The document.

    Returns:
        The configuration; or its faults, a sentence each with the path, the value found and the fix.
    """
    try:
        document, repeated = read_document(text)
    except (ValueError, RecursionError) as error:
        return [f"it is not JSON: {error}. Mend the document at that place."]
    faults = [f"{dotted(path)}: stands more than once in its object; keep one" for path in repeated]
    try:
        config = DispatcherConfig.model_validate(document)
    except ValidationError as error:
        return faults + [describe(fault, _MODELS) for fault in error.errors(include_url=False)]
    return faults or config

"""The page of the Variable, from the models that read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from airflow_provider_hybrid.config.expect import ExpectConfig
from airflow_provider_hybrid.config.models import DispatcherConfig
from airflow_provider_hybrid.config.route import BatchConfig, RouteConfig

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from airflow_provider_hybrid.config.base import Model

INTRODUCTION = """\
# The Variable

<!-- written by `make reference` from the models that read the Variable -->

A dispatcher's configuration is one JSON object in an Airflow Variable: `hybrid_dispatcher`, unless
`build_dispatcher` names another one. The dispatcher reads it when messages arrive and once a minute in
between, never while its DAG file is parsed. A change takes effect within a minute.

An unknown key is an error, and no value is converted: `"20"` is no number. A mistake fails the task `listen`.
Its log names the path, the value found and what to do: `routes[0].pattern: unknown key, did you mean
'event_pattern'?` `hybrid validate` says the same before it runs. A mistake in one route [does not stop the
others](../delivery.md#a-broken-route). `hybrid schema` prints a JSON schema for your editor.

A key called `"//"` holds a comment: a text or a list of texts, here and in each route and expectation.
"""

EXAMPLE = """\

## An example

```json configuration
{
  "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events",
  "dead_letter_queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/partner-events-dead",
  "routes": [
    {
      "name": "partner_a",
      "event_pattern": {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
          "bucket": {"name": ["partner-a"]},
          "object": {"key": [{"wildcard": "orders/*-*-*/*.csv"}], "size": [{"numeric": [">", 0]}]}
        }
      },
      "trigger_dag_id": "partner_a",
      "conf": {
        "bucket": "{{ event.detail.bucket.name }}",
        "key": "{{ event.detail.object.key }}",
        "day": "{{ event.detail.object.key.split('/')[1] }}"
      }
    }
  ]
}
```

This route wants every CSV file that is not empty, in the folder of a day: its `conf` can be made of such a
key. With `{"prefix": "orders/"}` it would also want `orders/`, the empty object that the S3 console makes for
a folder, and `orders/orders.csv`, a key without a day.
"""

TEMPLATES = """\
A *template* is [Jinja's](https://jinja.palletsprojects.com/en/stable/templates/), in a sandbox. It sees
`event` and `message` (`message_id`, `attributes`, `message_attributes`, `queue_name`). A template that is one
expression keeps its value's type: `{{ event.detail.object.size }}` is a number. A name that is not there is
an error, never an empty text. [Templates](../routes.md#templates) has more.
"""

MODELS: dict[type[Model], tuple[str, str, str]] = {
    DispatcherConfig: ("The dispatcher", "", "The object as a whole."),
    RouteConfig: ("A route", "routes", "One entry of `routes`.\n\n" + TEMPLATES),
    BatchConfig: (
        "A batch",
        "routes-batch",
        'The object `batch` of a route. The run\'s `conf` is `{"events": [...]}`: for each event what the '
        "route's `conf` makes of it. After a crash it may repeat an event of an earlier batch "
        "([when](../delivery.md#batches)). Without `batch` no run ever does.",
    ),
    ExpectConfig: (
        "An expectation",
        "expect",
        "One entry of `expect`: by a time of day an event of a route is due. If none came, a task fails.",
    ),
}
"""Each model's heading, the beginning of its fields' ids on the page, and what the page says of it."""

MORE = {
    "s3_keys": ("Stores that speak S3", "../events.md#stores-that-speak-s3"),
    "run_ids": ("Ids", "ids.md"),
    "max_queued_runs": ("Back-pressure", "../delivery.md#back-pressure"),
    "include": ("Routes in several Variables", "../routes.md#routes-in-several-variables"),
    "expect": ("Expectations", "../expectations.md"),
    "unmatched": ("Dead letters", "../dead-letters.md"),
    "visibility_timeout": ("Who holds a message", "../delivery.md#who-holds-a-message-and-for-how-long"),
    "routes-event_pattern": ("Routes by example", "../routes.md"),
    "routes-event_id": (
        "What makes an event the same event",
        "../routes.md#what-makes-an-event-the-same-event",
    ),
    "routes-subject": ("Ids", "ids.md"),
    "routes-delay_seconds": (
        "A run some time after its event",
        "../waiting.md#a-run-some-time-after-its-event",
    ),
    "routes-max_runs_per_minute": (
        "At most so many runs a minute",
        "../waiting.md#at-most-so-many-runs-a-minute",
    ),
    "routes-max_queued_runs": ("A limit for each DAG", "../routes.md#a-limit-for-each-dag"),
    "routes-batch-window_seconds": (
        "One run for what comes within a time",
        "../waiting.md#one-run-for-what-comes-within-a-time",
    ),
    "expect-subject": ("Which events count", "../expectations.md#which-events-count"),
}
"""The page that says more about a field, by the field's id."""


def variable_page() -> str:
    """Return the page: a section for each model, and in it one for each field."""
    return INTRODUCTION + EXAMPLE + "".join(map(section, MODELS))


def section(model: type[Model]) -> str:
    """Write what a model is for, and its fields."""
    heading, prefix, text = MODELS[model]
    schemas = model.model_json_schema()["properties"]
    fields = [
        field(name, info, schemas[info.alias or name], prefix)
        for name, info in model.model_fields.items()
        if name != "comment"
    ]
    return "\n".join([f"\n## {heading}\n", text.rstrip() + "\n", *fields]).rstrip() + "\n"


def field(name: str, info: FieldInfo, schema: dict[str, Any], prefix: str) -> str:
    """Write a field: type and limits, default, what it means, and an example.

    Args:
        name: Its name in the model.
        info: What the model says of it.
        schema: Its part of the JSON schema.
        prefix: The beginning of its id on the page.
    """
    name = info.alias or name
    identity = "-".join(part for part in (prefix, name) if part)
    default = "Required." if info.is_required() else f"Default: `{json.dumps(info.default)}`."
    heading = f"### {name} {{ #{identity} }}"
    parts = [heading, f"{kind(schema)}. {default}", str(info.description)]
    if identity in MORE:
        parts[-1] += " More: [{}]({}).".format(*MORE[identity])
    (example,) = info.examples or ()
    parts.append(f'```json\n"{name}": {json.dumps(example)}\n```')
    return "\n\n".join(parts) + "\n"


def kind(schema: dict[str, Any]) -> str:
    """Name a type and its limits: ``Integer, 1 to 20, or null``."""
    if "anyOf" in schema:
        return ", or ".join(
            text if number == 0 else text.lower()
            for number, text in enumerate(kind(part) for part in schema["anyOf"])
        )
    if "$ref" in schema:
        return "Object"
    if "enum" in schema:
        return "One of " + ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if schema["type"] == "array":
        return f"List of {kind(schema['items']).lower()}s"
    if schema["type"] == "null":
        return "`null`"
    return {"string": "Text", "integer": "Integer", "boolean": "`true` or `false`", "object": "Object"}[
        schema["type"]
    ] + limits(schema)


def limits(schema: dict[str, Any]) -> str:
    """Say between what a number must be."""
    least, most = schema.get("minimum"), schema.get("maximum")
    step = f", a multiple of {schema['multipleOf']}" if "multipleOf" in schema else ""
    if most is not None:
        return f", {least} to {most}{step}"
    return f", {least} or more{step}" if least is not None else step

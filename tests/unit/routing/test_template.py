"""What templates make of an event, and what they cannot be made to do."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_hybrid.routing.template import FieldError, compile_template

EVENT = {
    "detail": {
        "key": "orders/2026-11-22/a.csv",
        "size": 5,
        "tags": ["x"],
        "items": "mine",
        "007": 1,
        "none": None,
    }
}


def render(template: Any, event: dict[str, Any] = EVENT) -> Any:
    return compile_template(template)({"event": event})


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("plain", "plain"),
        ("{{ event.detail.size }}", 5),
        ("{{ event.detail.size + 1 }}", 6),
        ("{{ event.detail.tags }}", ["x"]),
        ("{{ event.detail.none }}", None),
        ("size {{ event.detail.size }}", "size 5"),
        ("{{ event.detail.key.split('/')[1] }}", "2026-11-22"),
        ("{{ event.detail.items }}", "mine"),
        ("{{ event['detail']['007'] }}", 1),
        ({"a": ["{{ event.detail.size }}", 7, None]}, {"a": [5, 7, None]}),
        ("", ""),
        ("brackets ] and } are no template", "brackets ] and } are no template"),
        ("two\r\nlines\n", "two\nlines"),
    ],
)
def test_a_template_keeps_the_type_of_its_value(template: Any, value: Any) -> None:
    assert render(template) == value


@pytest.mark.parametrize(
    "text", ["007", "1", "None", "[1]", "{{ 7 * 7 }}", "{% raw %}", "'quoted'", " 1 ", ""]
)
def test_what_an_event_holds_is_only_data(text: str) -> None:
    assert render("{{ event.detail.key }}", {"detail": {"key": text}}) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ event.detail.missing }}",
        "{{ event.detail.missing.deeper }}",
        "key: {{ missing }}",
        "{{ event.detail.key.split('/')[9] }}",
        "{{ event.detail.size / 0 }}",
        "{{ event.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ event.detail.tags.append('y') }}",
        "{{ range(10 ** 9) | list }}",
    ],
)
def test_what_cannot_be_rendered_names_its_field(template: str) -> None:
    with pytest.raises(FieldError) as raised:
        render({"outer": {"inner": template}})

    assert raised.value.field == "outer.inner"

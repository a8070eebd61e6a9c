"""Templates that would leave the sandbox, and events that would steer one into a bomb."""

from __future__ import annotations

import time
from typing import Any

import pytest
from jinja2 import TemplateError

from airflow_provider_hybrid.routing.template import FieldError, compile_template

MARKER = "m4rk3r"
EVENT: dict[str, Any] = {
    "detail": {
        "billion": 10**9,
        "number": 5,
        "billion_in_text": "999999999",
        "xs": "x" * 500_000,
        "ys": "y" * 500_000,
        "many": ["x"] * 130_000,
        "lists": [[1]] * 100_000,
        "percent": "%999999999d",
        "braces": "{0:999999999}",
        "nested_braces": "{0:{1}}",
        "fields": "%(number)s" * 100_000,
        "secret": MARKER,
        "json": '{"order": {"id": 7}, "tags": ["a"]}',
        "null": "null",
        "nul": r'"\u0000"',
        "half": r'"\ud800"',
    }
}


def render(template: str) -> Any:
    return compile_template({"field": template})({"event": EVENT, "e": EVENT["detail"]})["field"]


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'x' * e.billion }}",
        "{{ e.billion * 'x' }}",
        "{{ e.many * e.billion }}",
        "{{ 2 ** e.billion }}",
        "{{ e.billion ** e.billion }}",
        "{{ range(e.billion) | list }}",
        "{{ 'x'.center(e.billion) }}",
        "{{ 'x'.ljust(e.billion) }}",
        "{{ 'x'.rjust(e.billion) }}",
        "{{ 'x'.zfill(e.billion) }}",
        "{{ '\t'.expandtabs(e.billion) }}",
        "{{ e.number.to_bytes(e.billion, 'big') }}",
        "{{ e.number | round(e.billion, 'ceil') }}",
        "{{ e.number | round(-e.billion) }}",
        "{{ e.percent % 1 }}",
        "{{ e.percent | format(1) }}",
        "{{ '%*d' % (e.billion, 1) }}",
        "{{ e.fields % e }}",
        "{{ e.braces.format(1) }}",
        "{{ e.braces.format_map(e) }}",
        "{{ e.nested_braces.format(1, e.billion_in_text) }}",
        "{{ e.xs | replace('x', e.ys) }}",
        "{{ e.xs.replace('x', e.ys) }}",
        "{{ e.xs.replace('', e.ys) }}",
        "{{ e.many | join(e.xs) }}",
        "{{ e.xs.join(e.many) }}",
        "{{ e.lists | sum(start=[]) }}",
        "{{ e.many | select('in', e.many) | list }}",
        "{{ e.many | reject('in', e.many) | list }}",
        "{{ e.xs.strip(e.ys) }}",
    ],
)
def test_an_event_cannot_steer_a_template_into_a_bomb(template: str) -> None:
    """Half a second is a hundred times what the longest takes, and far from what any of them would take."""
    before = time.process_time()

    with pytest.raises(FieldError) as raised:
        render(template)

    assert time.process_time() - before < 0.5
    refused = ("TooMuchError", "SecurityError", "OverflowError in the template '{{ range(")
    assert raised.value.reason.startswith(refused), "refused beforehand, not for want of memory"


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in range(10 ** 9) %}{% endfor %}",
        "{% for x in e.many %}{% for y in e.many %}{% endfor %}{% endfor %}",
        "{% for x in e.many recursive %}{{ loop(e.many) }}{% endfor %}",
        "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% call e() %}{% endcall %}",
        "{% set x %}x{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% if 1 %}{% for x in e.many %}{% endfor %}{% endif %}",
        "{{ event | attr('__class__') }}",
        "{{ 'x' | center(5) }}",
        "{{ e.xs | urlize }}",
        "{{ e.xs | striptags }}",
    ],
)
def test_what_a_template_has_no_use_for_is_refused_with_the_configuration(template: str) -> None:
    with pytest.raises(TemplateError):
        compile_template({"field": template})


@pytest.mark.parametrize(
    "template",
    [
        "{{ event.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ event['__class__'].x }}",
        "{{ '{0.__class__}'.format(event) }}",
        "{{ '{x.__class__.__init__.__globals__}'.format_map({'x': event}) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ range.__globals__ }}",
        "{{ dict.mro() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ joiner }}",
        "{{ namespace() }}",
        "{{ [event] | map(attribute='__class__') | first }}",
        "{{ event.update({'a': 1}) }}",
        "{{ e.many.clear() }}",
        "{{ event.keys.__self__ }}",
        "{{ e.secret.encode().decode('idna') }}",
        "{{ var.value.password }}",
        "{{ conn.aws_default.password }}",
        "{{ dag_run.conf }}",
        "{{ context.environment }}",
    ],
)
def test_a_template_does_not_leave_the_sandbox(template: str) -> None:
    with pytest.raises(FieldError):
        render(template)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ '%05d' % e.number }}", "00005"),
        ("{{ '%05d' | format(e.number) }}", "00005"),
        ("{{ '{:0>4}'.format(e.number) }}", "0005"),
        ("{{ 'a-b'.replace('-', '_') }}", "a_b"),
        ("{{ 'a-b' | replace('-', '_') }}", "a_b"),
        ("{{ '7'.zfill(3) }}", "007"),
        ("{{ '-' * 3 }}", "---"),
        ("{{ 2 ** 10 }}", 1024),
        ("{{ 7 % 4 }}", 3),
        ("{{ [e.number, 2] | sum }}", 7),
        ("{{ (e.number / 4) | round(1) }}", 1.2),
        ("{{ {'a': '<'} | tojson }}", '{"a": "<"}'),
        ("{{ e.many | map('upper') | unique | join(', ') }}", "X"),
        ("{{ ','.join(e.many) | length }}", 259_999),
        ("{{ e.many | select('eq', 'y') | list }}", []),
        ("{{ 'x' in e.many }}", True),
        ("{% set parts = 'a/b'.split('/') %}{{ parts[1] }}", "b"),
        ("{% if e.number > 4 %}big{% else %}small{% endif %}", "big"),
        ("{{ [{'size': 5000}] | selectattr('size', 'gt', 4000) | list | length }}", 1),
        ("{{ {}.get('size', 5000) }}", 5000),
        ("{{ e.json | fromjson }}", {"order": {"id": 7}, "tags": ["a"]}),
        ("{{ (e.json | fromjson).order.id }}", 7),
        ("{{ e.json | fromjson | tojson | fromjson == e.json | fromjson }}", True),
        ("{{ '007' | tojson | fromjson }}", "007"),
        ("{{ e.null | fromjson }}", None),
    ],
)
def test_what_people_do_with_events_works(template: str, value: Any) -> None:
    assert render(template) == value


@pytest.mark.parametrize(
    "template",
    [
        "{{ event[e.secret] }}",
        "{{ e.number[e.secret] }}",
        "{{ [1][e.secret] }}",
        "{{ (e.secret ~ '.__class__') + 1 }}",
        "{{ e.secret + 1 }}",
        "{{ e.secret | int(default='') + 1 }}",
        "{{ '%d' % e.secret }}",
        "{{ '{:d}'.format(e.secret) }}",
        "{{ dict()[e.secret].x }}",
        "{{ [e] | map(attribute=e.secret ~ '.x') | list }}",
        "{{ [e] | map(e.secret) | list }}",
        "{{ [e] | groupby(e.secret ~ '.x') }}",
        "{{ e.secret | fromjson }}",
        "{{ ('[' ~ e.secret) | fromjson }}",
        "{{ ((e.secret | tojson) | fromjson).missing }}",
        "{{ e | fromjson }}",
        '{{ e[e.secret ~ "\' is undefined"] }}',
    ],
)
def test_what_goes_wrong_is_told_without_what_the_event_holds(template: str) -> None:
    with pytest.raises(FieldError) as raised:
        render(template)

    assert MARKER not in str(raised.value)
    assert template in raised.value.reason.replace("\\'", "'"), "the template says where"
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ e.missing }}", "has no attribute 'missing'"),
        ("{{ missing.deeper }}", "'missing' is undefined"),
        ("{{ e.many[999999] }}", "has no element 999999"),
        ("{{ event.__class__ }}", "access to attribute '__class__'"),
        ("{{ 'x' * e.billion }}", "'*' would make more than"),
        ("{{ e.missing | fromjson }}", "has no attribute 'missing'"),
        ("{{ e.number | fromjson }}", "'fromjson' reads a text, not a int"),
        (
            "{{ 'rubbish' | fromjson }}",
            "the text that 'fromjson' was given is not JSON: Expecting value (line 1, column 1)",
        ),
        ("{{ '' | fromjson }}", "is not JSON"),
        ("{{ '[NaN]' | fromjson }}", "NaN is not a JSON value"),
        ("{{ '-Infinity' | fromjson }}", "-Infinity is not a JSON value"),
        ("{{ '1e999' | fromjson }}", "beyond the range of a double"),
        ("{{ '123456789012345678901' | fromjson }}", "an integer of more than 64 bits"),
        ("{{ e.nul | fromjson }}", "the character NUL"),
        ("{{ e.half | fromjson }}", "half a surrogate pair"),
        ("{{ ('[' * 150 ~ ']' * 150) | fromjson }}", "nested deeper than 100 levels"),
        ("{{ ('[' * 200000) | fromjson }}", "nested too deep"),
        ("{{ ('[' ~ '1,' * 600000 ~ '1]') | fromjson }}", "'fromjson' of more than 1048576 characters"),
    ],
)
def test_what_the_author_wrote_is_named(template: str, said: str) -> None:
    with pytest.raises(FieldError) as raised:
        render(template)

    assert said in raised.value.reason

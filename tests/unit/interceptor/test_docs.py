"""What docs/deploy.md says of the template is true."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from airflow_provider_hybrid.interceptor.source import template
from tests.harness.cloudformation import read_template

DEPLOY = (Path(__file__).parents[3] / "docs" / "deploy.md").read_text()
TEMPLATE = read_template(template())
ROW = re.compile(r"^\| (`[A-Z]\w+`(?:(?:, | \.\.\. )`\w+`)?) \| (.*?) \|", re.MULTILINE)


def documented() -> dict[str, str]:
    """Return the default of each parameter, as the page has it."""
    defaults = {}
    for names, default in ROW.findall(DEPLOY):
        first, *others = re.findall(r"\w+", names)
        if "..." in names:
            others = [f"{first[:-1]}{number}" for number in range(int(first[-1]) + 1, int(others[0][-1]) + 1)]
        defaults |= dict.fromkeys([first, *others], default.strip("`"))
    return defaults


def test_every_parameter_is_there_with_its_default() -> None:
    actual = {
        name: str(parameter.get("Default", "required")) or "none"
        for name, parameter in TEMPLATE["Parameters"].items()
    }

    assert documented() == actual


def test_every_output_that_it_names_exists() -> None:
    named = set(re.findall(r"<(\w+Arn)>", DEPLOY)) | set(re.findall(r"OutputKey==`(\w+)`", DEPLOY))

    assert named >= {"AirflowPolicyArn", "InterceptorArn", "QueueArn", "Variable"}
    assert named <= TEMPLATE["Outputs"].keys()


@pytest.mark.parametrize(
    "listed",
    [
        re.search(r"policy with five actions.*?\)", DEPLOY, re.DOTALL),
        re.search(r'Action = \[\s+"sqs:.*?\]', DEPLOY, re.DOTALL),
    ],
)
def test_airflows_rights_are_those_of_the_template(listed: re.Match[str]) -> None:
    statement = TEMPLATE["Resources"]["AirflowPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]

    words = set(re.findall(r"(?:sqs:)?([A-Z]\w+[a-z]\w+)", listed[0])) - {"Action"}
    assert {f"sqs:{word}" for word in words} == set(statement["Action"])


def test_the_command_that_encodes_a_prefix_does_what_stands_there() -> None:
    code, prefix, printed = re.findall(r"python3 -c '(.*)' '(.*)'\n(.*)", DEPLOY)[0]

    done = subprocess.run([sys.executable, "-c", code, prefix], capture_output=True, text=True, check=True)

    assert done.stdout == f"{printed}\n"
    assert unquote_plus(printed) == prefix


def test_the_command_for_a_stream_sets_bounds_on_its_tries() -> None:
    (command,) = re.findall(r"--event-source-arn <stream>.*?\n```", DEPLOY, re.DOTALL)

    for option in [
        "--function-response-types ReportBatchItemFailures",
        "--maximum-retry-attempts ",
        "--maximum-record-age-in-seconds ",
        "--bisect-batch-on-function-error",
        '{"OnFailure": {"Destination": "arn:aws:s3:::',
    ]:
        assert option in command


def test_the_characters_of_prefix_and_suffix_are_those_that_are_allowed() -> None:
    (listed,) = re.findall(r"English letters, digits, spaces and `(.*?)`", DEPLOY)

    pattern = TEMPLATE["Parameters"]["Prefix"]["AllowedPattern"]
    allowed = {one for one in map(chr, range(0x250)) if re.fullmatch(pattern, one)}
    assert allowed == {*listed, *string.ascii_letters, *string.digits}


def test_terraform_has_what_the_template_has() -> None:
    terraform = DEPLOY.split("```hcl")[1]
    queue = TEMPLATE["Resources"]["Queue"]["Properties"]
    function = TEMPLATE["Resources"]["Interceptor"]["Properties"]

    for name, value in {
        "message_retention_seconds": queue["MessageRetentionPeriod"],
        "timeout": function["Timeout"],
        "max_message_size": 1024 * 1024,
        "memory_size": function["MemorySize"],
        "runtime": f'"{TEMPLATE["Parameters"]["Runtime"]["Default"]}"',
        "architectures": f'["{TEMPLATE["Parameters"]["Architecture"]["Default"]}"]',
        "handler": f'"{function["Handler"]}"',
    }.items():
        assert re.search(rf"{name} += {value}\b|{name} += {re.escape(str(value))}", terraform), name

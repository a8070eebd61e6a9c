"""`hybrid interceptor` as one types it."""

from __future__ import annotations

import importlib
import inspect
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.interceptor.source import code

LIMIT = 51_200
"""Bytes of a template that need no bucket to be deployed from.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions as their arguments."""


def _function(loader: Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", _function)


@pytest.fixture(scope="module")
def printed() -> str:
    result = CliRunner().invoke(app, ["interceptor", "template"])
    assert result.exit_code == 0
    return result.stdout


def test_the_template_has_the_functions_code_in_it(printed: str) -> None:
    function = yaml.load(printed, Loader)["Resources"]["Interceptor"]["Properties"]  # noqa: S506  (a SafeLoader)

    assert function["Code"]["ZipFile"].rstrip() == code().rstrip()
    assert function["Handler"] == "index.handler"
    assert function["DeadLetterConfig"]


def test_the_template_can_be_deployed_as_it_is_printed(printed: str) -> None:
    assert len(printed.encode()) < LIMIT
    assert "Transform" not in yaml.load(printed, Loader)  # noqa: S506  (a SafeLoader)


def test_the_archive_is_the_function_and_the_same_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for file in files:
        assert CliRunner().invoke(app, ["interceptor", "zip", str(file)]).exit_code == 0

    with zipfile.ZipFile(io.BytesIO(files[0].read_bytes())) as package:
        (entry,) = package.infolist()
    monkeypatch.syspath_prepend(str(files[0]))
    assert entry.external_attr >> 16 == 0o644
    assert inspect.getsource(importlib.import_module("index")) == code()
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "interceptor.zip"

    result = CliRunner().invoke(app, ["interceptor", "zip", str(file)])

    assert result.exit_code == 2
    assert result.stderr == f"hybrid interceptor zip: {file}: No such file or directory\n"

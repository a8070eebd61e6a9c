"""What `import airflow_provider_hybrid` gives, and what it costs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import airflow_provider_hybrid


@pytest.mark.parametrize("name", airflow_provider_hybrid.__all__)
def test_a_public_name_is_there(name: str) -> None:
    assert getattr(airflow_provider_hybrid, name)


def test_a_name_that_is_not_public_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'build_dispatchers'"):
        _ = airflow_provider_hybrid.build_dispatchers


def test_whoever_looks_around_sees_the_public_names() -> None:
    assert set(airflow_provider_hybrid.__all__) <= set(dir(airflow_provider_hybrid))


def test_importing_the_package_loads_none_of_it() -> None:
    program = """
import json, sys
before = set(sys.modules)
import airflow_provider_hybrid
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    loaded = json.loads(
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout
    )

    assert not [
        name for name in loaded if name.partition(".")[0] in {"airflow", "pydantic", "botocore", "jinja2"}
    ]
    assert [name for name in loaded if name.startswith("airflow_provider_hybrid.")] == []

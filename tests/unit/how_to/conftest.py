"""What the how-to pages' own code needs to run: a stand-in for AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.unit.conftest import REGION


@pytest.fixture
def aws(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Let code that is not ours reach moto by boto3's usual settings; give clients of any service."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    return boto3.client

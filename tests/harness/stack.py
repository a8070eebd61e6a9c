"""A CloudFormation stack of the template that users deploy."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from airflow_provider_hybrid.interceptor.source import template
from tests.harness.wait import wait_until

if TYPE_CHECKING:
    from tests.harness.ministack import MiniStack


class Stack:
    """The template, deployed."""

    def __init__(self, ministack: MiniStack, name: str, body: str | None = None) -> None:
        """Name it; ``create`` creates it.

        Args:
            ministack: Where.
            name: The stack's name.
            body: Another template.
        """
        self.name = name
        self.body = body or template()
        self._cloudformation = ministack.client("cloudformation")

    def create(self, **parameters: str) -> Stack:
        """Create all that the template describes, with these parameters."""
        self._cloudformation.create_stack(**self._request(parameters))
        self._wait_for("CREATE_COMPLETE")
        return self

    def update(self, **parameters: str) -> None:
        """Make it what it would be with these parameters."""
        self._cloudformation.update_stack(**self._request(parameters))
        self._wait_for("UPDATE_COMPLETE")

    def delete(self) -> None:
        """Delete all of it."""
        self._cloudformation.delete_stack(StackName=self.name)
        with suppress(ClientError):  # it is gone
            self._wait_for("DELETE_COMPLETE")

    @property
    def outputs(self) -> dict[str, str]:
        """What the template tells, by name."""
        return {output["OutputKey"]: output["OutputValue"] for output in self._describe().get("Outputs", [])}

    def resources(self, kind: str) -> list[str]:
        """Return the physical ids of all resources of a type, such as ``AWS::SQS::Queue``."""
        answer = self._cloudformation.describe_stack_resources(StackName=self.name)
        found = [
            resource["PhysicalResourceId"]
            for resource in answer["StackResources"]
            if resource["ResourceType"] == kind
        ]
        return sorted(found)

    def _request(self, parameters: dict[str, str]) -> dict[str, Any]:
        return {
            "StackName": self.name,
            "TemplateBody": self.body,
            "Capabilities": ["CAPABILITY_IAM"],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        }

    def _wait_for(self, wanted: str) -> None:
        def settled() -> str | None:
            status: str = self._describe()["StackStatus"]
            return None if status.endswith("IN_PROGRESS") else status

        status = wait_until(settled, 60, f"stack {self.name} to be {wanted}", every=0.1)
        if status != wanted:
            raise RuntimeError(f"stack {self.name} is {status}: {self._reasons()}")

    def _describe(self) -> dict[str, Any]:
        stack: dict[str, Any] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        return stack

    def _reasons(self) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if event["ResourceStatus"].endswith("FAILED")
        ]

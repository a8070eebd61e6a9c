"""The tables of Airflow's database that views read, in commands and in the API server."""

from __future__ import annotations

from airflow.jobs.job import Job
from airflow.models.asset import (
    AssetDagRunQueue,
    AssetEvent,
    AssetModel,
    TaskOutletAssetReference,
)
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from airflow.models.xcom import XComModel

__all__ = [
    "AssetDagRunQueue",
    "AssetEvent",
    "AssetModel",
    "DagModel",
    "DagRun",
    "Job",
    "TaskInstance",
    "TaskOutletAssetReference",
    "Trigger",
    "XComModel",
]

"""The tables of Airflow's database that commands and the API server use."""

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
from airflow.models.log import Log
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
    "Log",
    "TaskInstance",
    "TaskOutletAssetReference",
    "Trigger",
    "XComModel",
]

"""The private names of Airflow, and the differences between Airflow 3.0 and 3.3.

No other folder of the package imports a name that Airflow does not document. The tests check that, and that
every version has each name.

https://airflow.apache.org/docs/apache-airflow/stable/public-airflow-interface.html
"""

MOVING_NAMES = {
    "3.0.6": (
        "airflow.api.common.trigger_dag:trigger_dag",
        "airflow.cli.cli_config:ActionCommand",
        "airflow.cli.cli_config:Arg",
        "airflow.dag_processing.bundles.local:LocalDagBundle",
        "airflow.jobs.job:Job",
        "airflow.models.asset:AssetDagRunQueue",
        "airflow.models.asset:AssetEvent",
        "airflow.models.asset:AssetModel",
        "airflow.models.asset:TaskOutletAssetReference",
        "airflow.models.dag:DagModel",
        "airflow.models.dag:DagTag",
        "airflow.models.dag_version:DagVersion",
        "airflow.models.dagrun:DagRun",
        "airflow.models.log:Log",
        "airflow.models.serialized_dag:SerializedDagModel",
        "airflow.models.taskinstance:TaskInstance",
        "airflow.models.trigger:Trigger",
        "airflow.models.variable:Variable",
        "airflow.models.xcom:XComModel",
        "airflow.sdk.bases.xcom:BaseXCom.set",
        "airflow.sdk.exceptions:AirflowRuntimeError",
        "airflow.sdk.exceptions:ErrorType.DAGRUN_ALREADY_EXISTS",
        "airflow.sdk.execution_time.comms:ErrorResponse",
        "airflow.sdk.execution_time.comms:TriggerDagRun",
        "airflow.sdk.execution_time.task_runner:RuntimeTaskInstance.get_dr_count",
        "airflow.sdk.execution_time.task_runner:RuntimeTaskInstance.get_ti_count",
        "airflow.sdk.execution_time.task_runner:SUPERVISOR_COMMS",
        "airflow.stats:Stats",
        "airflow.utils.session:create_session",
        "airflow.utils.types:DagRunTriggeredByType.CLI",
        "airflow.utils.types:DagRunTriggeredByType.UI",
    ),
    "3.1.8": (
        "airflow.api_fastapi.app:get_auth_manager",
        "airflow.api_fastapi.auth.managers.models.resource_details:AccessView.PLUGINS",
        "airflow.api_fastapi.auth.managers.models.resource_details:DagAccessEntity.RUN",
        "airflow.api_fastapi.auth.managers.models.resource_details:DagDetails",
        "airflow.api_fastapi.core_api.security:GetUserDep",
        "airflow.api_fastapi.core_api.security:requires_access_asset",
        "airflow.api_fastapi.core_api.security:requires_access_view",
        "airflow.models.dag:DagModel.get_team_name",
        # It is in the standard provider from version 1.10 on, which Airflow 3.0 need not have.
        "airflow.providers.standard.utils.openlineage:safe_inject_openlineage_properties_into_dagrun_conf",
    ),
    "3.2.2": (
        "airflow.models.asset:AssetPartitionDagRun",
        "airflow.models.asset:PartitionedAssetKeyLog",
        "airflow.observability.stats:Stats",
        "airflow.sdk.exceptions:AirflowFailException",
        "airflow.sdk.execution_time.task_runner:RuntimeTaskInstance.get_dag",
        "airflow.sdk.observability.stats:Stats",
    ),
    "3.3.2": ("airflow.api_fastapi.common.partition_helpers:load_partitioned_timetables",),
}
"""Names that the package imports and that Airflow may move: they are private or recent.

Each stands below the first version of ``docs/versions.md`` that has it; all later ones there have it, too.
"""

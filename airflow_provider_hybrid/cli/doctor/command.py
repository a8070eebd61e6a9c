"""`hybrid doctor`."""

from __future__ import annotations

import typer

from airflow_provider_hybrid.cli.aws import airflow_is_quiet
from airflow_provider_hybrid.cli.configuration import ConfigOption, VariableOption, read_configuration
from airflow_provider_hybrid.cli.doctor.examination import examine
from airflow_provider_hybrid.cli.doctor.report import print_report
from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.cli.options import JsonOption
from airflow_provider_hybrid.cli.output.examination import examination_output
from airflow_provider_hybrid.cli.output.printing import print_json
from airflow_provider_hybrid.cli.printing import console_for_people
from airflow_provider_hybrid.config.read import DEFAULT_VARIABLE, parse_config


def doctor(
    config: ConfigOption = None,
    variable: VariableOption = DEFAULT_VARIABLE,
    as_json: JsonOption = False,
) -> None:
    """Check a live set-up from Airflow's side: packages, connection, queues, rights and DAGs.

    It changes nothing and touches no message. Exits with code 0 if there is no fault, 1 if there is one, 2 if
    there is no configuration to begin with.
    """
    with leaving_with_2("hybrid doctor"), airflow_is_quiet():
        settings = parse_config(*read_configuration(config, variable))
    findings = list(examine(settings))
    if as_json:
        print_json(examination_output(findings))
    else:
        print_report(console_for_people(), findings)
    raise typer.Exit(int(any(finding.level == "fault" for finding in findings)))

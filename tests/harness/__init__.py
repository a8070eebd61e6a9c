"""Real processes for the demo and the system tests: MiniStack, PostgreSQL and every part of Airflow.

Each part can be started, stopped, killed and started again on its own. All servers listen on 127.0.0.1 only,
on free ports, and know nothing of the caller's AWS and Airflow settings.
"""

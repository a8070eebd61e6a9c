"""Messages, and the events in them. Pure: no Airflow, no AWS, no clock."""

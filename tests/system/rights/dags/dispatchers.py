"""Two dispatchers as Airflow DAGs. FAB lets two roles of the tests read one of them."""

from __future__ import annotations

from airflow_provider_hybrid.dispatcher import build_dispatcher

READERS = {role: {"can_read"} for role in ("Reader", "ReaderWithoutPlugins")}

open_to_some = build_dispatcher("open_dispatcher", config_variable="open", access_control=READERS)
secret = build_dispatcher("secret_dispatcher", config_variable="secret")

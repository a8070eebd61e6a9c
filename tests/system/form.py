"""The form of the dispatchers under test: ``HYBRID_SCHEDULE`` chooses it."""

from __future__ import annotations

import os

SCHEDULE = os.environ.get("HYBRID_SCHEDULE", "@continuous")
"""The argument ``schedule`` of `build_dispatcher`."""

WATCHED = SCHEDULE == "asset"
"""Whether a trigger watches the queue all the time, and a run is there only when messages are."""

FIRST_TASK = "route" if WATCHED else "listen"
"""The task that gets the messages and decides what they start."""

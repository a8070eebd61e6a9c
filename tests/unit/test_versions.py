"""The table of `docs/versions.md`."""

from __future__ import annotations

import os
from pathlib import Path

from tests.versions import read, table


def write(file: Path, *cases: str, at: int) -> None:
    file.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    os.utime(file, (at, at))


def case(module: str, name: str, result: str = "") -> str:
    return f'<testcase classname="{module}" name="{name}">{result}</testcase>'


def test_it_counts_by_version_and_subject_and_the_newest_result_of_a_test_counts(tmp_path: Path) -> None:
    unit, stream, fifo = "tests.unit.sqs.test_url", "tests.system.test_stream", "tests.system.test_fifo"
    write(tmp_path / "3.0.6-unit.xml", case(unit, "a"), case(unit, "b", "<skipped/>"), at=1)
    write(tmp_path / "3.3.2-test.xml", case(unit, "a", "<failure/>"), case(stream, "a", "<error/>"), at=1)
    write(tmp_path / "3.3.2-broken.xml", case("", fifo, "<error/>"), "<testcase/>", at=1)
    write(tmp_path / "3.3.2-again.xml", case(stream, "a"), at=2)

    assert table(read(tmp_path.glob("*.xml")), ["3.0.6", "3.3.2"]).splitlines() == [
        "|  | Airflow 3.0.6 | Airflow 3.3.2 |",
        "| --- | --- | --- |",
        "| unit | 1 passed, 1 skipped | 1 failed |",
        "| fifo | not run | 1 failed |",
        "| stream | not run | 1 passed |",
    ]

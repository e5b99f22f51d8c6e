"""What a run's page counts behind the language work is what the flow does there."""

import inspect
import re

from flows.build_tables import TABLE_WORK, build_tables


def test_table_work_is_what_the_flow_does_behind_the_language_work() -> None:
    source = inspect.getsource(build_tables.fn)
    done = re.findall(r"run\.do\((\w+)", source[source.index("run.finish_batches(") :])
    assert done[: len(TABLE_WORK)] == [task.fn.__name__ for task in TABLE_WORK]
    assert done[len(TABLE_WORK) - 1] == "publish_tables"

"""What worker processes need, loaded once: the process that they are forked from imports this module.

Not onnxruntime, which starts threads when it is imported, nor its models: what runs threads cannot be forked.
"""

import os

from tasks.importing import importing, use_one_thread

use_one_thread()
# They were for this process alone (see `tasks.workers`).
for name in ("PYTHONSAFEPATH", "PYTHONPATH"):
    os.environ.pop(name, None)

with importing():
    # Arrow loads it for the first time that it turns into Python's.
    import pandas  # noqa: F401

    import tasks.annotate.batch
    import tasks.bisection
    import tasks.clean.batch
    import tasks.clean.recurring.line_files
    import tasks.link.attribution_tables
    import tasks.publish.report
    import tasks.resolve.batch  # noqa: F401
    from tasks.annotate.pipeline import make_english
    from tasks.clean.furniture.rules import choose_line_rules

    # Expressions and a tokenizer, which take each worker most of a second otherwise.
    choose_line_rules([])
    make_english()

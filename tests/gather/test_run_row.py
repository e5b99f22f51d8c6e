from schemas import PUBLISHED_TABLES, Run
from schemas.parquet import read_rows
from tasks.gather.run_row import write_run_rows
from tasks.validate.staged import Staged
from tests.made_up_tables import write_staged


def test_write_run_rows_counts_all_staged_rows_as_rows_that_pass(tmp_path):
    staged = Staged(write_staged(tmp_path))
    (run,) = read_rows(Run, tmp_path)
    write_run_rows(run, [], tmp_path)
    (run,) = read_rows(Run, tmp_path)
    counts = (run.validate_in_count, run.validate_out_count)
    assert counts == (sum(map(staged.row_count, PUBLISHED_TABLES)),) * 2

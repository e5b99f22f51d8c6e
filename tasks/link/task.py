"""Prefect tasks of the link stage; scipy is imported where it is used, for runs that bring nothing new."""

from pathlib import Path

from prefect import get_run_logger, task

from tasks.batches import stage_fingerprint


@task(name="group articles into stories", task_run_name="group articles into stories")
def link_stories(
    staged: str,
    previous_articles: list[str] | None = None,
    previous_stories: list[str] | None = None,
    previous_copies: list[str] | None = None,
    index_folder: str | None = None,
) -> str:
    """`staged`, where articles now have their story and original, and stories and copies stand beside them.

    The `previous` files are those of the current snapshot's tables: its stories keep their ids. With `index_folder`,
    where the words of articles are kept, only articles that are new are compared.
    """
    from tasks.link.tables import link_article_tables, name_index_folder

    counts = link_article_tables(
        Path(staged),
        [Path(path) for path in previous_articles or []],
        previous_stories=[Path(path) for path in previous_stories or []],
        previous_copies=[Path(path) for path in previous_copies or []],
        index_folder=name_index_folder(Path(index_folder)) if index_folder else None,
    )
    get_run_logger().info(
        "%d articles tell %d stories; %d are copies", counts["articles"], counts["stories"], counts["copies"]
    )
    return staged


@task(name="group quotes and figures", task_run_name="group quotes and figures")
def link_quotes_and_figures(staged: str, known_folder: str | None = None) -> str:
    """`staged`, where quotes and figures now have their groups, and the groups stand beside them.

    With `known_folder`, where groups are kept from run to run, only stories that are told otherwise than in the last
    run are looked at.
    """
    from tasks.link.attribution_tables import link_attribution_tables

    counts = link_attribution_tables(
        Path(staged), Path(known_folder) / "groups" if known_folder else None, code=stage_fingerprint("link")
    )
    get_run_logger().info(
        "%d utterances and %d quantities stand in several articles", counts["utterances"], counts["quantities"]
    )
    return staged

from concurrent.futures import ThreadPoolExecutor

from tasks.annotate.pipeline import load_pipeline, make_english
from tasks.annotate.tagger.component import FACTORY


def test_threads_that_load_the_tagger_at_once_add_it_once():
    for cached in (make_english, load_pipeline):
        cached.cache_clear()
    make_english()
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(load_pipeline, ["tagger"] * 8))
    assert {tuple(nlp.pipe_names) for nlp in loaded} == {(FACTORY,)}

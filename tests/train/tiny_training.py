"""Gold of a few invented articles, and a network of a few weights, for tests of the training."""

from pathlib import Path

from tasks.train.brat import GoldArticle, GoldAttribution

SENTENCES = (
    ("Mara Lind", "said", "we won"),
    ("the mayor", "said", "the ferry was late"),
    ("she", "said", "the town won"),
)


def make_articles(count: int = 6) -> list[GoldArticle]:
    """Articles of "source said content." sentences."""
    articles = []
    for number in range(count):
        text, attributions = "", []
        for source, cue, content in SENTENCES[number % 2 :] * 6:
            start = len(text)
            text += f"{source} {cue} {content}.\n"
            cue_start = start + len(source) + 1
            content_start = cue_start + len(cue) + 1
            attributions.append(
                GoldAttribution(
                    content=((content_start, content_start + len(content)),),
                    source=((start, start + len(source)),),
                    cue=((cue_start, cue_start + len(cue)),),
                )
            )
        articles.append(GoldArticle(f"article-{number}", text, tuple(attributions)))
    return articles


ENTITY_DOCUMENTS = [[[("Mara", "I-PER"), ("Lind", "I-PER"), ("said", "O"), ("we", "O"), ("won", "O"), (".", "O")] * 5]]


def write_brat_folder(folder: Path) -> Path:
    """The articles as text and standoff files."""
    return write_brat_articles(folder, make_articles())


def write_brat_articles(folder: Path, articles: list[GoldArticle]) -> Path:
    """The articles as text and standoff files; each role lies in one place."""
    for part in ("text", "attributions"):
        (folder / part).mkdir(parents=True)
    for article in articles:
        (folder / "text" / f"{article.name}.txt").write_text(article.text, "utf-8")
        lines = []
        for number, item in enumerate(article.attributions):
            for place, role in enumerate(("content", "cue", "source")):
                ((start, end),) = getattr(item, role)
                lines.append(f"T{3 * number + place}\t{role.title()} {start} {end}\t{article.text[start:end]}")
            parts = " ".join(f"{role}:T{3 * number + place}" for place, role in enumerate(("Content", "Cue", "Source")))
            lines.append(f"E{number}\tAttribution:T{3 * number + 1} {parts}")
        (folder / "attributions" / f"{article.name}_ab.ann").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def write_conll_file(path: Path) -> Path:
    """The entity documents in CoNLL form."""
    sentences = (sentence for document in ENTITY_DOCUMENTS for sentence in document)
    path.write_text("-DOCSTART- O\n\n" + "\n\n".join("\n".join(f"{w} {t}" for w, t in s) for s in sentences) + "\n")
    return path

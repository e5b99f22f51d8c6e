"""Published tables, read for the command line."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas import PUBLISHED_TABLES, TABLES
from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse
from tasks.ingest.sources import escape_name, find_path

if TYPE_CHECKING:
    import duckdb

PARTITION_COLUMN = "fetched_date"
SQL_TYPES = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    datetime: "TIMESTAMP WITH TIME ZONE",
    date: "DATE",
}
# Letters that are one letter to Unicode and an accented one to a reader without that key.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h"}
)
SHOWN_COLUMNS = {
    "runs": ("run_id", "started_at", "snapshot_number", "input_count", "article_count", "quarantined_count"),
    "documents": ("document_id", "source_uri", "media_type", "byte_count", "fetched_at"),
    "articles": ("article_id", "outlet_name", "title", "published_at", "word_count", "story_id"),
    "removed_spans": ("document_id", "category", "rule_name", "text"),
    "repairs": ("document_id", "category", "rule_name", "before", "after", "is_applied"),
    "captions": ("article_id", "text", "credit"),
    "entity_mentions": ("article_id", "label", "text", "entity_id"),
    "entities": ("name", "label", "usual_title", "quote_count", "article_count", "aliases"),
    "entity_titles": ("entity_id", "title", "article_id", "conflicts"),
    "quotes": ("speaker_name", "kind", "cue", "content", "article_id"),
    "figures": ("quantity", "value", "unit", "qualifier", "text", "article_id"),
    "stories": ("headline", "outlet_count", "article_count", "copy_count", "event_date", "story_id"),
    "copies": ("article_id", "copy_of_article_id", "copy_kind", "shared_share", "original_reason"),
    "quote_groups": ("speaker_name", "canonical_text", "outlet_count", "variant_count"),
    "quote_variants": ("quote_group_id", "outlet_name", "shared_text", "missing_words", "added_words"),
    "figure_groups": ("quantity", "unit", "minimum_value", "maximum_value", "outlet_count", "disagrees"),
    "quarantine": ("source_uri", "stage", "check_name", "observed", "expected"),
}


class ReadingError(Exception):
    """What was asked for is not there; the message says what to do next."""


class UnknownName(ReadingError):
    """A table or column that does not exist was asked for."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a table: `total` counts those it has."""

    columns: tuple[str, ...]
    values: list[tuple]
    total: int

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]


@dataclass(frozen=True)
class SpokenQuote:
    """One quotation with what a reader needs beside it."""

    speaker_name: str
    outlet_name: str | None
    title: str | None
    published_at: object
    kind: str
    content: str
    cue: str | None
    speaker_text: str | None
    speaker_title: str | None
    article_id: str
    quote_id: str
    source_uri: str


@dataclass(frozen=True)
class Tables:
    """The tables of the snapshot that was current when this was made."""

    snapshot: Path
    _views: set[str] = field(default_factory=set, compare=False)

    @classmethod
    def open(cls, root: Path) -> "Tables":
        """The published tables of the warehouse at `root`; ReadingError where there are none."""
        current = Warehouse(root).current
        if not current.is_dir():
            raise ReadingError(_tell_absence(Warehouse(root)))
        # Resolved once, so that a run that publishes meanwhile does not mix two snapshots.
        return cls(current.resolve())

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        return connection

    def files(self, table_name: str) -> list[Path]:
        """Parquet files of a table."""
        return sorted((self.snapshot / check_table(table_name)).rglob("*.parquet"))

    def query(self, sql: str, parameters: Sequence[object] = (), *, tables: Iterable[str]) -> list[tuple]:
        """Rows of a query over `tables`; values from outside belong into `parameters`.

        Bytes of a name that are no UTF-8 are looked for as the tables hold them.
        """
        import duckdb

        parameters = [escape_name(one) if isinstance(one, str) else one for one in parameters]
        try:
            for name in tables:
                self._add_view(name)
            return self._connection.execute(sql, parameters).fetchall()
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            raise ReadingError(f"a file in {self.snapshot} cannot be read: run `onrecord check` ({error})") from error

    def _add_view(self, table_name: str) -> None:
        if table_name in self._views:
            return
        files = [str(path) for path in self.files(table_name)]
        if not files:
            raise ReadingError(f"{table_name} has no files in {self.snapshot}: run `onrecord check`")
        rows = self._connection.read_parquet(files, hive_partitioning=TABLES[table_name].partitioned)
        rows = _in_present_form(rows, table_name)
        # A table without rows lies in no day's folder.
        if TABLES[table_name].partitioned and PARTITION_COLUMN not in rows.columns:
            rows = rows.project(f"*, NULL::DATE AS {PARTITION_COLUMN}")
        rows.create_view(table_name)
        self._views.add(table_name)

    def count(self, table_name: str) -> int:
        """Rows of a table."""
        return self.query(f'SELECT count(*) FROM "{check_table(table_name)}"', tables=[table_name])[0][0]

    def rows(self, table_name: str, columns: Sequence[str] | None = None, limit: int | None = None) -> Rows:
        """The first rows of a table, in the order of its key; all its columns unless named."""
        table = TABLES[check_table(table_name)]
        names = tuple(check_columns(table_name, columns) if columns else table.column_names)
        listed = ", ".join(f'"{name}"' for name in names)
        ordered = ", ".join(f'"{name}"' for name in table.key)
        values = self.query(
            f'SELECT {listed} FROM "{table_name}" ORDER BY {ordered} LIMIT ?', [limit], tables=[table_name]
        )
        return Rows(names, values, self.count(table_name))

    def records(self, table_name: str, column: str, value: str) -> list[dict[str, Any]]:
        """Rows of a table where `column` equals `value`, as dictionaries of its declared columns."""
        names = TABLES[table_name].column_names
        listed = ", ".join(f'"{name}"' for name in names)
        rows = self.query(f'SELECT {listed} FROM "{table_name}" WHERE "{column}" = ?', [value], tables=[table_name])
        return [dict(zip(names, row, strict=True)) for row in rows]


def _in_present_form(rows: "duckdb.DuckDBPyRelation", table_name: str) -> "duckdb.DuckDBPyRelation":
    """The rows with every declared column: one that an earlier version called otherwise is renamed, a new one null."""
    # Arrow loads slowly, and most of the command line's help has no need of it.
    from schemas.parquet import present_name

    names = {present_name(table_name, name): name for name in rows.columns}
    missing = [column for column in TABLES[table_name].columns if column.name not in names]
    if not missing and all(name == former for name, former in names.items()):
        return rows
    listed = [f'"{former}" AS "{name}"' for name, former in names.items()]
    listed += [f'NULL::{SQL_TYPES[column.type]} AS "{column.name}"' for column in missing]
    return rows.project(", ".join(listed))


def last_attribution(tables: Tables) -> AttributionMethod:
    """How the newest run found who says what; by the tagger where that run does not tell."""
    rows = tables.query("SELECT attribution FROM runs ORDER BY run_id DESC LIMIT 1", tables=["runs"])
    return "rules" if rows and rows[0][0] == "rules" else "tagger"


def choose_attribution(warehouse: Path, wanted: AttributionMethod | None) -> AttributionMethod:
    """What is wanted, else as the warehouse's newest run; by the tagger where there was none."""
    if wanted is not None:
        return wanted
    return last_attribution(Tables.open(warehouse)) if Warehouse(warehouse).current.is_dir() else "tagger"


def _tell_absence(warehouse: Warehouse) -> str:
    """Why there are no tables to read, and what to do."""
    none = f"no tables at {warehouse.current} yet: run `onrecord run data/sample` first"
    return warehouse.describe_lost_current() or none


def check_table(name: str) -> str:
    """`name` if it is a published table; else UnknownName, with the nearest one."""
    if name in PUBLISHED_TABLES:
        return name
    near = get_close_matches(name, PUBLISHED_TABLES, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "tables: " + ", ".join(PUBLISHED_TABLES)
    raise UnknownName(f"no table is called {name!r}; {hint}")


def check_columns(table_name: str, columns: Sequence[str]) -> list[str]:
    """The columns, if the table has all of them; else UnknownName, with those it has."""
    table = TABLES[table_name]
    known = [*table.column_names, *([PARTITION_COLUMN] if table.partitioned else [])]
    if unknown := [name for name in columns if name not in known]:
        near = get_close_matches(unknown[0], known, 1, 0.5)
        hint = f"did you mean {near[0]}? It" if near else "it"
        raise UnknownName(f"{table_name} has no column {unknown[0]!r}; {hint} has {', '.join(known)}")
    return list(columns)


def fold_name(name: str) -> tuple[str, ...]:
    """The words of a name without case and diacritics: 'Łukasz Öz' gives ('lukasz', 'oz')."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(PLAIN_LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple("".join(letter if letter.isalnum() else " " for letter in plain).split())


def is_called(wanted: str, name: str) -> bool:
    """Whether the words wanted stand in the name, next to each other and in their order."""
    words, parts = fold_name(wanted), fold_name(name)
    width = len(words)
    return bool(words) and any(parts[at : at + width] == words for at in range(len(parts) - width + 1))


def find_speakers(tables: Tables, name: str) -> dict[str, str | None]:
    """Names of the speakers called `name`, by name or alias, with their entity id where they have one."""
    rows = tables.query(
        "SELECT DISTINCT q.speaker_name, q.speaker_id, e.aliases FROM quotes q "
        "LEFT JOIN entities e ON e.entity_id = q.speaker_id WHERE q.speaker_name IS NOT NULL ORDER BY 1",
        tables=["quotes", "entities"],
    )
    return {
        speaker: entity_id
        for speaker, entity_id, aliases in rows
        if any(is_called(name, known) for known in (speaker, *(aliases or "").split("; ")))
    }


def explain_no_quotes(tables: Tables, name: str) -> str:
    """Why nothing is found by somebody called `name`: who else may be meant, or that the other options leave none."""
    if speakers := find_speakers(tables, name):
        verb = "is" if len(speakers) == 1 else "are"
        return f"{', '.join(list(speakers)[:3])} {verb} quoted, but not so: leave out --story or --kind"
    rows = tables.query("SELECT DISTINCT speaker_name FROM quotes WHERE speaker_name IS NOT NULL", tables=["quotes"])
    names = {" ".join(fold_name(known)): known for (known,) in rows}
    words = {word: known for folded, known in names.items() for word in folded.split()}
    wanted = " ".join(fold_name(name))
    near = get_close_matches(wanted, [*names, *words], 1)
    hint = f"did you mean {(names | words)[near[0]]!r}? " if near else ""
    return f"nobody quoted is called {name!r}; {hint}`onrecord show entities` lists who is named"


def quotes_by(tables: Tables, name: str, *, story: str | None = None, kind: str | None = None) -> list[SpokenQuote]:
    """Quotations of everyone called `name`, by speaker and time of publication.

    `story` is a story's id, its beginning, or words of its headline.
    """
    speakers = find_speakers(tables, name)
    rows = tables.query(
        "SELECT q.speaker_name, a.outlet_name, a.title, a.published_at, q.kind, q.content, q.cue, q.speaker_text, "
        "q.speaker_title, q.article_id, q.quote_id, d.source_uri, a.story_id, s.headline FROM quotes q "
        "JOIN articles a ON a.article_id = q.article_id JOIN documents d ON d.document_id = a.document_id "
        "LEFT JOIN stories s ON s.story_id = a.story_id "
        "WHERE list_contains(?, q.speaker_name) AND (? IS NULL OR q.kind = ?) "
        "ORDER BY q.speaker_name, a.published_at, a.article_id, q.start_char",
        [list(speakers), kind, kind],
        tables=["quotes", "articles", "documents", "stories"],
    )
    return [SpokenQuote(*row[:-2]) for row in rows if story is None or _is_story(story, row[-2], row[-1])]


def _is_story(wanted: str, story_id: str | None, headline: str | None) -> bool:
    if story_id and story_id.startswith(wanted):
        return True
    return set(fold_name(wanted)) <= set(fold_name(headline or "")) and bool(fold_name(wanted))


def find_documents(tables: Tables, wanted: str) -> list[str]:
    """Ids of the documents meant by an article id, its beginning, an input file or the name of one."""
    path, wanted = find_path(wanted), escape_name(wanted)
    if path.is_file():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        if tables.records("documents", "document_id", digest):
            return [digest]
    rows = tables.query(
        "SELECT document_id, source_uri FROM documents ORDER BY document_id",
        tables=["documents"],
    )
    exact = [name for name, uri in rows if wanted == uri or uri.endswith("/" + wanted.lstrip("./"))]
    own_name = wanted.rstrip("/").rpartition("/")[2]
    by_name = [name for name, uri in rows if own_name in (uri.rpartition("/")[2], uri.rpartition("/")[2].split("#")[0])]
    by_id = [name for name, _ in rows if len(wanted) >= 4 and name.startswith(wanted.lower())]
    return exact or by_id or by_name

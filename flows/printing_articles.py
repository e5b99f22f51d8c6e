"""One article on a terminal: its text with marks, and what cleaning made of the rest."""

from datetime import datetime

from rich.console import Console
from rich.text import Text

from flows.explaining import Explanation, SplitField
from flows.printing import ROLE_STYLES, make_grid
from flows.printing_categories import FAMILIES, family_of
from schemas import Repair
from tasks.publish.marked_text import Piece
from tasks.publish.plain_text import CONTROLS, flatten_text, shorten_text, strip_controls

MENDED_STYLE = "underline"
FLAGGED_STYLE = "bold red"
SHOWN_CHARACTERS = 60


def print_explanation(console: Console, explanation: Explanation) -> None:
    """The fields split off, the text with its marks, removed text with category and rule, and all repairs."""
    view = explanation.view
    console.print(
        Text(f"{explanation.document_id or ''}  {flatten_text(explanation.source_uri or '')}".strip(), style="dim")
    )
    if not explanation.is_published:
        console.print(Text("Not in the warehouse: cleaned just now, quotations not looked for.", style="dim"))
    for row in explanation.refusals:
        what = f"refused by {row.stage}: {row.check_name}; seen {row.observed}, expected {row.expected}"
        console.print(Text(flatten_text(what), style="red"))
    if view is None:
        console.print(Text("No article was made of this input."))
        return
    console.print(Text(flatten_text(view.title), style="bold"))
    console.print(Text(flatten_text(f"{view.outlet} · {view.article.word_count} words"), style="dim"))
    _print_fields(console, explanation)
    console.print(_legend(has_marks=bool(view.quotes or view.figures)))
    for paragraph in view.paragraphs:
        line = Text("\n" if paragraph.is_removed else "").join(_piece(piece) for piece in paragraph.pieces)
        console.print(line.append("\n"))
    _print_repairs(console, view.repairs)


def _print_fields(console: Console, explanation: Explanation) -> None:
    rows = [(field.name, _show_field(field), ", ".join(field.known)) for field in explanation.fields]
    rows += [
        ("caption", caption.text, f"credit: {caption.credit}" if caption.credit else "")
        for caption in explanation.captions
    ]
    console.print(Text())
    console.print(make_grid(("field", "value", "known by"), rows))


def _show_field(field: SplitField) -> object:
    if isinstance(field.value, datetime) and ("day" in field.known or field.name == "page_clock_at"):
        return f"{field.value:%Y-%m-%d}"
    return field.value


def _legend(*, has_marks: bool) -> Text:
    legend = Text("\n")
    for role, style in ROLE_STYLES.items() if has_marks else ():
        legend.append(role, style=style).append("  ")
    legend.append("mended", style=MENDED_STYLE).append("  ").append("in doubt, left as received", style=FLAGGED_STYLE)
    legend.append("\nremoved, as ⟦category, rule: text⟧:  ")
    for family in FAMILIES:
        legend.append(family.meaning, style=family.style).append("  ")
    return legend.append("\n")


def _piece(piece: Piece) -> Text:
    text = strip_controls(piece.text)
    if piece.is_removed and piece.edit is not None:
        space = " " if piece.before[-1:].isspace() else ""
        style = family_of(piece.edit.category).style
        return Text(f"⟦{piece.edit.category}, {piece.edit.rule_name}: {text}⟧{space}", style=style)
    marked = Text(text)
    for role in piece.roles:
        marked.stylize(ROLE_STYLES[role])
    if piece.is_mended or piece.is_flagged:
        marked.stylize(FLAGGED_STYLE if piece.is_flagged else MENDED_STYLE)
    return marked


def _print_repairs(console: Console, repairs: list[Repair]) -> None:
    shown = [row for row in repairs if row.before.split() != row.after.split() or not row.is_applied]
    if spaces := len(repairs) - len(shown):
        console.print(Text(f"white space made regular in {spaces} place{'s' if spaces != 1 else ''}", style="dim"))
    if not shown:
        return
    rows = [
        (
            f"{row.category}, {row.rule_name}",
            _show(row.before),
            _show(row.after),
            "" if row.is_applied else "not applied",
        )
        for row in shown
    ]
    console.print(make_grid(("repair", "received", "mended", ""), rows))


def _show(text: str) -> str:
    """The characters on one line, those that cannot be seen by their numbers."""
    named = CONTROLS.sub(lambda match: f"<U+{ord(match[0]):04X}>", text.replace("\n", "↵"))
    return shorten_text(named, SHOWN_CHARACTERS)

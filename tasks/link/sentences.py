"""Where sentences end; a stop behind an abbreviation ends none."""

import re

# Those that a name, a number or a day follows. "Inc." and "Jr." are none of them: a sentence may end there.
ABBREVIATIONS = (
    *("Mr", "Mrs", "Ms", "Dr", "Prof", "Rev", "Hon", "St", "Mt", "Ft", "No", "Nos", "vs"),
    *("Gov", "Sen", "Sens", "Rep", "Reps", "Gen", "Lt", "Col", "Maj", "Capt", "Cmdr", "Adm", "Sgt", "Supt"),
    *("Jan", "Feb", "Mar", "Apr", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"),
)
# "George W. Bush", where "U.S. The" may be two sentences.
INITIAL = r"(?<!\s[A-Z]\.)"
STOP = rf"(?<=[.!?…]){INITIAL}" + "".join(rf"(?<!\b{word}\.)" for word in ABBREVIATIONS)
SENTENCE_END = re.compile(rf"{STOP}[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
SENTENCE_OR_LINE_END = re.compile(rf"{SENTENCE_END.pattern}|\n+")

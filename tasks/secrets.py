"""Passwords in addresses: inputs are written down in tables, logs and pages, so an address must not carry one."""

import re
from collections.abc import Iterable

# user:password@ after the scheme; each part stops where the host's address would end.
PASSWORD = re.compile(r"(?<=://)[^/?#@\s:]*:[^/?#@\s]*@")
# The same for the schema of a flow's parameters: Prefect's server refuses such a run before it writes anything down.
WITHOUT_PASSWORD = r"^(?![\s\S]*://[^/?#@\s:]*:[^/?#@\s]*@)"


def hide_password(text: str) -> str:
    """`text` without users and passwords of the addresses in it."""
    return PASSWORD.sub("***@", text)


def check_no_password(inputs: Iterable[str]) -> None:
    """ValueError where an input's address carries a password; its message does not repeat it."""
    for name in inputs:
        if PASSWORD.search(name):
            raise ValueError(
                f"{hide_password(name)} carries a password, which tables, logs and pages would show: "
                "give it in the environment or in the settings of the file system (see docs/operating.md)"
            )

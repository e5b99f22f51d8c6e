"""Passwords in addresses: inputs are written down in tables, logs and pages, so an address must not carry one."""

import re
from collections.abc import Iterable

# What follows "://" where that is a host with its port, of digits: "@" may then stand in the path. A host that is a
# number of IPv6 has colons of its own.
NUMBER_AS_HOST = r"(?:[^/?#:@]*@)?\[[0-9A-Fa-f:.]*(?:%[^/?#@\]]*)?\](?::[0-9]*)?(?:[/?#]|$)"
PORT = r"[0-9]*(?:[/?#]|$)"
# An address in an address begins so: "zip://*.txt::https://…".
NEXT_ADDRESS = r":[A-Za-z0-9+.:-]*://"
# user: of user:password@. The password is all up to the last "@", since it may hold "/" and "@" itself.
USER = rf"://(?!{NUMBER_AS_HOST})[^/?#:]*:(?!{PORT}|{NEXT_ADDRESS})"
# The web has no users: who stands alone before the "@" there is a token.
TOKEN = r"[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+@"
BEGINNING = re.compile(rf"{USER}|{TOKEN}")
# The same for the schema of a flow's parameters: Prefect's server refuses such a run before it writes anything down.
# Looked at is the first that begins so: where no "@" follows it, none follows a later one.
WITHOUT_PASSWORD = rf"^(?!(?:(?!{USER})[\s\S])*{USER}[\s\S]*@)(?![\s\S]*{TOKEN})"


def hide_password(address: str) -> str:
    """`address` without the user and the password, or the token, that it carries."""
    # With the "@", so that the digits of a password are not taken for a port.
    end = address.rfind("@") + 1
    found = BEGINNING.search(address, 0, end)
    if found is None:
        return address
    begin = address.index("://", found.start()) + len("://")
    return f"{address[:begin]}***@{address[end:]}"


def check_no_password(inputs: Iterable[str]) -> None:
    """ValueError where an input's address carries a password; its message does not repeat it."""
    for name in inputs:
        if (hidden := hide_password(name)) != name:
            raise ValueError(
                f"{hidden} carries a password or a token, which tables, logs and pages would show: "
                "give it in the environment or in the settings of the file system (see docs/operating.md)"
            )

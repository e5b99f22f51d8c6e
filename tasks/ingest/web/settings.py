"""How the web is asked."""

from dataclasses import dataclass
from importlib.metadata import version

from tasks.ingest.readers.feed import MAXIMUM_FEED_BYTES

USER_AGENT_NAME = "onrecord"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Limits and manners of fetching; times in seconds.

    `deadline` bounds one answer from connecting to its last byte; a long one gets more, by its length.
    `delay` lies between two requests to one
    host, or what its robots.txt asks for, up to `maximum_delay`. An address that does not answer is asked again after
    `first_pause`, then after twice as long, up to `maximum_pause`. Left alone for the rest of the run is a server that
    asks for a longer pause, and a host that gave no answer in time `maximum_hangs` times in a row.
    `maximum_pages` bounds the articles fetched anew in a run for one feed,
    `maximum_feed_bytes` a feed as it comes and as it is unpacked. `allow_private` opens the addresses of this machine
    and its network.
    """

    allow_private: bool = False
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 60.0
    attempts: int = 3
    maximum_hangs: int = 5
    first_pause: float = 1.0
    maximum_pause: float = 30.0
    delay: float = 1.0
    maximum_delay: float = 30.0
    maximum_redirects: int = 5
    maximum_pages: int = 500
    maximum_feed_bytes: int = MAXIMUM_FEED_BYTES
    maximum_file_bytes: int = 20_000_000_000
    user_agent: str = f"{USER_AGENT_NAME}/{version('onrecord')} (news tables; follows robots.txt)"

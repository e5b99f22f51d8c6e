"""Files whose letters are of several bytes each, UTF-16 and UTF-32, read as if they were in UTF-8."""

import codecs
import io
import re
from typing import Any

# Before UTF-16 stands UTF-32: its mark begins with the same two bytes.
WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# So many first bytes tell whether every second one is zero.
SAMPLE_BYTES = 4096
CHUNK_BYTES = 1 << 16
# Behind a byte too many or too few what was read is read anew, at every such byte: the less, the better.
READ_BYTES = 1 << 12
HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
# A line's end read from the midst of one letter to the midst of the next; Unicode gives this number to no letter.
SHIFTED_END = "\u0a00"


def wide_encoding(head: bytes) -> str | None:
    """The encoding of a file whose letters are of several bytes; None where they are of one.

    A mark tells it, two letters of ASCII at the beginning, or zeros in every second byte.
    """
    marked = next((encoding for mark, encoding in WIDE_MARKS if head.startswith(mark)), None)
    if encoding := marked or tell_unmarked(head[:SAMPLE_BYTES]):
        return encoding
    if len(head) > 3 and not head[1] and head[0] and head[2] and not head[3]:
        return "utf-16-le"
    return "utf-16-be" if len(head) > 3 and not head[0] and head[1] and not head[2] and head[3] else None


def tell_unmarked(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 that is mostly of western letters, by its zeros.

    They are in more than half of the one bytes, and in few others; of four bytes in two at least.
    """
    if 0 not in raw:
        return None
    letters = len(raw) // 4
    for order, encoding in ((range(4), "utf-32-be"), (range(3, -1, -1), "utf-32-le")):
        # Unicode's numbers end before 0x110000, and of most letters before 0x10000.
        zeros = [raw[at::4].count(0) for at in order]
        if letters > 1 and zeros[0] >= letters and zeros[1] * 2 > letters and zeros[3] * 20 < letters:
            return encoding
    letters = len(raw) // 2
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if letters > 1 and raw[first::2].count(0) * 2 > letters and raw[1 - first :: 2].count(0) * 20 < letters:
            return encoding
    return None


def narrow(head: bytes) -> bytes:
    """The first bytes of a file as they were in UTF-8, where its letters are of several bytes."""
    encoding = wide_encoding(head)
    return head.decode(encoding, "ignore").encode("utf-8", "ignore") if encoding else head


def recode(file: Any, head: bytes) -> Any:
    """What gives a file's bytes in UTF-8, where its letters are of several bytes; else the file itself.

    Half a character becomes a replacement character, and behind a byte too many or too few all is read as it should
    be from the next line on.
    """
    encoding = wide_encoding(head)
    if encoding is None:
        return file
    if encoding == "utf-16":
        encoding = "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    return io.BufferedReader(_Recoded(file, encoding), CHUNK_BYTES)


class _Recoded(io.RawIOBase):
    def __init__(self, file: Any, encoding: str) -> None:
        self.file, self.encoding = file, encoding
        # UTF-32 has a number for no half character; what is cut in it is replaced at once.
        self.is_16 = encoding.startswith("utf-16")
        self.decoder = codecs.getincrementaldecoder(encoding)("surrogatepass" if self.is_16 else "replace")
        self.held = b""
        self.is_first, self.skipped = True, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held and (chunk := self.file.read(READ_BYTES)):
            text = self.decoder.decode(chunk[self.skipped :])
            self.skipped = 0
            self.held = self._write(self._align(text))
        if not self.held:
            self.held = self._end()
        given, self.held = self.held[: len(buffer)], self.held[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)

    def _align(self, text: str) -> str:
        """The text, from the next line on, where it was read a byte beside its letters."""
        parts: list[str] = []
        while self.is_16 and SHIFTED_END in text:
            line, _, rest = text.partition(SHIFTED_END)
            raw = rest.encode(self.encoding, "surrogatepass") + self.decoder.getstate()[0]
            # A zero of the end of the line is left, or one of the next letter was taken with it.
            if self.encoding == "utf-16-be":
                raw = b"\0" + raw
            else:
                raw, self.skipped = raw[1:], int(not raw)
            self.decoder.reset()
            parts += (line, "\n")
            text = self.decoder.decode(raw)
        return "".join((*parts, text))

    def _end(self) -> bytes:
        left = self.decoder.getstate()[0]
        self.decoder.reset()
        # Half the end of a line is no loss.
        return "\ufffd".encode() if left.strip(b"\0\r\n") else b""

    def _write(self, text: str) -> bytes:
        if self.is_first and text:
            text, self.is_first = text.removeprefix("\ufeff"), False
        return HALF_CHARACTER.sub("\ufffd", text).encode("utf-8")

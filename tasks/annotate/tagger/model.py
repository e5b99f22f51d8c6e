"""The tagger's model file and what it gives for a text."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from tasks.annotate.tagger.labels import HEADS, OUTPUT_WIDTH
from tasks.annotate.tagger.pieces import MARK_STATES, PieceReader, Pieces
from tasks.annotate.tagger.windows import cut_windows

MODEL_FILE = Path(__file__).with_name("tagger.onnx")
# Pieces a window scores, and those it reads before them: a window and its two special pieces fill 256 places.
WINDOW = 222
CONTEXT = 32


def feature_numbers(pieces: Pieces) -> np.ndarray:
    """For each piece the row of the model's feature table that stands for its shape, mark state and paragraph start."""
    return (pieces.shapes * len(MARK_STATES) + pieces.marks) * 2 + pieces.opens_paragraph


@dataclass(slots=True)
class Reading:
    """A text as the model read it: its pieces, and a row of OUTPUT_WIDTH numbers for each.

    `openings` are the rows of the windows' opening pieces, `windows` the number of each piece's window.
    """

    pieces: Pieces
    rows: np.ndarray
    openings: np.ndarray
    windows: np.ndarray

    def head(self, name: str) -> np.ndarray:
        """The numbers of one head of `labels.HEADS`."""
        return self.rows[:, HEADS[name]]

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Half-open offsets, in characters, of the pieces `first` up to `last`, which is one past the end."""
        return int(self.pieces.starts[first]), int(self.pieces.ends[last - 1])

    def null_keys(self, pieces: np.ndarray) -> np.ndarray:
        """For each of these pieces the key of its window's opening: what it points at where it has no target."""
        return self.openings[self.windows[pieces]][:, HEADS["keys"]]


def read_with(run: Callable[[np.ndarray, np.ndarray], np.ndarray], reader: PieceReader, text: str) -> Reading:
    """The text read window by window: `run` gives the rows for one window's ids and features."""
    pieces = reader.read(text)
    rows = np.empty((len(pieces), OUTPUT_WIDTH), np.float32)
    features = feature_numbers(pieces)
    openings: list[np.ndarray] = []
    numbers = np.empty(len(pieces), np.int64)
    for window in cut_windows(pieces, limit=WINDOW, context=CONTEXT):
        inside = slice(window.start, window.end)
        ids = _enclose(pieces.ids[inside], reader.opening_id, reader.closing_id)
        result = run(ids, _enclose(features[inside], 0, 0))
        rows[window.scored_from : window.end] = result[1 + window.scored_from - window.start : -1]
        numbers[window.scored_from : window.end] = len(openings)
        openings.append(result[0])
    return Reading(pieces, rows, np.array(openings).reshape(-1, OUTPUT_WIDTH), numbers)


def _enclose(values: np.ndarray, first: int, last: int) -> np.ndarray:
    result = np.empty(len(values) + 2, np.int64)
    result[0], result[1:-1], result[-1] = first, values, last
    return result


class Model:
    """A model file in memory, on one thread: a process each for more."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
        )
        self.metadata = dict(self.session.get_modelmeta().custom_metadata_map)
        self.reader = PieceReader(self.metadata["tokenizer"])
        self.calibration = np.array(json.loads(self.metadata["calibration"]))

    def read(self, text: str) -> Reading:
        """The text's pieces and their rows."""
        return read_with(self._run, self.reader, text)

    def calibrate(self, confidence: float) -> float:
        """The share of attributions of such a confidence that were right in the texts the model was scored on."""
        return float(np.interp(confidence, *self.calibration))

    def _run(self, ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        return self.session.run(None, {"ids": ids, "features": features})[0]


@cache
def load_model(path: Path = MODEL_FILE) -> Model:
    """The model of this file, read once per process."""
    return Model(path.read_bytes())

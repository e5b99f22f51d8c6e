"""Confidences made true: how often attributions of a confidence were right in annotated texts."""

from collections.abc import Iterable

import numpy as np
from sklearn.isotonic import IsotonicRegression

from tasks.train.brat import GoldArticle
from tasks.train.scoring import Reads, judge, tagger_tells

# More points would repeat what is chance in the texts.
POINTS = 12
IDENTITY = ((0.0, 1.0), (0.0, 1.0))

Calibration = tuple[tuple[float, ...], tuple[float, ...]]
"""Confidences, ascending, and the share that is right at each; straight lines between."""


def calibrate(articles: Iterable[GoldArticle], read: Reads) -> Calibration:
    """The calibration of a tagger on annotated articles; the identity where it finds nothing in them.

    Isotonic regression (Zadrozny & Elkan 2002): the share that is right never falls as the confidence rises.
    """
    tell = tagger_tells(read)
    confidences: list[float] = []
    right: list[bool] = []
    for article in articles:
        told = tell(article.text)
        confidences += [item.confidence for item in told]
        right += judge(article, told)
    return fit_calibration(confidences, right)


def fit_calibration(confidences: list[float], right: list[bool]) -> Calibration:
    """The calibration that these judged confidences make; the identity for fewer than POINTS."""
    if len(confidences) < POINTS:
        return IDENTITY
    regression = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(confidences, right)
    # Bins of equal count: their means are steadier than the regression's steps.
    groups = np.array_split(np.sort(np.array(confidences)), POINTS)
    at = np.unique([0.0, *(float(group.mean()) for group in groups), 1.0])
    return tuple(at.tolist()), tuple(np.round(regression.predict(at), 3).tolist())

import numpy as np
import pytest

from tasks.train.calibration import IDENTITY, POINTS, fit_calibration


def test_fit_calibration_learns_how_often_a_confidence_is_right():
    random = np.random.default_rng(1)
    confidences = random.uniform(0, 1, 4000)
    right = random.uniform(0, 1, 4000) < confidences**2
    at, shares = fit_calibration(confidences.tolist(), right.tolist())
    assert float(np.interp(0.5, at, shares)) == pytest.approx(0.25, abs=0.06)
    assert float(np.interp(0.9, at, shares)) == pytest.approx(0.81, abs=0.06)


def test_fit_calibration_never_falls_and_stays_between_0_and_1():
    random = np.random.default_rng(2)
    at, shares = fit_calibration(random.uniform(0.3, 0.6, 90).tolist(), (random.uniform(0, 1, 90) < 0.5).tolist())
    assert (at[0], at[-1]) == (0.0, 1.0)
    assert list(at) == sorted(set(at))
    assert list(shares) == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


def test_fit_calibration_of_too_few_changes_nothing():
    assert fit_calibration([0.5] * (POINTS - 1), [True] * (POINTS - 1)) == IDENTITY

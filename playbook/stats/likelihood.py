"""Maximum likelihood for models with positive parameters: the estimate and how sure it is.

Parameters are searched for on the logarithmic scale with the model's own gradient; the
uncertainty is the inverse of the observed information on that scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# A parameter beyond these runs away: the data say no more than that it is small or large.
SMALLEST, LARGEST = np.log(1e-6), np.log(1e6)
STEP = 1e-4  # of the central differences of the gradient, on the logarithmic scale


@dataclass(frozen=True, kw_only=True, eq=False)
class Maximum:
    """Where a likelihood is highest.

    Attributes:
        parameters: The estimates, above 0.
        log_likelihood: Natural logarithm of the likelihood there.
        covariance: Of the logarithms of the parameters; not finite where the likelihood is
            flat, so that a parameter cannot be told.
    """

    parameters: Floats
    log_likelihood: float
    covariance: Floats

    @property
    def is_sure(self) -> bool:
        """Whether each parameter is told from its neighbours, and none has run away."""
        logs = np.log(self.parameters)
        inside = (logs > SMALLEST + 0.5) & (logs < LARGEST - 0.5)
        return bool(inside.all() and np.isfinite(self.covariance).all())

    def draws(self, n: int, *, seed: int) -> Floats:
        """Parameters that the data would allow as well: ``n`` rows, log-normal.

        Raises:
            ValueError: The likelihood is flat, so that there is no such distribution.
        """
        if not self.is_sure:
            raise ValueError("the parameters cannot be told from these data")
        rng = np.random.default_rng(seed)
        logs = rng.multivariate_normal(np.log(self.parameters), self.covariance, n)
        found: Floats = np.exp(logs)
        return found


def maximise(
    value_and_gradient: Callable[[Floats], tuple[float, Floats]], starts: Sequence[Sequence[float]]
) -> Maximum:
    """Find the highest log-likelihood from several starting points.

    Args:
        value_and_gradient: From parameters to the log-likelihood and its derivatives by them.
        starts: Parameters to begin with, above 0.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # products of short vectors: several threads wait for each other longer than they work
    with threadpool_limits(limits=1, user_api="blas"):
        return _highest(value_and_gradient, starts)


def _highest(
    value_and_gradient: Callable[[Floats], tuple[float, Floats]], starts: Sequence[Sequence[float]]
) -> Maximum:
    from scipy.optimize import minimize

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, gradient = value_and_gradient(parameters)
        return -value, -gradient * parameters

    limits = [(SMALLEST, LARGEST)] * len(starts[0])
    found = [
        minimize(
            loss,
            np.log(np.asarray(start, dtype=float)),
            jac=True,
            method="L-BFGS-B",
            bounds=limits,
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-6 * scale_of(loss, start)},
        )
        for start in starts
    ]
    best = min(found, key=lambda one: float(one.fun))
    return Maximum(
        parameters=np.exp(best.x),
        log_likelihood=-float(best.fun),
        covariance=_covariance(loss, best.x),
    )


def scale_of(loss: Callable[[Floats], tuple[float, Floats]], start: Sequence[float]) -> float:
    """The size of a loss, so that a gradient is called small beside it."""
    return max(abs(loss(np.log(np.asarray(start, dtype=float)))[0]) * 1e-3, 1.0)


def _covariance(loss: Callable[[Floats], tuple[float, Floats]], logs: Floats) -> Floats:
    """Inverse of the second derivatives, by central differences of the gradient."""
    n = len(logs)
    second = np.empty((n, n))
    for i in range(n):
        step = np.zeros(n)
        step[i] = STEP
        second[i] = (loss(logs + step)[1] - loss(logs - step)[1]) / (2 * STEP)
    second = (second + second.T) / 2
    if not np.isfinite(second).all() or np.linalg.eigvalsh(second)[0] <= 0:
        return np.full((n, n), np.nan)
    return np.linalg.inv(second).astype(float)

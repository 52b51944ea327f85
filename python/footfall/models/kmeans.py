"""k-means for any numeric table or array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.checks import real, shown, whole
from footfall.models._arrays import arrays, floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_MOST = 16


class KMeans:
    """Clusters of points.

    Attributes
    ----------
    labels : numpy.ndarray of shape (n,), uint32
        The cluster of each point, from 0.
    centers : numpy.ndarray of shape (k, d)
        The means of the clusters.
    sizes : numpy.ndarray of shape (k,)
        The points of each cluster, or their weight.
    inertia : float
        The weighted sum of squared distances to the centres.
    n_iter : int
        Steps.
    converged : bool
        Whether the search ended before ``max_iter``.
    """

    def __init__(self, found: Any, width: int) -> None:
        import numpy as np

        self.labels, centers, sizes, self.inertia, self.n_iter, self.converged = found
        self.centers = np.array(centers).reshape(-1, width)
        self.sizes = np.array(sizes)

    def predict(self, X: Any) -> Any:  # noqa: N803 - scikit-learn's name
        """Return the cluster whose centre is nearest to each point; the lowest of several as near."""
        points, width = _points(X)
        if width != self.centers.shape[1]:
            raise ValueError(f"X has {width} columns, and the clusters were made of {self.centers.shape[1]}")
        return _native.nearest(points, self.centers.ravel().tolist())

    def __repr__(self) -> str:
        sizes = ", ".join(f"{size:,.0f}" for size in self.sizes)
        return f"KMeans(k={len(self.sizes)}, inertia={self.inertia:.6g}, sizes=[{sizes}])"


def kmeans(
    X: Any,  # noqa: N803 - scikit-learn's name
    k: int,
    *,
    weights: ArrayLike | None = None,
    init: ArrayLike | None = None,
    seed: int = 0,
    max_iter: int = 300,
    tol: float = 1e-4,
) -> KMeans:
    """Find k clusters with as small a sum of squared distances to their means as can be found from one start.

    Lloyd's algorithm, exactly, with Hamerly's bounds, from greedy k-means++ (of a sample of 32,768 points where there
    are more). The same seed gives the same clusters for any number of threads. Scale the columns first: a column of
    larger numbers counts for more.

    Parameters
    ----------
    X : array_like of shape (n, d) or DataFrame
        Finite numbers in 1 to 16 columns. Contiguous arrays and columns of float64 are not copied.
    k : int
        How many clusters.
    weights : array_like of shape (n,), optional
        How much each point counts.
    init : array_like of shape (k, d), optional
        Centres to start from; the clusters keep their order. Without it they are ordered by the first column of their
        centres.
    seed : int
        Of the start.
    max_iter : int
        Most steps.
    tol : float
        It ends where centres move less, in sum of squares, than ``tol`` times the mean variance of the columns (as
        scikit-learn has it), or no label changes.

    Returns
    -------
    KMeans

    Examples
    --------
    >>> import footfall as ff
    >>> found = ff.kmeans([[0.0, 1.0], [0.1, 1.1], [5.0, 5.0], [5.2, 5.0]], 2)
    >>> found.labels.tolist(), found.centers[1].tolist()
    ([0, 0, 1, 1], [5.1, 5.0])
    """
    points, width = _points(X)
    count = len(points[0]) if isinstance(points, list) else len(points)
    k = whole(k, "k", 1)
    if not count:
        raise ValueError("X has no rows")
    if k > count:
        raise ValueError(f"k={k}, but X has {count} rows")
    tol = real(tol, "tol", "a number from 0", lambda change: change >= 0)
    params = {
        "k": k,
        "init": _start(init, k, width),
        "steps": whole(max_iter, "max_iter", 1, 2**32 - 1),
        "tolerance": tol,
    }
    found = _native.kmeans(points, _weights(weights, count), whole(seed, "seed", 0, 2**64 - 1), params)
    return KMeans(found, width)


def _points(X: Any) -> tuple[Any, int]:  # noqa: N803
    """Return a contiguous array, or the columns of a frame, and how many columns there are."""
    import numpy as np

    names = getattr(X, "columns", getattr(X, "column_names", None))
    try:
        if names is not None and hasattr(X, "__getitem__") and not isinstance(X, np.ndarray):
            named = _names(X)
            twice = next((name for name in named if named.count(name) > 1), None)
            if twice is not None:
                raise ValueError(f"X has two columns of the name {shown(twice)}: rename one of them")
            columns = [_column(X[name], name) for name in named]
            _check(len(columns))
            return columns, len(columns)
        array = _array(X)
        if array.ndim == 1:
            array = array.reshape(-1, 1)
        if array.ndim != 2:  # noqa: PLR2004 - rows and columns
            raise ValueError(f"X has {array.ndim} dimensions: give points in rows")
        _check(array.shape[1])
        if array.dtype == np.float64 and array.flags.f_contiguous and not array.flags.c_contiguous:
            return [array[:, at] for at in range(array.shape[1])], array.shape[1]
        return np.ascontiguousarray(array, dtype=np.float64), array.shape[1]
    except TypeError as error:
        raise TypeError(f"X takes numbers, not {type(X).__name__} of others") from error


def _column(values: Any, name: Any) -> Any:
    import numpy as np

    try:
        return np.ascontiguousarray(floats(values))
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"X: the column {shown(name)} holds no numbers; leave it out or convert it") from error


def _array(X: Any) -> Any:  # noqa: N803
    try:
        return floats(X)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"X={shown(X)}: give numbers, in rows of one length") from error


def _names(X: Any) -> list[Any]:  # noqa: N803
    """Return the names of a frame's columns; PyArrow's ``columns`` are the columns themselves."""
    return list(getattr(X, "column_names", None) or X.columns)


def _check(width: int) -> None:
    if not 1 <= width <= _MOST:
        raise ValueError(f"X has {width} columns: give 1 to {_MOST}")


def _weights(weights: Any, count: int) -> Any:
    import numpy as np

    if weights is None:
        return None
    (made,), _ = arrays(weights=weights)
    if made.shape != (count,):
        raise ValueError(f"weights= has the shape {made.shape}, and X {count} rows: give one weight a row")
    if not (np.isfinite(made).all() and (made >= 0).all() and made.sum() > 0):
        raise ValueError("weights= are finite numbers from 0, and not all of them 0")
    return made


def _start(init: Any, k: int, width: int) -> list[float] | None:
    import numpy as np

    if init is None:
        return None
    try:
        made = floats(init)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"init={shown(init)}: give {k} centres of {width} numbers") from error
    if made.shape != (k, width):
        raise ValueError(f"init= has the shape {made.shape}: give {k} centres of {width} columns")
    if not np.isfinite(made).all():
        raise ValueError("init= holds numbers that are not finite")
    start: list[float] = made.ravel().tolist()
    return start

//! Symmetric systems of linear equations.

/// A pivot so much smaller than the largest entry is what rounding leaves of nothing.
const SINGULAR: f64 = 1e-13;

pub(super) type Matrix = Vec<Vec<f64>>;

/// The inverse of a symmetric matrix; `None` where it is singular.
pub(super) fn inverse(matrix: Matrix) -> Option<Matrix> {
    let width = matrix.len();
    let identity = (0..width).map(|i| (0..width).map(|j| f64::from(u8::from(i == j))).collect());
    solve(matrix, identity.collect())
}

/// Solve a symmetric system for some right-hand sides, by elimination with pivots; `None` where it is singular.
pub(super) fn solve(mut matrix: Matrix, mut sides: Matrix) -> Option<Matrix> {
    let width = matrix.len();
    let scale = matrix
        .iter()
        .flatten()
        .fold(0.0, |scale, value| f64::max(scale, value.abs()));
    for at in 0..width {
        let pivot = (at..width).max_by(|&a, &b| matrix[a][at].abs().total_cmp(&matrix[b][at].abs()))?;
        if matrix[pivot][at].abs() <= SINGULAR * scale {
            return None;
        }
        matrix.swap(at, pivot);
        for side in &mut sides {
            side.swap(at, pivot);
        }
        let (done, rest) = matrix.split_at_mut(at + 1);
        let top = &done[at];
        for (row, below) in (at + 1..).zip(rest) {
            let factor = below[at] / top[at];
            for (value, above) in below.iter_mut().zip(top) {
                *value -= factor * above;
            }
            for side in &mut sides {
                side[row] -= factor * side[at];
            }
        }
    }
    for side in &mut sides {
        for at in (0..width).rev() {
            let known: f64 = (at + 1..width).map(|column| matrix[at][column] * side[column]).sum();
            side[at] = (side[at] - known) / matrix[at][at];
        }
    }
    Some(sides)
}

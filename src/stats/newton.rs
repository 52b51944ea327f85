//! Newton maximiser of a smooth function of a few variables, damped as Levenberg and Marquardt do it, in a box.
//!
//! J. Nocedal & S. J. Wright, "Numerical Optimization" (2006), chapters 3 and 4. With an exact Hessian of at most four
//! variables a step costs one evaluation, and the Newton decrement says how far below the maximum the value lies
//! (S. Boyd & L. Vandenberghe, "Convex Optimization" (2004), 9.5), whatever the scale of the gradient.

/// A function at a point.
#[derive(Debug, Clone, Copy)]
pub struct Point<const N: usize> {
    /// The value.
    pub value: f64,
    /// The gradient.
    pub gradient: [f64; N],
    /// The Hessian.
    pub hessian: [[f64; N]; N],
}

/// Where the search ended.
#[derive(Debug, Clone, Copy)]
pub struct Maximum<const N: usize> {
    /// The variables.
    pub at: [f64; N],
    /// The function there.
    pub point: Point<N>,
    /// Half of it is what the value may lie below the maximum; as far as the box lets it rise.
    pub decrement: f64,
    /// Variables at an end of the box that would leave it.
    pub bound: [bool; N],
    /// Evaluations.
    pub evaluations: u32,
    /// Why it ended.
    pub ended: Ended,
}

/// Why a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The decrement is below the tolerance, or no step leads higher.
    AtTop,
    /// The value hardly rises any more, however far it goes: a ridge.
    OnRidge,
    /// After as many steps as are made.
    Stopped,
}

const MOST_STEPS: u32 = 200;
/// A search that rises by less than this in so many evaluations goes along a ridge. Near a maximum so many come to its last
/// digit, and so many that lead nowhere have made the step too small to lead anywhere; a log-likelihood that differs by so
/// little tells nothing apart.
const RIDGE: (f64, usize) = (1e-3, 12);
const LONGEST: f64 = 2.0;

impl<const N: usize> Point<N> {
    /// Nothing, to be added to.
    #[must_use]
    pub fn zero() -> Self {
        Self {
            value: 0.0,
            gradient: [0.0; N],
            hessian: [[0.0; N]; N],
        }
    }

    /// Add a multiple of another.
    pub fn add(&mut self, other: &Self, times: f64) {
        self.value += times * other.value;
        for row in 0..N {
            self.gradient[row] += times * other.gradient[row];
            for column in 0..N {
                self.hessian[row][column] += times * other.hessian[row][column];
            }
        }
    }

    /// The function of the logarithms of its variables.
    #[must_use]
    pub fn by_logarithms(&self, at: &[f64; N]) -> Self {
        let mut to = *self;
        for row in 0..N {
            to.gradient[row] *= at[row];
            for column in 0..N {
                to.hessian[row][column] *= at[row] * at[column];
            }
            to.hessian[row][row] += to.gradient[row];
        }
        to
    }
}

/// The Cholesky factor of a symmetric matrix (its lower triangle), or `None` where it is not positive definite.
fn cholesky<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut lower = [[0.0; N]; N];
    for row in 0..N {
        for column in 0..=row {
            let known: f64 = (0..column).map(|at| lower[row][at] * lower[column][at]).sum();
            let rest = matrix[row][column] - known;
            if row != column {
                lower[row][column] = rest / lower[column][column];
            } else if rest > 0.0 && rest.is_finite() && rest > 1e-14 * matrix[row][row].abs() {
                lower[row][row] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(lower)
}

/// The solution of a system whose matrix has this Cholesky factor.
fn solve<const N: usize>(lower: &[[f64; N]; N], right: [f64; N]) -> [f64; N] {
    let mut x = right;
    for row in 0..N {
        let known: f64 = (0..row).map(|at| lower[row][at] * x[at]).sum();
        x[row] = (x[row] - known) / lower[row][row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| lower[at][row] * x[at]).sum();
        x[row] = (x[row] - known) / lower[row][row];
    }
    x
}

/// The inverse of a symmetric positive definite matrix; `None` where it is not.
#[must_use]
pub fn inverse<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let lower = cholesky(matrix)?;
    let columns: [[f64; N]; N] =
        std::array::from_fn(|at| solve(&lower, std::array::from_fn(|row| f64::from(u8::from(row == at)))));
    Some(columns)
}

/// Climb from a start to a maximum in a box, until the decrement is below a tolerance (or what rounding leaves).
///
/// # Errors
/// Those of the function.
pub fn maximise<const N: usize, E>(
    start: [f64; N],
    bounds: &[(f64, f64); N],
    tolerance: f64,
    mut f: impl FnMut(&[f64; N]) -> Result<Point<N>, E>,
) -> Result<Maximum<N>, E> {
    let mut at = start;
    let mut point = f(&at)?;
    let (mut damping, mut evaluations) = (0.0, 1);
    let mut last = None;
    let mut ended = Ended::Stopped;
    let mut climbed = [f64::NEG_INFINITY; RIDGE.1];
    while evaluations < MOST_STEPS && point.value.is_finite() {
        let bound = bound(&at, &point, bounds);
        let Some((step, gain)) = direction(&point, bound, damping) else {
            damping = if damping == 0.0 { 1e-3 } else { damping * 10.0 };
            if damping > 1e15 {
                ended = Ended::AtTop;
                break;
            }
            continue;
        };
        if damping == 0.0 {
            last = Some(gain);
            if gain < tolerance + 1e-14 * point.value.abs() {
                ended = Ended::AtTop;
                break;
            }
        }
        let longest = step.iter().fold(0.0_f64, |most, by| most.max(by.abs()));
        let scale = (LONGEST / longest).min(1.0);
        let next: [f64; N] =
            std::array::from_fn(|row| (at[row] + scale * step[row]).clamp(bounds[row].0, bounds[row].1));
        let there = f(&next)?;
        evaluations += 1;
        if there.value.is_finite() && there.value > point.value {
            (at, point) = (next, there);
            damping = if damping < 1e-6 { 0.0 } else { damping / 10.0 };
        } else {
            damping = if damping == 0.0 { 1e-3 } else { damping * 10.0 };
            if damping > 1e12 {
                ended = Ended::AtTop;
                break;
            }
        }
        climbed.rotate_left(1);
        if point.value - climbed[0] < RIDGE.0 {
            ended = Ended::OnRidge;
            break;
        }
        climbed[RIDGE.1 - 1] = point.value;
    }
    let bound = bound(&at, &point, bounds);
    let decrement = direction(&point, bound, 0.0).map_or_else(|| last.unwrap_or(f64::INFINITY), |(_, gain)| gain);
    Ok(Maximum {
        at,
        point,
        decrement,
        bound,
        evaluations,
        ended,
    })
}

/// Variables at an end of the box beyond which the value rises.
fn bound<const N: usize>(at: &[f64; N], point: &Point<N>, bounds: &[(f64, f64); N]) -> [bool; N] {
    std::array::from_fn(|row| {
        let slope = point.gradient[row];
        (at[row] <= bounds[row].0 && slope < 0.0) || (at[row] >= bounds[row].1 && slope > 0.0)
    })
}

/// The step, and the decrement; `None` where the damped Hessian is not negative definite.
fn direction<const N: usize>(point: &Point<N>, bound: [bool; N], damping: f64) -> Option<([f64; N], f64)> {
    let (mut matrix, mut right) = ([[0.0; N]; N], point.gradient);
    for row in 0..N {
        for column in 0..N {
            if !bound[row] && !bound[column] {
                matrix[row][column] = -point.hessian[row][column];
            }
        }
        if bound[row] {
            (matrix[row][row], right[row]) = (1.0, 0.0);
        } else {
            matrix[row][row] += damping * point.hessian[row][row].abs().max(1e-6 * point.value.abs());
        }
    }
    let step = solve(&cholesky(&matrix)?, right);
    let gain = step.iter().zip(right).map(|(by, slope)| by * slope).sum();
    Some((step, gain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley, upside down: its only maximum is at (1, 1).
    fn valley(at: &[f64; 2]) -> Point<2> {
        let [x, y] = *at;
        let bend = y - x * x;
        Point {
            value: -(1.0 - x).powi(2) - 100.0 * bend * bend,
            gradient: [2.0 * (1.0 - x) + 400.0 * x * bend, -200.0 * bend],
            hessian: [[-2.0 + 400.0 * (bend - 2.0 * x * x), 400.0 * x], [400.0 * x, -200.0]],
        }
    }

    fn climb(bounds: [(f64, f64); 2]) -> Maximum<2> {
        maximise([-1.2, 1.0], &bounds, 1e-9, |at| Ok::<_, ()>(valley(at))).unwrap()
    }

    #[test]
    fn a_curved_valley_is_followed_to_its_end() {
        let found = climb([(-5.0, 5.0); 2]);
        assert!(
            (found.at[0] - 1.0).abs() < 1e-6 && (found.at[1] - 1.0).abs() < 1e-6,
            "{found:?}"
        );
        assert!(found.decrement < 1e-9 && found.evaluations < 60, "{found:?}");
    }

    #[test]
    fn an_end_of_the_box_is_named() {
        let found = climb([(-5.0, 0.5), (-5.0, 5.0)]);
        assert_eq!((found.at[0], found.bound), (0.5, [true, false]));
        assert!((found.at[1] - 0.25).abs() < 1e-9);
    }

    #[test]
    fn an_inverse_is_one() {
        let matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]];
        let inverse = inverse(&matrix).unwrap();
        for (at, row) in matrix.iter().enumerate() {
            for column in 0..3 {
                let product: f64 = row.iter().zip(&inverse).map(|(by, other)| by * other[column]).sum();
                assert!((product - f64::from(u8::from(at == column))).abs() < 1e-14);
            }
        }
        assert_eq!(cholesky(&[[1.0, 2.0], [2.0, 1.0]]), None);
    }
}

//! Points as they lie in the caller's memory, read block by block.

/// How coordinates lie.
#[derive(Debug, Clone)]
pub enum PointLayout<'a> {
    /// Point after point.
    Rows(&'a [f64]),
    /// A list of each coordinate.
    Columns(Vec<&'a [f64]>),
}

/// Points of several coordinates, each with a weight.
#[derive(Debug, Clone)]
pub struct Points<'a> {
    layout: PointLayout<'a>,
    weights: Option<&'a [f64]>,
    count: usize,
    width: usize,
}

/// Points looked at together; their distances are found side by side.
pub(super) const BLOCK: usize = 64;
/// Points summed by one task; sums are added in the order of the tasks, whatever thread did them.
pub(super) const CHUNK: usize = 128 * BLOCK;

impl<'a> Points<'a> {
    /// Points of `width` coordinates.
    #[must_use]
    pub fn new(layout: PointLayout<'a>, width: usize, weights: Option<&'a [f64]>) -> Self {
        let count = match &layout {
            PointLayout::Rows(values) => values.len() / width.max(1),
            PointLayout::Columns(columns) => columns.first().map_or(0, |column| column.len()),
        };
        Self {
            layout,
            weights,
            count,
            width,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many coordinates each has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The weight of a point.
    #[must_use]
    pub fn weight(&self, at: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[at])
    }

    /// One coordinate of a point.
    #[must_use]
    pub fn coordinate(&self, at: usize, axis: usize) -> f64 {
        match &self.layout {
            PointLayout::Rows(values) => values[at * self.width + axis],
            PointLayout::Columns(columns) => columns[axis][at],
        }
    }

    /// A point.
    #[must_use]
    pub fn point(&self, at: usize) -> Vec<f64> {
        (0..self.width).map(|axis| self.coordinate(at, axis)).collect()
    }

    /// Coordinates of up to [`BLOCK`] points from `from` on, each coordinate side by side.
    pub(super) fn block<const D: usize>(&self, from: usize, to: &mut [[f64; BLOCK]; D]) -> usize {
        let count = BLOCK.min(self.count - from);
        match &self.layout {
            PointLayout::Rows(values) => {
                let rows = &values[from * D..(from + count) * D];
                for (at, row) in rows.chunks_exact(D).enumerate() {
                    for (axis, value) in row.iter().enumerate() {
                        to[axis][at] = *value;
                    }
                }
            }
            PointLayout::Columns(columns) => {
                for (column, to) in columns.iter().zip(to) {
                    to[..count].copy_from_slice(&column[from..from + count]);
                }
            }
        }
        count
    }
}

//! Sharing the money of an order by its lines: in proportion to price times pieces, by largest remainders, exact.

use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{NumberIx, Partition};
use crate::money::{decimal_count, product};

use super::layout::Layout;

/// The lines of orders of a partition, and what each weighs.
#[derive(Debug)]
pub(crate) struct OrderLines<'a> {
    layout: &'a Layout,
    /// Price times pieces in counts of 10⁻⁴; none where the log has no prices or no pieces.
    weights: Option<Vec<Option<i64>>>,
    labels: Vec<Vec<u32>>,
}

impl<'a> OrderLines<'a> {
    pub(crate) fn new(layout: &'a Layout, partition: &Partition) -> Self {
        let weights = layout.index.price.zip(layout.index.quantity);
        let weights = weights.map(|(NumberIx(price), NumberIx(pieces))| {
            let lines = partition.numbers[price].iter().zip(&partition.numbers[pieces]);
            let weight = |(price, pieces): (&f64, &f64)| decimal_count(product(*price, *pieces)).filter(|of| *of >= 0);
            lines.map(weight).collect()
        });
        Self {
            layout,
            weights,
            labels: partition.labels.clone(),
        }
    }

    /// The one value that the lines of an order have; none where they have none.
    ///
    /// # Errors
    /// If they have two.
    pub(crate) fn one_amount(
        &self,
        role: &str,
        values: &[f64],
        rows: &[usize],
        partition: &Partition,
    ) -> Result<Option<f64>> {
        let mut known = rows.iter().map(|row| values[*row]).filter(|value| !value.is_nan());
        let Some(first) = known.next() else { return Ok(None) };
        match known.find(|value| value.to_bits() != first.to_bits()) {
            None => Ok(Some(first)),
            Some(other) => Err(self.two(role, rows[0], first, other, partition)),
        }
    }

    /// The one value that the lines of an order have, where they have no other.
    pub(crate) fn one(values: &[f64], rows: &[usize]) -> Option<f64> {
        let mut known = rows.iter().map(|row| values[*row]).filter(|value| !value.is_nan());
        let first = known.next()?;
        known.all(|value| value.to_bits() == first.to_bits()).then_some(first)
    }

    /// Write a total on the lines of an order; whether it could not be shared and stands on the first of several.
    pub(crate) fn share(&self, total: f64, rows: &[usize], to: &mut [f64]) -> bool {
        let shares = self.shares(total, rows);
        let alone = shares.is_none() && rows.len() > 1;
        let shares = shares.unwrap_or_else(|| {
            let rest = rows[1..].iter().map(|_| 0.0);
            std::iter::once(total).chain(rest).collect()
        });
        for (row, share) in rows.iter().zip(shares) {
            to[*row] = share;
        }
        alone
    }

    #[allow(clippy::cast_precision_loss)] // Counts of less than 2⁵³.
    fn shares(&self, total: f64, rows: &[usize]) -> Option<Vec<f64>> {
        if rows.len() == 1 {
            return Some(vec![total]);
        }
        let count = i128::from(decimal_count(total)?);
        let weights = rows.iter().map(|row| self.weights.as_ref()?[*row].map(i128::from));
        let weights: Vec<i128> = weights.collect::<Option<_>>()?;
        let sum: i128 = weights.iter().sum();
        if sum == 0 {
            return None;
        }
        // Whole cents stay whole cents.
        let step = if count % 100 == 0 { 100 } else { 1 };
        let (units, sign) = (count.abs() / step, count.signum());
        let mut shares: Vec<i128> = weights.iter().map(|weight| units * weight / sum).collect();
        let left = units - shares.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let rest = |at: usize| units * weights[at] % sum;
        let codes = |at: usize| self.labels.iter().map(move |codes| codes[rows[at]]);
        order.sort_by(|&a, &b| {
            let by_rest = rest(b).cmp(&rest(a)).then(weights[b].cmp(&weights[a]));
            by_rest.then_with(|| codes(a).cmp(codes(b)))
        });
        for (at, _) in order.into_iter().zip(0..left) {
            shares[at] += 1;
        }
        Some(shares.iter().map(|share| (share * step * sign) as f64 / 1e4).collect())
    }

    fn two(&self, role: &str, row: usize, first: f64, other: f64, partition: &Partition) -> Error {
        let at = self.layout.order_id().unwrap_or_default();
        let (kind, code) = (&self.layout.ids[at].1, partition.ids[at][row] as usize);
        let mut columns = Columns::default();
        let order = partition.orders.as_ref().and_then(|orders| {
            columns.push(kind.restore(orders, std::iter::once(Some(code))).ok()?);
            let table = columns.finish().ok()?;
            arrow::util::display::array_value_to_string(table.column(0), 0).ok()
        });
        Error::Data(format!(
            "amount_per=\"order\": the lines of order {} have two values of {role}=, {first} and {other}; an order has one \
             of each. If the amounts are those of lines, type amount_per=\"line\"",
            order.unwrap_or_default()
        ))
    }
}

//! A partition: whole customers, the rows of each side by side in the order they were read.

use std::sync::Arc;

use crate::columns::{Amounts, Keys, NONE};

/// All rows of some customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    /// One key per customer.
    pub customers: Arc<Keys>,
    /// Where the rows of each customer start; one more than there are customers.
    pub starts: Arc<Vec<u32>>,
    /// Microseconds since 1970.
    pub time: Vec<i64>,
    /// Money, where the log has it.
    pub amount: Option<Amounts>,
    /// Codes of order numbers, one column per role; [`NONE`] for null.
    pub ids: Vec<Vec<u32>>,
    /// The order numbers by code.
    pub orders: Option<Arc<Keys>>,
    /// Codes of labels, one column per role; [`NONE`] for null.
    pub labels: Vec<Vec<u32>>,
    /// Further numbers, one column per role; not-a-number for null.
    pub numbers: Vec<Vec<f64>>,
    pub(crate) range: Option<(i64, i64)>,
}

impl Partition {
    /// How many customers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of a customer.
    #[must_use]
    pub fn rows(&self, customer: usize) -> std::ops::Range<usize> {
        self.starts[customer] as usize..self.starts[customer + 1] as usize
    }

    /// The first and the last time.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        self.range
    }

    /// Give the values of categories other codes.
    pub(crate) fn recode(&mut self, codes: &[Vec<u32>]) {
        for (column, codes) in self.labels.iter_mut().zip(codes) {
            for code in column.iter_mut().filter(|code| **code != NONE) {
                *code = codes[*code as usize];
            }
        }
    }

    /// All rows but some, and all customers but those of whom no row is left.
    #[must_use]
    pub(crate) fn without(self, out: &[bool]) -> Self {
        if !out.contains(&true) {
            return self;
        }
        let kept: Vec<usize> = (0..out.len()).filter(|row| !out[*row]).collect();
        let (mut starts, mut customers) = (vec![0], Vec::new());
        let mut rows = 0;
        for customer in 0..self.len() {
            let left = self.rows(customer).filter(|row| !out[*row]).count();
            if left > 0 {
                // There are no more rows than before.
                rows += u32::try_from(left).unwrap_or(u32::MAX);
                starts.push(rows);
                customers.push(customer);
            }
        }
        let time: Vec<i64> = kept.iter().map(|&row| self.time[row]).collect();
        let range = time.iter().copied().min().zip(time.iter().copied().max());
        Self {
            customers: Arc::new(self.customers.take(customers.into_iter())),
            starts: Arc::new(starts),
            range,
            ..self.only(&kept)
        }
    }

    /// Some rows, without their customers.
    #[must_use]
    pub fn only(&self, rows: &[usize]) -> Self {
        let codes = |codes: &Vec<u32>| rows.iter().map(|&row| codes[row]).collect();
        Self {
            customers: Arc::new(Keys::Bits(Vec::new())),
            starts: Arc::new(vec![0]),
            time: rows.iter().map(|&row| self.time[row]).collect(),
            amount: self.amount.as_ref().map(|amount| amount.only(rows)),
            ids: self.ids.iter().map(codes).collect(),
            orders: self.orders.clone(),
            labels: self.labels.iter().map(codes).collect(),
            numbers: (self.numbers.iter())
                .map(|values| rows.iter().map(|&row| values[row]).collect())
                .collect(),
            range: None,
        }
    }

    /// Its customers, without their rows.
    pub(crate) fn into_head(self) -> Self {
        Self {
            time: Vec::new(),
            amount: None,
            ids: Vec::new(),
            orders: None,
            labels: Vec::new(),
            numbers: Vec::new(),
            ..self
        }
    }
}

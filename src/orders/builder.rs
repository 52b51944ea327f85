//! Lines become orders: an order is a pair (customer, order number), its amount the sum of its lines, its time the
//! earliest of them. Without order numbers, or where one is null, a row is an order.
//!
//! Cents that are written as floats do not add up to nothing: 0.1 + 0.2 - 0.3 is 3·10⁻¹⁷. A total counts as zero where
//! it is no larger than what the rounding of its lines can leave, 2⁻⁵² of their sizes.
//!
//! An order whose total is zero or less and which has a negative line is a refund; a total of zero without one is a
//! free order. A negative line that comes later than the order's first line with money is a refund of its own, at its own
//! time; so is money given back in a column (`refunded`), at the time that a column has or at that of the order. An order
//! that refunds take back in full, wherever they stand, is no purchase.

use crate::columns::{Amounts, NONE};
use crate::error::Result;
use crate::money::MoneyUnit;
use crate::params::words;
use crate::runtime;

mod lines;
mod refunds;

use crate::log::{Count, Facts, NumberIx, Partition, RoleIndex};

/// What an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// The customer bought.
    Purchase,
    /// Money went back.
    Refund,
    /// The customer bought, and later refunds took all of it back.
    Refunded,
}

words! {
    /// Whether refunds count.
    pub enum Refunds {
        /// Their money counts; they are no purchase.
        Net = "net",
        /// They are left out and counted.
        Drop = "drop",
    }
}

/// Where a refund names its order, where it is not by its number: its place among the formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// It does not.
    None,
    /// Its lines are some of the order's.
    Lines(u32),
    /// It stands in a column of the order's lines.
    Column(u32),
}

/// One order of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Its earliest line.
    pub time: i64,
    /// The exact sum of its lines.
    pub money: i128,
    /// Its lines.
    pub rows: u32,
    /// What it is.
    pub kind: OrderKind,
    /// Of money given back: for which order.
    back: Back,
    /// How many lines it has to look at; of money given back in a column, those of its order.
    lines: u32,
    id: u32,
    negative: bool,
    size: u128,
    /// Where its lines begin in the lines of the builder; the row itself where a row is an order.
    first_line: u32,
}

/// Forms the orders of one customer after another of a partition.
#[derive(Debug)]
pub struct OrderBuilder<'a> {
    partition: &'a Partition,
    amount: Option<&'a Amounts>,
    ids: Option<&'a [u32]>,
    refund_of: Option<&'a [u32]>,
    quantity: Option<&'a [f64]>,
    refunded: Option<&'a [f64]>,
    refunded_at: Option<&'a [f64]>,
    refunds: Refunds,
    until: i64,
    lines: Vec<(u32, u32)>,
    orders: Vec<Order>,
    /// Refunds that lines of an order are, until all orders are formed.
    later: Vec<Order>,
    taken_back: Vec<(u32, i128)>,
    /// Rows cut because they lie beyond the scope.
    pub after: Count,
    /// Rows of refunds that were dropped.
    pub dropped: Count,
    /// Rows that refund an order which the customer does not have.
    pub unmatched: u64,
    unit: MoneyUnit,
}

impl<'a> OrderBuilder<'a> {
    /// For a partition of a log.
    #[must_use]
    pub fn new(facts: &Facts, partition: &'a Partition, refunds: Refunds, until: i64) -> Self {
        let RoleIndex {
            quantity,
            refunded,
            refunded_at,
            order_id,
            refund_of,
            ..
        } = facts.index;
        let numbers = |at: NumberIx| partition.numbers[at.0].as_slice();
        Self {
            partition,
            amount: partition.amount.as_ref(),
            ids: order_id.map(|at| partition.ids[at.0].as_slice()),
            refund_of: refund_of.map(|at| partition.ids[at.0].as_slice()),
            quantity: quantity.map(numbers),
            refunded: refunded.map(numbers),
            refunded_at: refunded_at.map(numbers),
            refunds,
            until,
            lines: Vec::new(),
            orders: Vec::new(),
            later: Vec::new(),
            unit: facts.unit,
            taken_back: Vec::new(),
            after: Count::default(),
            dropped: Count::default(),
            unmatched: 0,
        }
    }

    /// The orders of a customer, in no stated order.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn orders(&mut self, customer: usize) -> Result<&[Order]> {
        self.orders.clear();
        match self.ids {
            None => self.rows_as_orders(customer),
            Some(ids) => self.lines_to_orders(customer, ids)?,
        }
        if self.refund_of.is_some() && self.refunds == Refunds::Net {
            self.take_back(customer)?;
        }
        if self.refunded.is_some() {
            self.give_back();
        }
        if self.refunds == Refunds::Drop {
            let dropped = &mut self.dropped;
            self.orders.retain(|order| {
                let kept = order.kind == OrderKind::Purchase;
                if !kept {
                    dropped.add(u64::from(order.rows), order.money);
                }
                kept
            });
        }
        Ok(&self.orders)
    }

    /// The orders of the last customer that was asked for.
    #[must_use]
    pub fn formed(&self) -> &[Order] {
        &self.orders
    }

    fn rows_as_orders(&mut self, customer: usize) {
        for (row, at) in self.partition.rows(customer).zip(self.partition.starts[customer]..) {
            let line = self.line(row, NONE, at);
            if line.time >= self.until {
                self.after.add(1, line.money);
            } else {
                self.orders.push(closed(line, self.unit));
            }
        }
    }

    fn lines_to_orders(&mut self, customer: usize, ids: &[u32]) -> Result<()> {
        self.lines.clear();
        for (row, at) in self.partition.rows(customer).zip(self.partition.starts[customer]..) {
            if self.partition.time[row] < self.until {
                self.lines.push((ids[row], at));
            } else {
                self.after.add(1, self.money(row));
            }
        }
        // As one word: most pairs of lines are of different orders.
        let word = |line: &(u32, u32)| u64::from(line.0) << 32 | u64::from(line.1);
        runtime::sort_by(&mut self.lines, |a, b| word(a).cmp(&word(b)))?;
        let (mut from, mut open): (usize, Option<Order>) = (0, None);
        for at in 0..self.lines.len() {
            let (id, row) = self.lines[at];
            let line = self.line(row as usize, id, u32::try_from(at).unwrap_or(u32::MAX));
            open = Some(match open {
                Some(order) if order.id == id && id != NONE => joined(order, line),
                Some(order) => {
                    self.close(order, from, at);
                    from = at;
                    line
                }
                None => line,
            });
        }
        if let Some(order) = open {
            self.close(order, from, self.lines.len());
        }
        // Behind the orders, which stand by their codes.
        self.orders.append(&mut self.later);
        Ok(())
    }

    /// Close an order of some lines. Few have a line below zero among several, and only they can hold a later refund.
    fn close(&mut self, order: Order, from: usize, to: usize) {
        if !order.negative || order.lines < 2 {
            self.orders.push(closed(order, self.unit));
            return;
        }
        let split = self.refunds_last(from, to);
        let first = self.sum(from, split);
        self.orders.push(closed(first, self.unit));
        // Each later refund of the order is one by itself.
        let (mut start, mut back, mut size) = (split, 0, 0u128);
        while start < to {
            let time = |line: usize| self.partition.time[self.lines[line].1 as usize];
            let end = (start..to).find(|line| time(*line) != time(start)).unwrap_or(to);
            let refund = self.refund_later(start, end);
            (back, size) = (back + refund.money, size.saturating_add(refund.size));
            start = end;
        }
        if let Some(order) = self.orders.last_mut().filter(|_| split < to) {
            order.settle(back, size, self.unit);
        }
    }

    /// Some lines together.
    fn sum(&self, from: usize, to: usize) -> Order {
        let line = |at: usize| {
            let (id, row) = self.lines[at];
            self.line(row as usize, id, u32::try_from(at).unwrap_or(u32::MAX))
        };
        (from + 1..to).fold(line(from), |order, at| joined(order, line(at)))
    }

    fn line(&self, row: usize, id: u32, first_line: u32) -> Order {
        let (time, money) = (self.partition.time[row], self.money(row));
        Order {
            time,
            money,
            rows: 1,
            kind: OrderKind::Purchase,
            back: Back::None,
            lines: 1,
            id,
            negative: money < 0,
            size: money.unsigned_abs(),
            first_line,
        }
    }
}

impl Order {
    /// Take money off that was given back, below zero; an order of which nothing is left was no purchase.
    fn settle(&mut self, back: i128, size: u128, unit: MoneyUnit) {
        let nothing = self.money + back <= unit.residue(self.size.saturating_add(size));
        if self.kind == OrderKind::Purchase && nothing {
            self.kind = OrderKind::Refunded;
        }
    }
}

fn joined(order: Order, line: Order) -> Order {
    Order {
        time: order.time.min(line.time),
        money: order.money + line.money,
        rows: order.rows + 1,
        lines: order.lines + 1,
        negative: order.negative || line.negative,
        size: order.size.saturating_add(line.size),
        ..order
    }
}

fn closed(order: Order, unit: MoneyUnit) -> Order {
    let nothing = order.money <= unit.residue(order.size);
    let kind = if nothing && order.negative {
        OrderKind::Refund
    } else {
        OrderKind::Purchase
    };
    Order { kind, ..order }
}

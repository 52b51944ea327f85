//! Lines become orders: an order is a pair (customer, order number), its amount the sum of its lines, its time the
//! earliest of them. Without order numbers, or where one is null, a row is an order.
//!
//! Cents that are written as floats do not add up to nothing: 0.1 + 0.2 - 0.3 is 3·10⁻¹⁷. A total counts as zero where
//! it is no larger than what the rounding of its lines can leave, 2⁻⁵² of their sizes.
//!
//! An order whose total is zero or less and which has a negative line is a refund; a total of zero without one is a
//! free order. An order that refunds elsewhere (`refund_of`) take back in full is no purchase.

use crate::columns::{Amounts, NONE};
use crate::money::{MoneyUnit, fixed};
use crate::params::words;

use crate::log::{Count, Facts, Partition, RoleIndex};

/// The size of the lines, shifted by this, is what rounding can leave of nothing.
const RESIDUE: u32 = 52;

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
    refunds: Refunds,
    until: i64,
    lines: Vec<(u32, u32)>,
    orders: Vec<Order>,
    taken_back: Vec<(u32, i128)>,
    /// Rows cut because they lie beyond the scope.
    pub after: Count,
    /// Rows of refunds that were dropped.
    pub dropped: Count,
    /// Rows that refund an order which the customer does not have.
    pub unmatched: u64,
    residue: u32,
}

impl<'a> OrderBuilder<'a> {
    /// For a partition of a log.
    #[must_use]
    pub fn new(facts: &Facts, partition: &'a Partition, refunds: Refunds, until: i64) -> Self {
        let RoleIndex {
            quantity,
            order_id,
            refund_of,
            ..
        } = facts.index;
        Self {
            partition,
            amount: partition.amount.as_ref(),
            ids: order_id.map(|at| partition.ids[at.0].as_slice()),
            refund_of: refund_of.map(|at| partition.ids[at.0].as_slice()),
            quantity: quantity.map(|at| partition.numbers[at.0].as_slice()),
            refunds,
            until,
            lines: Vec::new(),
            orders: Vec::new(),
            taken_back: Vec::new(),
            after: Count::default(),
            dropped: Count::default(),
            unmatched: 0,
            residue: if facts.unit == MoneyUnit::Binary {
                RESIDUE
            } else {
                u128::BITS - 1
            },
        }
    }

    /// The orders of a customer, in no stated order.
    pub fn orders(&mut self, customer: usize) -> &[Order] {
        self.orders.clear();
        match self.ids {
            None => self.rows_as_orders(customer),
            Some(ids) => self.lines_to_orders(customer, ids),
        }
        if self.refund_of.is_some() && self.refunds == Refunds::Net {
            self.take_back(customer);
        }
        if self.refunds == Refunds::Drop {
            let dropped = &mut self.dropped;
            self.orders.retain(|order| {
                if order.kind == OrderKind::Refund {
                    dropped.add(u64::from(order.rows), order.money);
                }
                order.kind != OrderKind::Refund
            });
        }
        &self.orders
    }

    /// The orders of the last customer that was asked for.
    #[must_use]
    pub fn formed(&self) -> &[Order] {
        &self.orders
    }

    /// The rows of one of them.
    pub fn rows_of(&self, order: &Order) -> impl Iterator<Item = usize> {
        let (first, of_orders) = (order.first_line, self.ids.is_some());
        (first..first + order.rows).map(move |at| if of_orders { self.lines[at as usize].1 } else { at } as usize)
    }

    /// The line of some rows that has the most money; of lines of one size, that of the smallest codes.
    pub fn largest_line<C: Iterator<Item = u32>>(
        &self,
        rows: impl Iterator<Item = usize>,
        codes: impl Fn(usize) -> C,
    ) -> Option<usize> {
        rows.min_by(|&a, &b| {
            let money = self.money(b).cmp(&self.money(a));
            money.then_with(|| codes(a).cmp(codes(b)))
        })
    }

    /// The order that one of them refunds, if it names one of this customer's.
    #[must_use]
    pub fn refunded_by(&self, order: &Order) -> Option<&Order> {
        let refund_of = self.refund_of?;
        let named = self
            .rows_of(order)
            .map(|row| refund_of[row])
            .find(|named| *named != NONE && *named != order.id)?;
        // Where a role names orders they stand by their codes.
        let at = self.orders.binary_search_by_key(&named, |order| order.id).ok()?;
        Some(&self.orders[at])
    }

    /// The money of a row, exact.
    #[must_use]
    pub fn money(&self, row: usize) -> i128 {
        self.amount.map_or(0, |amount| amount.exact(row))
    }

    /// The pieces of a row, in counts of 2⁻⁶⁴.
    #[must_use]
    pub fn pieces(&self, row: usize) -> i128 {
        let pieces = self.quantity.map_or(f64::NAN, |quantity| quantity[row]);
        if pieces.is_nan() { 0 } else { fixed(pieces) }
    }

    fn rows_as_orders(&mut self, customer: usize) {
        for (row, at) in self.partition.rows(customer).zip(self.partition.starts[customer]..) {
            let line = self.line(row, NONE, at);
            if line.time >= self.until {
                self.after.add(1, line.money);
            } else {
                self.orders.push(closed(line, self.residue));
            }
        }
    }

    fn lines_to_orders(&mut self, customer: usize, ids: &[u32]) {
        self.lines.clear();
        for (row, at) in self.partition.rows(customer).zip(self.partition.starts[customer]..) {
            if self.partition.time[row] < self.until {
                self.lines.push((ids[row], at));
            } else {
                self.after.add(1, self.money(row));
            }
        }
        self.lines.sort_unstable();
        let mut open: Option<Order> = None;
        for (at, &(id, row)) in (0..).zip(&self.lines) {
            let line = self.line(row as usize, id, at);
            open = Some(match open {
                Some(order) if order.id == id && id != NONE => joined(order, line),
                before => {
                    self.orders.extend(before.map(|order| closed(order, self.residue)));
                    line
                }
            });
        }
        self.orders.extend(open.map(|order| closed(order, self.residue)));
    }

    /// Orders that refunds elsewhere take back in full are no purchase. Orders stand by their codes here.
    fn take_back(&mut self, customer: usize) {
        let (Some(refund_of), Some(ids)) = (self.refund_of, self.ids) else {
            return;
        };
        self.taken_back.clear();
        for row in self.partition.rows(customer) {
            let elsewhere = refund_of[row] != NONE && refund_of[row] != ids[row];
            if elsewhere && self.partition.time[row] < self.until {
                self.taken_back.push((refund_of[row], self.money(row)));
            }
        }
        self.taken_back.sort_unstable();
        for refunds in self.taken_back.chunk_by(|a, b| a.0 == b.0) {
            let money: i128 = refunds.iter().map(|refund| refund.1).sum();
            let size: u128 = refunds.iter().map(|refund| refund.1.unsigned_abs()).sum();
            match self.orders.binary_search_by_key(&refunds[0].0, |order| order.id) {
                Ok(at) if self.orders[at].kind == OrderKind::Purchase && money < 0 => {
                    let order = &mut self.orders[at];
                    if order.money + money <= rest(order.size.saturating_add(size), self.residue) {
                        order.kind = OrderKind::Refunded;
                    }
                }
                Ok(_) => {}
                Err(_) => self.unmatched += refunds.len() as u64,
            }
        }
    }

    fn line(&self, row: usize, id: u32, first_line: u32) -> Order {
        let (time, money) = (self.partition.time[row], self.money(row));
        Order {
            time,
            money,
            rows: 1,
            kind: OrderKind::Purchase,
            id,
            negative: money < 0,
            size: money.unsigned_abs(),
            first_line,
        }
    }
}

fn joined(order: Order, line: Order) -> Order {
    Order {
        time: order.time.min(line.time),
        money: order.money + line.money,
        rows: order.rows + 1,
        negative: order.negative || line.negative,
        size: order.size.saturating_add(line.size),
        ..order
    }
}

fn closed(order: Order, residue: u32) -> Order {
    let nothing = order.money <= rest(order.size, residue);
    let kind = if nothing && order.negative {
        OrderKind::Refund
    } else {
        OrderKind::Purchase
    };
    Order { kind, ..order }
}

/// What rounding can leave of nothing.
fn rest(size: u128, residue: u32) -> i128 {
    i128::try_from(size >> residue).unwrap_or(i128::MAX)
}

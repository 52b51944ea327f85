//! Totals of orders of several lines: lines of one customer with one number are one order, wherever they stand. Most follow
//! each other, and are added to the order at hand.

use std::ops::Range;

use super::layout::Layout;
use super::morsel_keys::MorselKeys;
use super::slices::PartitionSlice;
use crate::columns::{KeyInterner, Keys, hash_bits, hash_bytes};
use crate::log::{Purchases, Refunded};
use crate::money::MoneyUnit;
use crate::packed::Column;

/// The orders of some customers while lines are added.
pub(super) struct OpenOrders {
    unit: MoneyUnit,
    numbers: Numbers,
    orders: Vec<OpenOrder>,
    /// Half of a hash, and the place of the order; empty where that is [`EMPTY`].
    slots: Vec<(u32, u32)>,
}

/// Some lines together.
struct OpenOrder {
    number: u64,
    customer: u32,
    rows: u32,
    money: i128,
    size: u128,
    first: i64,
    last: i64,
    negative: bool,
    /// The money of its first line, and whether all others have it too.
    line: i128,
    alike: bool,
}

/// Order numbers as numbers.
enum Numbers {
    Bits(Vec<u64>),
    /// Text by its code, with that of the row before.
    Bytes(KeyInterner, Vec<u64>),
}

const EMPTY: u32 = u32::MAX;

/// What closed orders are beside what their customers bought.
pub(super) struct ClosedOrders {
    /// Orders of several lines with one amount on all of them, and those without.
    pub(super) repeated: [u64; 2],
    /// Whether the totals of orders tell all: what is given back in a later line of an order is a refund by itself.
    pub(super) whole: bool,
}

impl OpenOrders {
    /// None yet, of a partition of so many rows.
    pub(super) fn new(layout: &Layout, rows: usize) -> Self {
        let kind = layout.ids.first().map(|(_, kind)| kind);
        Self {
            unit: layout.unit(),
            numbers: match kind.map(|kind| (kind, kind.none())) {
                Some((kind, Keys::Bytes(_))) => Numbers::Bytes(KeyInterner::new(kind), Vec::new()),
                _ => Numbers::Bits(Vec::new()),
            },
            orders: Vec::with_capacity(rows / 2),
            slots: vec![(0, EMPTY); rows.next_power_of_two().max(1 << 6)],
        }
    }

    /// Add the rows of a run; those without a number are orders by themselves, and come back by their place in the run.
    pub(super) fn add(
        &mut self,
        run: &PartitionSlice<'_>,
        customers: &[u32],
        times: &[i64],
        money: &[i128],
    ) -> Vec<usize> {
        let Some((ids, valid)) = run.chunk.ids.first() else {
            return (0..customers.len()).collect();
        };
        self.numbers.read(ids, run.rows.clone());
        let valid = &valid[run.rows.clone()];
        let (mut alone, mut at) = (Vec::new(), usize::MAX);
        for row in 0..customers.len() {
            if !valid[row] {
                alone.push(row);
                continue;
            }
            let (customer, number) = (customers[row], self.numbers.of(row));
            let same = |order: &OpenOrder| order.number == number && order.customer == customer;
            if !self.orders.get(at).is_some_and(same) {
                at = self.find(customer, number);
            }
            self.orders[at].add(times[row], money[row]);
        }
        alone
    }

    /// The place of an order, new or known.
    #[allow(clippy::cast_possible_truncation)] // Halves of the hash; a partition of 2³² rows is refused.
    fn find(&mut self, customer: u32, number: u64) -> usize {
        if self.orders.len() * 2 > self.slots.len() {
            self.grow();
        }
        let (hash, mask) = (hash(customer, number), self.slots.len() - 1);
        let tag = (hash >> 32) as u32;
        let mut slot = hash as usize & mask;
        loop {
            let (other, at) = self.slots[slot];
            if at == EMPTY {
                break;
            }
            let order = &self.orders[at as usize];
            if other == tag && order.number == number && order.customer == customer {
                return at as usize;
            }
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = (tag, self.orders.len() as u32);
        self.orders.push(OpenOrder::new(customer, number));
        self.orders.len() - 1
    }

    #[cold]
    #[allow(clippy::cast_possible_truncation)] // Halves of the hash.
    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        self.slots = vec![(0, EMPTY); mask + 1];
        for (order, at) in self.orders.iter().zip(0..) {
            let hash = hash(order.customer, order.number);
            let mut slot = hash as usize & mask;
            while self.slots[slot].1 != EMPTY {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = ((hash >> 32) as u32, at);
        }
    }

    /// Give the orders to their customers.
    pub(super) fn close(self, purchases: &mut [Purchases], refunds: &mut Vec<Refunded>) -> ClosedOrders {
        let mut closed = ClosedOrders {
            repeated: [0, 0],
            whole: true,
        };
        for order in self.orders {
            if order.rows > 1 {
                closed.repeated[usize::from(order.line == 0 || !order.alike)] += 1;
                closed.whole &= !order.negative || order.first == order.last;
            }
            let to = &mut purchases[order.customer as usize];
            to.money += order.money;
            if order.negative && order.money <= self.unit.residue(order.size) {
                to.refunds += 1;
                refunds.push((order.customer, order.money));
            } else {
                to.orders += 1;
                to.rows += order.rows;
                to.first = to.first.min(order.first);
                to.last = to.last.max(order.first);
            }
        }
        closed
    }
}

impl OpenOrder {
    fn new(customer: u32, number: u64) -> Self {
        Self {
            number,
            customer,
            rows: 0,
            money: 0,
            size: 0,
            first: i64::MAX,
            last: i64::MIN,
            negative: false,
            line: 0,
            alike: true,
        }
    }

    #[inline]
    fn add(&mut self, time: i64, money: i128) {
        if self.rows == 0 {
            self.line = money;
        }
        self.alike &= money == self.line;
        self.rows += 1;
        self.money += money;
        self.size = self.size.saturating_add(money.unsigned_abs());
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        self.negative |= money < 0;
    }
}

impl Numbers {
    /// Read those of some rows.
    fn read(&mut self, ids: &MorselKeys, rows: Range<usize>) {
        match (self, ids) {
            (Self::Bits(to), MorselKeys::Bits(ids)) => {
                to.clear();
                ids.append(rows, to);
            }
            (Self::Bytes(table, to), MorselKeys::Bytes(ids)) => {
                to.clear();
                let mut before: Option<(&[u8], u64)> = None;
                for row in rows {
                    let number = ids.get(row);
                    let code = match before {
                        Some((same, code)) if same == number => code,
                        _ => u64::from(table.intern_bytes(hash_bytes(number), number)),
                    };
                    before = Some((number, code));
                    to.push(code);
                }
            }
            // A morsel holds them as all others do.
            _ => {}
        }
    }

    fn of(&self, row: usize) -> u64 {
        match self {
            Self::Bits(numbers) | Self::Bytes(_, numbers) => numbers[row],
        }
    }
}

fn hash(customer: u32, number: u64) -> u64 {
    hash_bits(number ^ u64::from(customer).rotate_left(40))
}

//! The lines of orders: their money, pieces and prices.

use crate::columns::NONE;
use crate::money::{MoneyUnit, exact};

use super::{Back, Order, OrderBuilder, OrderKind};

impl OrderBuilder<'_> {
    /// The rows of one of them.
    pub fn rows_of(&self, order: &Order) -> impl Iterator<Item = usize> {
        let (first, of_orders) = (order.first_line, self.ids.is_some());
        (first..first + order.lines).map(move |at| if of_orders { self.lines[at as usize].1 } else { at } as usize)
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
        if let Back::Lines(of) | Back::Column(of) = order.back {
            return self.orders.get(of as usize);
        }
        let refund_of = self.refund_of?;
        let named = self
            .rows_of(order)
            .map(|row| refund_of[row])
            .find(|named| *named != NONE && *named != order.id)?;
        // Where a role names orders they stand by their codes.
        let at = self.orders.binary_search_by_key(&named, |order| order.id).ok()?;
        Some(&self.orders[at])
    }

    /// The money of a row of an order, exact.
    #[must_use]
    pub fn money_of(&self, order: &Order, row: usize) -> i128 {
        match order.back {
            Back::None | Back::Lines(_) => self.money(row),
            Back::Column(_) if self.refunded_time(order, row) == order.time => -self.given_back(row),
            Back::Column(_) => 0,
        }
    }

    /// The pieces of a row of an order: of a refund those that went back, whether they are written below zero or above it;
    /// of money given back in a column, those of an order refunded in full.
    #[must_use]
    pub fn pieces_of(&self, order: &Order, row: usize) -> i128 {
        let full = |of: u32| {
            self.orders
                .get(of as usize)
                .is_some_and(|of| of.kind == OrderKind::Refunded)
        };
        match (order.kind, order.back) {
            (_, Back::Column(of)) if !full(of) || self.refunded_time(order, row) != order.time => 0,
            (OrderKind::Refund, _) => -self.pieces(row).abs(),
            (OrderKind::Purchase | OrderKind::Refunded, _) => self.pieces(row),
        }
    }

    /// The unit of its money.
    #[must_use]
    pub fn unit(&self) -> MoneyUnit {
        self.unit
    }

    /// The money of a row, exact.
    #[must_use]
    pub fn money(&self, row: usize) -> i128 {
        self.amount.map_or(0, |amount| amount.exact(row))
    }

    /// The pieces of a row, where they are known.
    fn pieces_in(&self, row: usize) -> Option<f64> {
        self.quantity
            .map(|quantity| quantity[row])
            .filter(|pieces| !pieces.is_nan())
    }

    fn pieces(&self, row: usize) -> i128 {
        let pieces = self.quantity.map_or(f64::NAN, |quantity| quantity[row]);
        if pieces.is_nan() { 0 } else { exact(pieces) }
    }

    /// The sum of a number over the lines of an order that have one.
    #[must_use]
    pub fn number(&self, order: &Order, number: usize) -> Option<f64> {
        let values = self.rows_of(order).map(|row| self.partition.numbers[number][row]);
        let known = values.filter(|value| !value.is_nan()).map(exact);
        known
            .reduce(|sum, value| sum + value)
            .map(|sum| MoneyUnit::Float.to_f64(sum))
    }

    /// The money of one piece of a line; of all of it where pieces are not known.
    #[must_use]
    pub fn price(&self, row: usize) -> f64 {
        let pieces = self.pieces_in(row).filter(|pieces| *pieces > 0.0);
        self.unit().to_f64(self.money(row)) / pieces.unwrap_or(1.0)
    }
}

//! Refunds of orders, wherever they stand: in later lines of the order, in a column, or in orders of their own.

use crate::columns::NONE;
use crate::error::Result;
use crate::runtime;

use super::{Back, Order, OrderBuilder, OrderKind, Refunds};

impl OrderBuilder<'_> {
    /// Put the negative lines of an order that come later than its first line with money behind the others, in the order
    /// of time; where they begin.
    pub(super) fn refunds_last(&mut self, from: usize, to: usize) -> usize {
        let (partition, amount) = (self.partition, self.amount);
        let time = |line: &(u32, u32)| partition.time[line.1 as usize];
        let below = |line: &(u32, u32)| amount.is_some_and(|amount| amount.exact(line.1 as usize) < 0);
        let lines = &mut self.lines[from..to];
        let Some(first) = lines.iter().filter(|line| !below(line)).map(time).min() else {
            return to;
        };
        let later = |line: &(u32, u32)| below(line) && time(line) > first;
        lines.sort_by_key(|line| (later(line), if later(line) { time(line) } else { 0 }, line.1));
        from + lines.iter().position(later).unwrap_or(lines.len())
    }

    /// Lines that give back the money of the order that was closed last, later than it.
    pub(super) fn refund_later(&mut self, from: usize, to: usize) -> Order {
        let refund = Order {
            kind: OrderKind::Refund,
            back: Back::Lines(u32::try_from(self.orders.len() - 1).unwrap_or(u32::MAX)),
            id: NONE,
            ..self.sum(from, to)
        };
        self.later.push(refund);
        refund
    }

    /// Money given back in a column: a refund at its own time, for each time that the lines of an order have.
    pub(super) fn give_back(&mut self) {
        for of in 0..self.orders.len() {
            let order = self.orders[of];
            if order.kind == OrderKind::Refund {
                continue;
            }
            let mut times: Vec<i64> = self
                .rows_of(&order)
                .filter(|row| self.given_back(*row) > 0)
                .map(|row| self.refunded_time(&order, row))
                .filter(|time| *time < self.until)
                .collect();
            times.sort_unstable();
            times.dedup();
            let mut back = 0;
            for time in times {
                let rows = self
                    .rows_of(&order)
                    .filter(|row| self.refunded_time(&order, *row) == time);
                let money: i128 = rows.map(|row| self.given_back(row)).sum();
                back += money;
                if self.refunds == Refunds::Net {
                    self.orders.push(Order {
                        time,
                        money: -money,
                        rows: 0,
                        kind: OrderKind::Refund,
                        back: Back::Column(u32::try_from(of).unwrap_or(u32::MAX)),
                        id: NONE,
                        negative: true,
                        size: money.unsigned_abs(),
                        ..order
                    });
                }
            }
            if back > 0 {
                self.orders[of].settle(-back, back.unsigned_abs(), self.unit);
            }
        }
    }

    /// The money given back for a row, positive.
    pub(super) fn given_back(&self, row: usize) -> i128 {
        let refunded = self.refunded.map_or(f64::NAN, |refunded| refunded[row]);
        if refunded.is_nan() {
            0
        } else {
            self.unit.exact(refunded)
        }
    }

    /// When the money of a row was given back; at the time of its order where that is not known.
    #[allow(clippy::cast_possible_truncation)] // Whole microseconds.
    pub(super) fn refunded_time(&self, order: &Order, row: usize) -> i64 {
        let at = self.refunded_at.map_or(f64::NAN, |at| at[row]);
        let bought = match order.back {
            Back::Column(of) => self.orders.get(of as usize).map_or(order.time, |of| of.time),
            _ => order.time,
        };
        if at.is_nan() { bought } else { at as i64 }
    }

    /// Orders that refunds elsewhere take back in full are no purchase. Orders stand by their codes here.
    pub(super) fn take_back(&mut self, customer: usize) -> Result<()> {
        let (Some(refund_of), Some(ids)) = (self.refund_of, self.ids) else {
            return Ok(());
        };
        self.taken_back.clear();
        for row in self.partition.rows(customer) {
            let elsewhere = refund_of[row] != NONE && refund_of[row] != ids[row];
            if elsewhere && self.partition.time[row] < self.until {
                self.taken_back.push((refund_of[row], self.money(row)));
            }
        }
        runtime::sort_by(&mut self.taken_back, Ord::cmp)?;
        for refunds in self.taken_back.chunk_by(|a, b| a.0 == b.0) {
            let money: i128 = refunds.iter().map(|refund| refund.1).sum();
            let size: u128 = refunds.iter().map(|refund| refund.1.unsigned_abs()).sum();
            match self.orders.binary_search_by_key(&refunds[0].0, |order| order.id) {
                Ok(at) if self.orders[at].kind == OrderKind::Purchase && money < 0 => {
                    self.orders[at].settle(money, size, self.unit);
                }
                Ok(_) => {}
                Err(_) => self.unmatched += refunds.len() as u64,
            }
        }
        Ok(())
    }
}

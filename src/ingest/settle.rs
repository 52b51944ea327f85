//! Settling: what is decided of whole orders once the rows of each customer stand together. Refunds of cancelled orders
//! go with them, the money of an order is shared by its lines, and statuses tell what was refunded in full.

use std::sync::Arc;

use crate::columns::{Amounts, KeyInterner, Keys, NONE, Names};
use crate::error::Result;
use crate::log::{Category, Count, NumberIx, OrderIx, Partition, ReadStats, RejectReason};
use crate::money::MoneyUnit;
use crate::runtime;

use super::assemble::Owner;
use super::layout::Layout;
use super::options::{AmountPer, Status};
use super::share::OrderLines;

/// What settling found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Settled {
    /// Rows that go with a cancelled order.
    pub(crate) cancelled: Count,
    /// Rows of orders without an amount.
    pub(crate) null_amount: Count,
    /// The rows of guests.
    pub(crate) guests: Count,
    /// Orders of several lines that have one amount on all of them, and those that do not.
    pub(crate) repeated: [u64; 2],
    /// Orders of several lines whose money could not be shared by them.
    pub(crate) unshared: u64,
}

impl Settled {
    /// Of orders of several lines, of which nothing else is settled.
    pub(crate) fn of_lines(repeated: [u64; 2]) -> Self {
        Self {
            repeated,
            ..Self::default()
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.cancelled.merge(other.cancelled);
        self.null_amount.merge(other.null_amount);
        self.guests.merge(other.guests);
        self.repeated = [0, 1].map(|at| self.repeated[at] + other.repeated[at]);
        self.unshared += other.unshared;
    }

    /// Count among the rows that are left out what was left out here.
    pub(crate) fn note(&self, stats: &mut ReadStats) {
        stats.leave_out(RejectReason::Cancelled, self.cancelled);
        stats.leave_out(RejectReason::NullAmount, self.null_amount);
    }
}

/// How partitions are settled.
pub(crate) struct SettleRules<'a> {
    layout: &'a Layout,
    voided: Option<KeyInterner>,
    /// Labels, and which of their codes mean refunded in full.
    refunded: Vec<(usize, Vec<bool>)>,
    whole_keys: bool,
    whole_orders: bool,
}

impl<'a> SettleRules<'a> {
    pub(crate) fn new(
        layout: &'a Layout,
        categories: &[Category],
        voided: Option<KeyInterner>,
        stats: &ReadStats,
    ) -> Self {
        let mut refunded = Vec::new();
        for rule in layout.statuses.iter().filter(|rule| rule.says == Status::Refunded) {
            let category = &categories[rule.label];
            let known = category.to_interner();
            let mut codes = vec![false; category.len()];
            for value in &rule.values {
                if let Some(code) = known.find(value, 0) {
                    codes[code as usize] = true;
                }
            }
            refunded.push((rule.label, codes));
        }
        let text = layout.names == Names::Text;
        Self {
            layout,
            voided: voided.filter(|voided| !voided.is_empty()),
            refunded,
            whole_keys: text && stats.whole_keys,
            whole_orders: text && stats.whole_orders,
        }
    }

    /// Whether keys of text became whole numbers.
    pub(crate) fn whole_keys(&self) -> bool {
        self.whole_keys
    }

    /// Whether order numbers of text became whole numbers.
    pub(crate) fn whole_orders(&self) -> bool {
        self.whole_orders
    }

    /// Settle a partition.
    pub(crate) fn settle(&self, mut partition: Partition, owner: Owner) -> Result<(Partition, Settled)> {
        let mut settled = Settled::default();
        if self.layout.keeps_guests() {
            if let Some(voided) = &self.voided {
                partition = self.leave_refunds_of(voided, partition, &mut settled);
            }
            partition = self.share(partition, &mut settled)?;
            self.refund(&mut partition);
            self.note_refund_times(&mut partition);
        }
        if owner == Owner::Guests {
            settled.guests = Count {
                rows: partition.time.len() as u64,
                money: money(&partition, 0..partition.time.len()),
            };
        }
        self.settle_keys(&mut partition);
        if self.whole_orders {
            settle_orders(&mut partition);
        }
        Ok((partition, settled))
    }

    /// Keys of text become whole numbers where all of them are.
    pub(crate) fn settle_keys(&self, partition: &mut Partition) {
        if self.whole_keys && matches!(*partition.customers, Keys::Bytes(_)) {
            partition.customers = Arc::new(partition.customers.to_integers());
        }
    }

    /// Leave out refunds that name a cancelled order, of which nothing is left.
    fn leave_refunds_of(&self, voided: &KeyInterner, partition: Partition, settled: &mut Settled) -> Partition {
        let (Some(OrderIx(of)), Some(at)) = (self.layout.index.refund_of, self.layout.order_id()) else {
            return partition;
        };
        let Some(orders) = &partition.orders else {
            return partition;
        };
        let void: Vec<bool> = (0..orders.len())
            .map(|code| voided.find(orders, code).is_some())
            .collect();
        let mut out = vec![false; partition.time.len()];
        for customer in 0..partition.len() {
            let names_void = |row: &usize| partition.ids[of][*row] != NONE && void[partition.ids[of][*row] as usize];
            let mut refunds = partition.rows(customer).filter(names_void).peekable();
            if refunds.peek().is_none() {
                continue;
            }
            // Guests stand together as if one customer had all of their rows.
            let mut left: Vec<u32> = partition.ids[at][partition.rows(customer)].to_vec();
            left.sort_unstable();
            for row in refunds.filter(|row| left.binary_search(&partition.ids[of][*row]).is_err()) {
                out[row] = true;
                settled.cancelled.add(1, money(&partition, row..row + 1));
            }
        }
        partition.without(&out)
    }

    /// Put the money of an order on its lines; without that, see whether it stands on each of them.
    fn share(&self, mut partition: Partition, settled: &mut Settled) -> Result<Partition> {
        let Some(at) = self.layout.order_id() else {
            return Ok(partition);
        };
        if self.layout.amount_per == AmountPer::Line {
            count_repeated(&partition, at, settled)?;
            return Ok(partition);
        }
        let mut out = vec![false; partition.time.len()];
        let lines = OrderLines::new(self.layout, &partition);
        let mut amount = match partition.amount.take() {
            Some(Amounts::Float(amount)) => amount,
            other => {
                return Ok(Partition {
                    amount: other,
                    ..partition
                });
            }
        };
        let mut numbers = std::mem::take(&mut partition.numbers);
        for customer in 0..partition.len() {
            for order in by_order(&partition, at, customer)?.chunk_by(of_one_order) {
                let rows: Vec<usize> = order.iter().map(|row| row.1).collect();
                let Some(total) = lines.one_amount("amount", &amount, &rows, &partition)? else {
                    for row in &rows {
                        out[*row] = true;
                    }
                    settled.null_amount.add(rows.len() as u64, 0);
                    continue;
                };
                settled.unshared += u64::from(lines.share(total, &rows, &mut amount));
                if let Some(NumberIx(refunded)) = self.layout.index.refunded {
                    let back = lines.one_amount("refunded", &numbers[refunded], &rows, &partition)?;
                    if let Some(back) = back {
                        lines.share(back, &rows, &mut numbers[refunded]);
                    }
                }
                for NumberIx(number) in &self.layout.of_order {
                    if let Some(one) = OrderLines::one(&numbers[*number], &rows) {
                        lines.share(one, &rows, &mut numbers[*number]);
                    }
                }
            }
        }
        partition.amount = Some(Amounts::Float(amount));
        partition.numbers = numbers;
        Ok(partition.without(&out))
    }

    /// The time of a refund is observed too.
    #[allow(clippy::cast_possible_truncation)] // Whole microseconds.
    fn note_refund_times(&self, partition: &mut Partition) {
        let (Some(NumberIx(at)), Some(NumberIx(refunded))) =
            (self.layout.index.refunded_at, self.layout.index.refunded)
        else {
            return;
        };
        let given = partition.numbers[at].iter().zip(&partition.numbers[refunded]);
        let times = given
            .filter(|(at, money)| !at.is_nan() && **money > 0.0)
            .map(|(at, _)| *at as i64);
        partition.range = times.fold(partition.range, |range, at| {
            range.map(|(first, last)| (first.min(at), last.max(at)))
        });
    }

    /// What a status calls refunded, is in full.
    fn refund(&self, partition: &mut Partition) {
        let Some(NumberIx(refunded)) = self.layout.index.refunded else {
            return;
        };
        for (label, full) in &self.refunded {
            for row in 0..partition.time.len() {
                let code = partition.labels[*label][row];
                if code != NONE && full[code as usize] {
                    let money = partition.amount.as_ref().map_or(0, |amount| amount.exact(row));
                    let unit = self
                        .layout
                        .amount
                        .as_ref()
                        .map_or(MoneyUnit::Float, |(_, amount)| amount.unit);
                    partition.numbers[refunded][row] = unit.to_f64(money.max(0));
                }
            }
        }
    }
}

/// Order numbers of text, all of which write whole numbers, become those.
pub(crate) fn settle_orders(partition: &mut Partition) {
    if let Some(Keys::Bytes(_)) = partition.orders.as_deref() {
        partition.orders = partition.orders.as_deref().map(Keys::to_integers).map(Arc::new);
    }
}

/// The money of some rows.
fn money(partition: &Partition, mut rows: std::ops::Range<usize>) -> i128 {
    let Some(amount) = &partition.amount else { return 0 };
    rows.by_ref().map(|row| amount.exact(row)).sum()
}

/// The rows of a customer, order by order, each with the code of its order.
fn by_order(partition: &Partition, at: usize, customer: usize) -> Result<Vec<(u32, usize)>> {
    let rows = partition.rows(customer).map(|row| (partition.ids[at][row], row));
    let mut rows: Vec<(u32, usize)> = rows.collect();
    runtime::sort_by(&mut rows, Ord::cmp)?;
    Ok(rows)
}

/// Whether two rows are of one order; a row without a number is one by itself.
fn of_one_order(a: &(u32, usize), b: &(u32, usize)) -> bool {
    a.0 == b.0 && a.0 != NONE
}

/// Count orders of several lines by whether one amount stands on all of them, up to the first where none does.
fn count_repeated(partition: &Partition, at: usize, settled: &mut Settled) -> Result<()> {
    let Some(amount) = &partition.amount else {
        return Ok(());
    };
    for customer in 0..partition.len() {
        if partition.rows(customer).len() < 2 {
            continue;
        }
        let rows = by_order(partition, at, customer)?;
        for rows in rows.chunk_by(of_one_order).filter(|rows| rows.len() > 1) {
            let first = amount.exact(rows[0].1);
            let one = first != 0 && rows.iter().all(|row| amount.exact(row.1) == first);
            settled.repeated[usize::from(!one)] += 1;
            if !one {
                return Ok(());
            }
        }
    }
    Ok(())
}

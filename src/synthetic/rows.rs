//! The rows of the sample shop before they become columns. Their order is that of time, then customer, then sequence.

use super::words::{Contact, Event, OrderStatus};

/// No value: of a small number.
pub(super) const NO: u8 = u8::MAX;
/// No value: of a time or of cents.
pub(super) const NEVER: i64 = i64::MIN;

/// What identifies a row and orders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    pub(super) time: i64,
    /// From 1; 0 is nobody.
    pub(super) customer: u32,
    pub(super) sequence: u32,
}

/// A row that can be spoilt.
pub(super) trait Stamped: Copy + Ord + Send {
    fn stamp(&mut self) -> &mut Stamp;
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventRow {
    pub(super) stamp: Stamp,
    /// The number of the session, of the customer's.
    pub(super) session: u32,
    /// 0 is none.
    pub(super) product: u32,
    /// Cents; [`NEVER`] is none.
    pub(super) value: i64,
    pub(super) event: Event,
    pub(super) device: u8,
    pub(super) source: u8,
    pub(super) keyword: u8,
    pub(super) fee: u8,
}

/// One order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OrderRow {
    pub(super) stamp: Stamp,
    /// The number of the order, of the customer's.
    pub(super) order: u32,
    /// Of the order that this one refunds; 0 is none.
    pub(super) refund_of: u32,
    pub(super) product: u32,
    pub(super) quantity: i64,
    /// Cents.
    pub(super) price: i64,
    pub(super) discount: i64,
    pub(super) amount: i64,
    pub(super) margin: i64,
    pub(super) status: OrderStatus,
    pub(super) coupon: u8,
    /// On the first line of an order, else 0.
    pub(super) fee: u8,
    pub(super) payment: u8,
    /// Days; [`NO`] is none.
    pub(super) delivery: u8,
}

/// One contact after a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CareRow {
    pub(super) stamp: Stamp,
    pub(super) order: u32,
    pub(super) kind: Contact,
    /// 1 to 5; [`NO`] is none.
    pub(super) rating: u8,
}

impl Stamped for EventRow {
    fn stamp(&mut self) -> &mut Stamp {
        &mut self.stamp
    }
}

impl Stamped for OrderRow {
    fn stamp(&mut self) -> &mut Stamp {
        &mut self.stamp
    }
}

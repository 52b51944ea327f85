//! The state of the summary: merged, and written for others to read.

use std::sync::Arc;

use crate::analysis::{Decoder, Encoder, State};
use crate::error::Result;
use crate::log::{Count, Purchases};

use super::summary::Summary;

impl State for Summary {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.purchases.append(&mut other.purchases);
        self.refunded.append(&mut other.refunded);
        self.money += other.money;
        self.unknown.merge(other.unknown);
        self.before.merge(other.before);
        self.after.merge(other.after);
        self.dropped.merge(other.dropped);
        self.unmatched += other.unmatched;
        self.without_purchase += other.without_purchase;
        add(&mut self.returned, &other.returned);
        add(&mut self.waiting, &other.waiting);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.purchases, |to, chunk| to.list(chunk, |to, of| encode(of, to)));
        to.list(&self.refunded, |to, chunk| {
            to.list(chunk, |to, (customer, money)| {
                to.u32(*customer);
                to.i128(*money);
            });
        });
        to.i128(self.money);
        for count in [self.unknown, self.before, self.after, self.dropped] {
            to.u64(count.rows);
            to.i128(count.money);
        }
        to.u64(self.unmatched);
        to.u64(self.without_purchase);
        to.list(&self.returned, |to, count| to.u64(*count));
        to.list(&self.waiting, |to, count| to.u64(*count));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let count = |from: &mut Decoder<'_>| {
            Ok::<_, crate::error::Error>(Count {
                rows: from.u64()?,
                money: from.i128()?,
            })
        };
        Ok(Self {
            purchases: from.list(|from| Ok(Arc::new(from.list(decode)?)))?,
            refunded: from.list(|from| Ok(Arc::new(from.list(|from| Ok((from.u32()?, from.i128()?)))?)))?,
            money: from.i128()?,
            unknown: count(from)?,
            before: count(from)?,
            after: count(from)?,
            dropped: count(from)?,
            unmatched: from.u64()?,
            without_purchase: from.u64()?,
            returned: from.list(Decoder::u64)?,
            waiting: from.list(Decoder::u64)?,
        })
    }
}

fn add(to: &mut Vec<u64>, counts: &[u64]) {
    to.resize(to.len().max(counts.len()), 0);
    for (to, count) in to.iter_mut().zip(counts) {
        *to += count;
    }
}

fn encode(of: &Purchases, to: &mut Encoder<'_>) {
    to.i64(of.first);
    to.i64(of.last);
    for count in [of.orders, of.days, of.rows, of.refunds] {
        to.u32(count);
    }
    to.i128(of.money);
}

fn decode(from: &mut Decoder<'_>) -> Result<Purchases> {
    Ok(Purchases {
        first: from.i64()?,
        last: from.i64()?,
        orders: from.u32()?,
        days: from.u32()?,
        rows: from.u32()?,
        refunds: from.u32()?,
        money: from.i128()?,
    })
}

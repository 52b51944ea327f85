//! Period sales: what a group sold in a period, and what an order adds to it.

use super::standing::Standing;
use crate::analysis::state_of_fields;

/// The sales of one group in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeriodSales {
    pub(super) money: i128,
    pub(super) buyers: u64,
    pub(super) orders: u64,
    pub(super) items: i128,
    pub(super) guest_money: i128,
    pub(super) guest_orders: u64,
    /// Orders of which no one knows how much of their money belongs here.
    pub(super) unshared: u64,
    /// Sums of numbers beside the amount over purchases: discount, shipping, margin.
    pub(super) discount: i128,
    pub(super) shipping: i128,
    pub(super) margin: i128,
    /// What identified buyers bought who are new, and who are won back; all others return.
    pub(super) new: Part,
    pub(super) won_back: Part,
}

/// What some of the buyers bought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) money: i128,
    pub(super) buyers: u64,
    pub(super) orders: u64,
}

state_of_fields!(Part { money, buyers, orders });

state_of_fields!(PeriodSales {
    money,
    buyers,
    orders,
    items,
    guest_money,
    guest_orders,
    unshared,
    discount,
    shipping,
    margin,
    new,
    won_back
});

/// Numbers beside the amount that sales add up.
pub(super) const FURTHER: [&str; 3] = ["discount", "shipping", "margin"];

/// What an order adds to a group in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) period: i64,
    /// Where the values of the group begin among the values.
    pub(super) values: usize,
    pub(super) order: usize,
    pub(super) bought: bool,
    pub(super) money: i128,
    pub(super) items: i128,
    /// Where its further sums stand, where the log has such numbers.
    pub(super) further: usize,
}

impl PeriodSales {
    /// Add what one customer, or guests, bought in a period of one group, order by order.
    pub(super) fn add(&mut self, shares: &[Share], sums: &[[i128; 3]], standing: Standing) {
        let orders = shares.chunk_by(|a, b| a.order == b.order);
        let bought = orders.filter(|shares| shares[0].bought).count() as u64;
        let money = shares.iter().map(|share| share.money).sum::<i128>();
        self.money += money;
        self.items += shares.iter().map(|share| share.items).sum::<i128>();
        self.orders += bought;
        for [discount, shipping, margin] in shares.iter().filter_map(|share| sums.get(share.further)) {
            self.discount += discount;
            self.shipping += shipping;
            self.margin += margin;
        }
        if standing == Standing::Guest {
            self.guest_money += money;
            self.guest_orders += bought;
            return;
        }
        let part = Part {
            money,
            buyers: u64::from(bought > 0),
            orders: bought,
        };
        self.buyers += part.buyers;
        match standing {
            Standing::New => self.new.add(part),
            Standing::WonBack => self.won_back.add(part),
            Standing::Guest | Standing::Returning => {}
        }
    }

    /// What returning buyers bought.
    pub(super) fn returning(&self) -> Part {
        Part {
            money: self.money - self.guest_money - self.new.money - self.won_back.money,
            buyers: self.buyers - self.new.buyers - self.won_back.buyers,
            orders: self.orders - self.guest_orders - self.new.orders - self.won_back.orders,
        }
    }
}

impl Part {
    fn add(&mut self, other: Self) {
        self.money += other.money;
        self.buyers += other.buyers;
        self.orders += other.orders;
    }
}

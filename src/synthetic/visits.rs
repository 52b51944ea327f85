//! What customers do in the shop: sessions of views, carts, orders and payments.

use super::catalogue::Catalogue;
use super::chance::Chance;
use super::day::{DAYS, END, busy_day, instant, second_of_day, whole_i64};
use super::generate::ShopPlan;
use super::lines::{FEE_WEIGHTS, FEES, day_of, stamp};
use super::person::{DEVICE_WEIGHTS, Person, place};
use super::rows::{EventRow, NEVER, NO};
use super::truth::{CLICK_RATE, SHIPPING_FEE, WEAK_STEP};
use super::words::{Event, KEYWORDS, MOBILE_WEB, SEARCH, WEST};
use crate::time::{DAY, SECOND};

const SOURCE_WEIGHTS: [f64; 5] = [0.4, 0.25, 0.15, 0.12, 0.08];
/// Carts left behind for an order with a fee of 0, and by a customer who never buys.
const LEFT_PER_ORDER: f64 = 0.9;
const LEFT_WITHOUT_ORDER: f64 = 0.3;
/// Days between a cart left behind and the order, on average.
const BEFORE_ORDER: f64 = 5.0;
/// Days between visits that only look, on average.
const BETWEEN_VISITS: f64 = 25.0;
/// Seconds between two events, on average.
const PAUSE: f64 = 40.0;

/// How far a session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    View,
    Cart,
    Checkout,
    Order,
    Pay,
}

/// The sessions of one customer, being written.
pub(super) struct Visits<'a> {
    pub(super) person: &'a Person,
    pub(super) plan: &'a ShopPlan,
    pub(super) catalogue: &'a Catalogue,
    pub(super) rows: &'a mut Vec<EventRow>,
    /// Which sessions there are, and how far they go.
    pub(super) chance: Chance,
    /// What happens inside them.
    pub(super) inside: Chance,
    pub(super) clock: Chance,
    pub(super) sessions: u32,
}

/// What a session is about.
pub(super) struct PlannedSession<'a> {
    pub(super) device: u8,
    pub(super) fee: u8,
    pub(super) reach: Reach,
    /// Products with the cents paid for each.
    pub(super) products: &'a [(u32, i64)],
}

impl Visits<'_> {
    /// The registration, which is a session of its own.
    pub(super) fn register(&mut self) {
        self.sessions += 1;
        let mut row = self.row(self.person.registered, Event::Register, self.person.device);
        row.source = NO;
        self.rows.push(row);
    }

    /// Write a session whose order, if it comes to one, happens at `end`; else it begins at `end`.
    pub(super) fn session(&mut self, end: i64, session: &PlannedSession<'_>) {
        self.sessions += 1;
        let from = self.rows.len();
        let mut row = self.row(end, Event::View, session.device);
        row.source = place(self.inside.pick(&SOURCE_WEIGHTS));
        if row.source == SEARCH {
            row.keyword = place(self.keyword());
        }
        self.look(&mut row, session);
        if session.reach >= Reach::Cart {
            row.fee = session.fee;
            self.buy(&mut row, session);
        }
        // Written from the start on; an order has its time from the orders, so all moves.
        let ordered = self.rows[from..]
            .iter()
            .find(|row| row.event == Event::Order)
            .map(|row| row.stamp.time);
        let shift = ordered.map_or(0, |time| end - time);
        let earliest = self.person.registered + SECOND;
        for row in &mut self.rows[from..] {
            row.stamp.time = (row.stamp.time + shift).max(earliest);
        }
    }

    fn look(&mut self, row: &mut EventRow, session: &PlannedSession<'_>) {
        let others = 1 + self.inside.successes(0.35);
        for number in 0..others.max(session.products.len()) {
            let product = match session.products.get(number) {
                Some((product, _)) => *product,
                None => self.any_product(row.stamp.time),
            };
            self.push(row, Event::View, product);
            if self.inside.happens(0.4) {
                let shown = self.any_product(row.stamp.time);
                self.push(row, Event::Show, shown);
                if self.inside.happens(self.plan.size(CLICK_RATE)) {
                    self.push(row, Event::Click, shown);
                    self.push(row, Event::View, shown);
                }
            }
        }
    }

    fn buy(&mut self, row: &mut EventRow, session: &PlannedSession<'_>) {
        let stages = [
            (Reach::Cart, Event::Cart),
            (Reach::Checkout, Event::Checkout),
            (Reach::Order, Event::Order),
            (Reach::Pay, Event::Pay),
        ];
        for (reach, event) in stages.into_iter().filter(|(reach, _)| *reach <= session.reach) {
            self.pause(row);
            for &(product, cents) in session.products {
                if reach == Reach::Cart {
                    self.pause(row);
                }
                let value = if reach == Reach::Pay { cents } else { NEVER };
                let stamp = stamp(self.person, row.stamp.time, self.rows.len());
                self.rows.push(EventRow {
                    stamp,
                    product,
                    value,
                    event,
                    ..*row
                });
            }
        }
    }

    /// Sessions with a cart that come to no order: more with a higher fee, and more on one device in one region.
    ///
    /// For each order a Poisson number of them with the order's own device and fee: so that the odds of an order, given
    /// a session with a cart, fall by exactly the planted ratios.
    pub(super) fn leave_carts(&mut self, before: i64, device: u8, fee: u8) {
        let mean = LEFT_PER_ORDER * self.weakness(device) * self.fee_factor(fee);
        let ordered = day_of(before);
        let known = ordered - self.person.day;
        for _ in 0..self.chance.poisson(mean) {
            // What is left of an exponential distribution is one that is cut there.
            let back = self.chance.exponential(BEFORE_ORDER);
            let back = if known > 0.0 { 1.0 + (back % known).floor() } else { 0.0 };
            let time = self.moment(ordered - back);
            self.leave_cart(time, device, fee);
        }
    }

    /// When a session of a day starts: by the curve of the day, on the day of registration with the registration, which is
    /// on the curve too.
    pub(super) fn moment(&mut self, day: f64) -> i64 {
        if day < self.person.day + 1.0 {
            self.person.registered
        } else {
            instant(day, second_of_day(&mut self.clock, self.plan))
        }
    }

    /// The same for a customer who never buys, with devices and fees as they fall.
    pub(super) fn leave_carts_for_good(&mut self, until: f64) {
        let device = device(self.person, &mut self.chance);
        let fees: Vec<f64> = FEES
            .iter()
            .zip(FEE_WEIGHTS)
            .map(|(fee, weight)| weight * self.fee_factor(*fee))
            .collect();
        let mean = LEFT_WITHOUT_ORDER * self.weakness(device) * fees.iter().sum::<f64>();
        for _ in 0..self.chance.poisson(mean) {
            let fee = FEES[self.chance.pick(&fees)];
            let day = self.chance.between(self.person.day, until.max(self.person.day + 0.5));
            let time = self.moment(day);
            self.leave_cart(time, device, fee);
        }
    }

    fn leave_cart(&mut self, time: i64, device: u8, fee: u8) {
        let reach = if self.chance.happens(0.7) {
            Reach::Cart
        } else {
            Reach::Checkout
        };
        let product = self.any_product(time);
        self.session(
            time,
            &PlannedSession {
                device,
                fee,
                reach,
                products: &[(product, NEVER)],
            },
        );
    }

    /// Visits that only look, from registration until the customer is gone.
    pub(super) fn browse(&mut self, until: f64) {
        let until = until.min(DAYS);
        let low = self.person.day + 0.5;
        if until <= low {
            return;
        }
        for _ in 0..=self.chance.poisson((until - low) / BETWEEN_VISITS) {
            let day = busy_day(&mut self.chance, low, until);
            let time = self.moment(day);
            let device = device(self.person, &mut self.chance);
            self.session(
                time,
                &PlannedSession {
                    device,
                    fee: 0,
                    reach: Reach::View,
                    products: &[],
                },
            );
        }
    }

    fn weakness(&self, device: u8) -> f64 {
        if device == MOBILE_WEB && self.person.region == WEST {
            1.0 / self.plan.size(WEAK_STEP)
        } else {
            1.0
        }
    }

    fn fee_factor(&self, fee: u8) -> f64 {
        self.plan.size(SHIPPING_FEE).powf(f64::from(fee) / 5.0)
    }

    fn any_product(&mut self, time: i64) -> u32 {
        let day = super::lines::day_of(time.min(END - DAY));
        let category = Catalogue::category(self.person, day, self.plan, &mut self.inside);
        self.catalogue.product(category, &mut self.inside)
    }

    /// A keyword of the list, the first ones more often.
    fn keyword(&mut self) -> usize {
        let unit = self.inside.unit();
        super::chance::whole(unit * unit * super::chance::real(KEYWORDS.len()))
    }

    fn push(&mut self, row: &mut EventRow, event: Event, product: u32) {
        let stamp = stamp(self.person, row.stamp.time, self.rows.len());
        self.rows.push(EventRow {
            stamp,
            product,
            event,
            ..*row
        });
        self.pause(row);
    }

    fn pause(&mut self, row: &mut EventRow) {
        row.stamp.time += (1 + whole_i64(self.inside.exponential(PAUSE))) * SECOND;
    }

    fn row(&self, time: i64, event: Event, device: u8) -> EventRow {
        EventRow {
            stamp: stamp(self.person, time, self.rows.len()),
            session: self.sessions,
            product: 0,
            value: NEVER,
            event,
            device,
            source: 0,
            keyword: NO,
            fee: NO,
        }
    }
}

/// The device of a session: mostly the customer's own.
pub(super) fn device(person: &Person, chance: &mut Chance) -> u8 {
    if chance.happens(0.8) {
        person.device
    } else {
        place(chance.pick(&DEVICE_WEIGHTS))
    }
}

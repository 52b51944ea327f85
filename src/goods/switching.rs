//! Switching: between two periods, the money that the same customers took from one category to another.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, FoldGroups, Groups, Outcome, PartitionView, state_of_fields};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{Category, Facts, TimePoint, View, group_key};
use crate::money::{MoneyUnit, exact};
use crate::orders::{OrderBuilder, Refunds};
use crate::params::options;
use crate::runtime;

/// No category of the other side.
const NONE_OF_BOTH: i64 = i64::MAX;

options! {
    /// What is asked for.
    pub struct SwitchingOptions {
        /// The first period: from, and before.
        pub before: (TimePoint, TimePoint),
        /// The second one.
        pub after: (TimePoint, TimePoint),
        /// The column that names what is bought.
        pub level: String,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Where the money of a category comes from, or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// From one category to another.
    Moved,
    /// Of customers who spent in the second period alone.
    New,
    /// Of those who spent in the first alone.
    Lost,
    /// Customers of both periods spent more in all.
    More,
    /// They spent less in all.
    Less,
}

/// Money of two periods by category.
#[derive(Debug)]
pub struct Switching {
    periods: [(i64, i64); 2],
    until: i64,
    refunds: Refunds,
    level: usize,
}

/// Money that goes somewhere, in counts of a double, and of how many customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flow {
    money: i128,
    customers: u64,
}

state_of_fields!(Flow { money, customers });

/// The money of categories.
#[derive(Debug, Default)]
pub struct Switched {
    /// By category: that of both periods, exact.
    totals: Groups<[i128; 2]>,
    /// By two categories, and the kind.
    flows: Groups<Flow>,
}

state_of_fields!(Switched { totals, flows });

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    /// By category: the money of the customer at hand in both periods.
    spent: Vec<(i64, [i128; 2])>,
    /// By category: what it became more or less.
    changes: Vec<(i64, f64)>,
    totals: FoldGroups<[i128; 2]>,
    flows: FoldGroups<Flow>,
}

impl Analysis for Switching {
    const NAME: &'static str = "switching";

    type Options = SwitchingOptions;
    type State = Switched;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: SwitchingOptions, view: &View) -> Result<Self> {
        let facts = view.facts();
        if !facts.roles.has_money() {
            return Err(Error::Argument(
                "switching follows money: give amount= to Orders".into(),
            ));
        }
        if facts.unshared > 0 {
            return Err(Error::Data(
                "the amount is that of the order and cannot be shared by its lines: give price= and quantity= to Orders"
                    .into(),
            ));
        }
        let periods = view.two_periods("switching", options.before, options.after)?;
        Ok(Self {
            until: periods[1].1,
            periods,
            refunds: options.refunds,
            level: view.category("level", &options.level)?,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![Some(&facts.categories[self.level]); 2]
    }

    fn start(&self) -> Switched {
        Switched::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.until),
            spent: Vec::new(),
            changes: Vec::new(),
            totals: FoldGroups::default(),
            flows: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Switched,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let Scratch {
            builder,
            spent,
            changes,
            totals,
            flows,
        } = scratch;
        spent.clear();
        builder.orders(customer.at())?;
        let labels = &customer.partition.labels[self.level];
        for order in builder.formed() {
            let inside = |(from, to): &(i64, i64)| (*from..*to).contains(&order.time);
            let Some(period) = self.periods.iter().position(inside) else {
                continue;
            };
            for row in builder.rows_of(order) {
                let mut money = [0; 2];
                money[period] = builder.money_of(order, row);
                spent.push((group_key(labels[row]), money));
            }
        }
        runtime::sort_by(spent, |a, b| a.0.cmp(&b.0))?;
        spent.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 = [0, 1].map(|period| kept.1[period] + later.1[period]);
            }
            same
        });
        for (category, money) in spent.iter() {
            let total = totals.of(&[*category]);
            *total = [0, 1].map(|period| total[period] + money[period]);
        }
        let unit = builder.unit();
        let change = |(category, [before, after]): &(i64, [i128; 2])| (*category, unit.to_f64(after - before));
        changes.clear();
        changes.extend(spent.iter().map(change));
        let in_period = |period: usize| spent.iter().any(|(_, money)| money[period] != 0);
        flow(changes, [in_period(0), in_period(1)], |from, to, kind, money| {
            let flow = flows.of(&[from, to, kind as i64]);
            flow.money += exact(money);
            flow.customers += 1;
        });
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Switched) {
        state.totals.extend(scratch.totals);
        state.flows.extend(scratch.flows);
    }

    fn finish(&self, state: Switched, context: &Context<'_>) -> Result<Outcome> {
        let table = self.table(&state, context.facts)?;
        Ok(Outcome::table(table).and("flows", self.flows(&state, context.facts)?))
    }
}

/// Where the changes of one customer come from. Of a customer of both periods, what some categories lost and others gained
/// is moved, in proportion to both; what is left of one side is more or less in all.
fn flow(changes: &[(i64, f64)], there: [bool; 2], mut found: impl FnMut(i64, i64, Kind, f64)) {
    let gained: f64 = changes.iter().map(|(_, change)| change.max(0.0)).sum();
    let lost: f64 = changes.iter().map(|(_, change)| (-change).max(0.0)).sum();
    let moved = gained.min(lost);
    for &(category, change) in changes.iter().filter(|(_, change)| *change != 0.0) {
        match (there, change > 0.0) {
            ([false, _], _) => found(NONE_OF_BOTH, category, Kind::New, change),
            ([true, false], _) => found(category, NONE_OF_BOTH, Kind::Lost, -change),
            (_, true) if gained > moved => {
                found(NONE_OF_BOTH, category, Kind::More, change * (1.0 - moved / gained));
            }
            (_, false) if lost > moved => {
                found(category, NONE_OF_BOTH, Kind::Less, -change * (1.0 - moved / lost));
            }
            _ => {}
        }
    }
    if there != [true, true] || moved <= 0.0 {
        return;
    }
    for &(from, loss) in changes.iter().filter(|(_, change)| *change < 0.0) {
        for &(to, gain) in changes.iter().filter(|(_, change)| *change > 0.0) {
            found(from, to, Kind::Moved, moved * (-loss / lost) * (gain / gained));
        }
    }
}

/// The money of a category by where it comes from and where it goes.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    came: [f64; 5],
    went: [f64; 5],
}

impl Switching {
    fn column(&self, columns: &mut Columns, name: &str, facts: &Facts, parts: impl Iterator<Item = i64>) -> Result<()> {
        let codes = parts.map(|part| u32::try_from(part).unwrap_or(crate::columns::NONE));
        columns.category(name, &facts.categories[self.level], codes)
    }

    /// One row per category: its money, and why it changed.
    fn table(&self, state: &Switched, facts: &Facts) -> Result<RecordBatch> {
        let mut sides: Groups<Sides> = Groups::default();
        for (key, flow) in state.flows.iter() {
            let kind = usize::try_from(key[2]).unwrap_or_default();
            let money = MoneyUnit::Float.to_f64(flow.money);
            if kind != Kind::Lost as usize && kind != Kind::Less as usize {
                sides.update(&key[1..2], |sides| sides.came[kind] += money);
            }
            if kind != Kind::New as usize && kind != Kind::More as usize {
                sides.update(&key[..1], |sides| sides.went[kind] += money);
            }
        }
        let rows = || state.totals.iter();
        let money = |money: i128| facts.unit.to_f64(money);
        let of = |key: &[i64]| sides.get(key).copied().unwrap_or_default();
        let mut columns = Columns::default();
        let name = facts.categories[self.level].kind().name().to_string();
        self.column(&mut columns, &name, facts, rows().map(|(key, _)| key[0]))?;
        columns.floats("before", rows().map(|(_, total)| money(total[0])));
        columns.floats("after", rows().map(|(_, total)| money(total[1])));
        columns.floats("change", rows().map(|(_, total)| money(total[1] - total[0])));
        let came = |kind: Kind| rows().map(move |(key, _)| of(key).came[kind as usize]);
        let went = |kind: Kind| rows().map(move |(key, _)| of(key).went[kind as usize]);
        columns.floats("new", came(Kind::New));
        columns.floats("lost", went(Kind::Lost).map(|money| -money));
        columns.floats("more", came(Kind::More));
        columns.floats("less", went(Kind::Less).map(|money| -money));
        columns.floats("moved_in", came(Kind::Moved));
        columns.floats("moved_out", went(Kind::Moved).map(|money| -money));
        columns.finish()
    }

    /// One row per pair of categories between which money moved.
    fn flows(&self, state: &Switched, facts: &Facts) -> Result<RecordBatch> {
        let moved = |key: &[i64]| key[2] == Kind::Moved as i64;
        let rows = || state.flows.iter().filter(|(key, _)| moved(key));
        let money = |flow: &Flow| MoneyUnit::Float.to_f64(flow.money);
        let back = |key: &[i64]| state.flows.get([key[1], key[0], key[2]].as_slice()).map_or(0.0, money);
        let mut columns = Columns::default();
        self.column(&mut columns, "from", facts, rows().map(|(key, _)| key[0]))?;
        self.column(&mut columns, "to", facts, rows().map(|(key, _)| key[1]))?;
        columns.floats("money", rows().map(|(_, flow)| money(flow)));
        columns.ints("customers", rows().map(|(_, flow)| flow.customers.cast_signed()));
        columns.floats("net", rows().map(|(key, flow)| money(flow) - back(key)));
        columns.finish()
    }
}

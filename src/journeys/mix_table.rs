//! The table of a mix: shares, conversion, and what changed.

use arrow::array::RecordBatch;

use crate::analysis::Groups;
use crate::columns::Columns;
use crate::error::Result;
use crate::log::Facts;
use crate::stats::{difference, holm, two_proportion_z_test};

use super::mix::{Mix, MixCounts};

/// The groups that are rows, and how to find what they are a share of.
struct Mixed<'a> {
    cells: &'a Groups<MixCounts>,
    plan: &'a Mix,
    groups: Vec<(&'a [i64], &'a MixCounts)>,
}

/// One row per group, in the order of the values and of time.
pub(super) fn table(plan: &Mix, cells: &Groups<MixCounts>, facts: &Facts) -> Result<RecordBatch> {
    let mut columns = Columns::default();
    let all = Mixed::of(plan, cells);
    for (at, (by, name)) in plan.by.iter().zip(&plan.names).enumerate() {
        let place = at + usize::from(plan.period.is_some());
        columns.push(by.column(facts, name, all.groups.iter().map(|(group, _)| group[place]))?);
    }
    if let Some(period) = plan.period {
        let observed = facts.observed(plan.window);
        let covers = |index| observed.is_some_and(|days| days.cover(period, index));
        columns.dates("period", all.groups.iter().map(|(group, _)| period.first_day(group[0])));
        columns.bools("complete", all.groups.iter().map(|(group, _)| covers(group[0])));
    }
    all.shares(&mut columns);
    if plan.goal.is_some() {
        all.conversion(&mut columns);
    }
    if plan.period.is_some() {
        all.changes(&mut columns, facts);
    }
    columns.finish()
}

impl<'a> Mixed<'a> {
    fn of(plan: &'a Mix, cells: &'a Groups<MixCounts>) -> Self {
        let width = plan.by.len() + usize::from(plan.period.is_some());
        let mut groups: Vec<(&[i64], &MixCounts)> = cells
            .iter()
            .filter(|(group, _)| group.len() == width)
            .map(|(group, cell)| (group.as_slice(), cell))
            .collect();
        if plan.period.is_some() {
            groups.sort_by_key(|(group, _)| (&group[1..], group[0]));
        }
        Self { cells, plan, groups }
    }

    fn cell(&self, group: &[i64]) -> Option<&'a MixCounts> {
        self.cells.get(group)
    }

    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn shares(&self, columns: &mut Columns) {
        let first = usize::from(self.plan.period.is_some());
        let mut of = |name: &str, share: &str, count: &dyn Fn(&MixCounts) -> u64| {
            let each = || self.groups.iter();
            columns.ints(name, each().map(|(_, cell)| count(cell).cast_signed()));
            let whole = |group: &[i64]| Some(count(self.cell(&group[..first])?) as f64);
            columns.maybe_floats(
                share,
                each().map(|(group, cell)| Some(count(cell) as f64 / whole(group)?)),
            );
        };
        of("customers", "customer_share", &|cell| cell.customers);
        of("sessions", "session_share", &|cell| cell.sessions);
        of("events", "event_share", &|cell| cell.events);
        if self.plan.by.len() > 1 {
            let within = |(group, cell): &(&[i64], &MixCounts)| {
                Some(cell.sessions as f64 / self.cell(&group[..group.len() - 1])?.sessions as f64)
            };
            columns.maybe_floats("share_within", self.groups.iter().map(within));
        }
    }

    fn conversion(&self, columns: &mut Columns) {
        columns.ints("open", self.groups.iter().map(|(_, cell)| cell.open.cast_signed()));
        columns.ints(
            "converted",
            self.groups.iter().map(|(_, cell)| cell.converted.cast_signed()),
        );
        let rates: Vec<_> = self.groups.iter().map(|(_, cell)| Some(cell.rate()?.0)).collect();
        columns.maybe_floats("conversion", rates.iter().map(|rate| Some((*rate)?.0)));
        columns.maybe_floats("conversion_low", rates.iter().map(|rate| Some((*rate)?.1)));
        columns.maybe_floats("conversion_high", rates.iter().map(|rate| Some((*rate)?.2)));
    }

    /// Against the period before: of both, all is in the data.
    #[allow(clippy::cast_precision_loss)]
    fn changes(&self, columns: &mut Columns, facts: &Facts) {
        let Some(period) = self.plan.period else { return };
        let observed = facts.observed(self.plan.window);
        let covers = |index| observed.is_some_and(|days| days.cover(period, index));
        // All sessions of the period before, and those of the group; none where one of the two is not in the data whole.
        let before = |group: &[i64]| -> Option<(Option<&MixCounts>, Option<&MixCounts>)> {
            let earlier = group[0] - 1;
            let mut then = group.to_vec();
            then[0] = earlier;
            (covers(earlier) && covers(group[0])).then(|| (self.cell(&[earlier]), self.cell(&then)))
        };
        let each: Vec<_> = self
            .groups
            .iter()
            .map(|(group, cell)| (*group, *cell, before(group)))
            .collect();
        let sessions = |cell: Option<&MixCounts>| cell.map_or(0, |cell| cell.sessions);
        columns.maybe_ints(
            "sessions_before",
            each.iter()
                .map(|(.., before)| Some(sessions((*before)?.1).cast_signed())),
        );
        let growth =
            |cell: &MixCounts, then: Option<&MixCounts>| Some(cell.sessions as f64 / then?.sessions as f64 - 1.0);
        columns.maybe_floats(
            "session_growth",
            each.iter().map(|(_, cell, before)| growth(cell, (*before)?.1)),
        );
        let share = |group: &[i64], cell: &MixCounts, (total, then): (Option<&MixCounts>, Option<&MixCounts>)| {
            let now = cell.sessions as f64 / self.cell(&group[..1])?.sessions as f64;
            Some(now - sessions(then) as f64 / total?.sessions as f64)
        };
        columns.maybe_floats(
            "share_change",
            each.iter().map(|(group, cell, before)| share(group, cell, (*before)?)),
        );
        if self.plan.goal.is_some() {
            let then = each
                .iter()
                .map(|(_, cell, before)| (*cell, before.and_then(|(_, then)| then)));
            changes_of_conversion(columns, then);
        }
    }
}

/// The conversion of groups against that of the period before.
fn changes_of_conversion<'a>(
    columns: &mut Columns,
    each: impl Iterator<Item = (&'a MixCounts, Option<&'a MixCounts>)>,
) {
    let change = |cell: &MixCounts, then: Option<&MixCounts>| {
        let ((now, n), (then, m)) = (cell.rate()?, then?.rate()?);
        Some((difference(now, then), two_proportion_z_test((now.0, n), (then.0, m))))
    };
    let changes: Vec<_> = each.map(|(cell, then)| change(cell, then)).collect();
    columns.maybe_floats("conversion_change", changes.iter().map(|change| Some((*change)?.0.0)));
    columns.maybe_floats("change_low", changes.iter().map(|change| Some((*change)?.0.1)));
    columns.maybe_floats("change_high", changes.iter().map(|change| Some((*change)?.0.2)));
    let tests: Vec<Option<f64>> = changes.iter().map(|change| (*change)?.1).collect();
    let adjusted = holm(&tests);
    columns.maybe_floats("p_value", tests);
    columns.maybe_floats("p_adjusted", adjusted);
}

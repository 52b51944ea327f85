//! Which columns play which role, and how they are read.

use std::path::PathBuf;

use crate::columns::{AmountType, IdType, Scalar, Source, TimeOptions, TimeType};
use crate::error::{Error, Result};

/// The columns that a caller names.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    /// The customer's key.
    pub customer: String,
    /// When it happened.
    pub time: String,
    /// Money, where the log has it.
    pub amount: Option<String>,
    /// Roles that number orders: role and column.
    pub ids: Vec<(String, String)>,
    /// Roles that name a kind of thing: role and column.
    pub labels: Vec<(String, String)>,
    /// Roles that hold a number beside the amount: role and column.
    pub numbers: Vec<(String, String)>,
}

impl Roles {
    /// Every role with its column.
    #[must_use]
    pub fn all(&self) -> Vec<(String, String)> {
        let mut all = vec![
            ("customer".into(), self.customer.clone()),
            ("time".into(), self.time.clone()),
        ];
        all.extend(self.amount.iter().map(|name| ("amount".into(), name.clone())));
        all.extend(self.ids.iter().chain(&self.labels).chain(&self.numbers).cloned());
        all
    }
}

/// What to do with a row whose key, time or amount is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nulls {
    /// Leave it out and count it.
    #[default]
    Drop,
    /// Refuse the data.
    Raise,
}

/// How rows are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was said about times.
    pub times: TimeOptions,
    /// What to do with missing values.
    pub nulls: Nulls,
    /// Values of the role `status` that are no order.
    pub cancelled: Vec<Scalar>,
    /// Events that are kept, where only some are asked for.
    pub only: Option<Vec<Scalar>>,
    /// How many partitions, rounded up to a power of two; by default so many that one stays in a core's cache.
    pub partitions: Option<usize>,
    /// How many rows are read at a time; by default so many that the pool is busy and their memory is small.
    pub group: Option<usize>,
    /// How much memory the rows may take.
    pub memory: Memory,
}

/// How much memory rows may take, and where they go beyond it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes; rows beyond it go to files.
    pub limit: Option<u64>,
    /// The folder of these files; by default that of the system.
    pub folder: Option<PathBuf>,
}

/// Where the columns of the roles stand in a source, and how each is read.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) customer: (usize, IdType),
    pub(super) time: (usize, TimeType),
    pub(super) amount: Option<(usize, AmountType)>,
    pub(super) ids: Vec<(usize, IdType)>,
    pub(super) labels: Vec<(usize, IdType)>,
    pub(super) numbers: Vec<(usize, AmountType)>,
    /// The label that names the event, in a log of events; its rows stand in the order of time.
    pub(super) event: Option<usize>,
    /// The events that are kept, where only some are.
    pub(super) only: Option<Vec<crate::columns::Ids>>,
    /// The label that holds the status, with its values that are no order.
    pub(super) cancelled: Option<(usize, Vec<crate::columns::Ids>)>,
}

impl Layout {
    pub(super) fn new(source: &Source, roles: &Roles, options: &Options) -> Result<Self> {
        let key = |role: &str, name: &str| {
            let (index, field) = source.column(role, name)?;
            Ok((index, IdType::key(role, field)?))
        };
        let amount = |role: &str, name: &str| {
            let (index, field) = source.column(role, name)?;
            Ok((index, AmountType::new(role, name, field.data_type())?))
        };
        let label = |(role, name): &(String, String)| {
            let (index, field) = source.column(role, name)?;
            Ok((index, IdType::label(role, field)?))
        };
        let (time, _) = source.column("time", &roles.time)?;
        let labels: Vec<(usize, IdType)> = roles.labels.iter().map(label).collect::<Result<_>>()?;
        let ids: Vec<(usize, IdType)> = roles
            .ids
            .iter()
            .map(|(role, name)| key(role, name))
            .collect::<Result<_>>()?;
        if let [(_, first), (_, second)] = ids.as_slice()
            && !first.comparable(second)
        {
            return Err(Error::Data(format!(
                "{}={:?} and {}={:?} hold different types, so that no value of one can be found in the other; \
                 convert both to strings",
                first.role(),
                first.name(),
                second.role(),
                second.name()
            )));
        }
        Ok(Self {
            customer: key("customer", &roles.customer)?,
            time: (
                time,
                TimeType::new("time", &roles.time, &options.times, &source.chunks(time))?,
            ),
            amount: roles.amount.as_ref().map(|name| amount("amount", name)).transpose()?,
            cancelled: cancelled(&labels, &options.cancelled)?,
            numbers: roles
                .numbers
                .iter()
                .map(|(role, name)| amount(role, name))
                .collect::<Result<_>>()?,
            only: only(&labels, options.only.as_deref())?,
            event: labels.iter().position(|(_, label)| label.role() == "event"),
            ids,
            labels,
        })
    }
}

fn only(labels: &[(usize, IdType)], values: Option<&[Scalar]>) -> Result<Option<Vec<crate::columns::Ids>>> {
    let event = labels.iter().find(|(_, label)| label.role() == "event");
    let (Some((_, event)), Some(values)) = (event, values) else {
        return Ok(None);
    };
    let values: Result<Vec<_>> = values.iter().map(|value| event.scalar(value)).collect();
    Ok(Some(values?))
}

fn cancelled(labels: &[(usize, IdType)], values: &[Scalar]) -> Result<Option<(usize, Vec<crate::columns::Ids>)>> {
    if values.is_empty() {
        return Ok(None);
    }
    let Some(at) = labels.iter().position(|(_, label)| label.role() == "status") else {
        return Err(Error::Argument(
            "cancelled= needs status=, the column that holds these values".into(),
        ));
    };
    let values = values
        .iter()
        .map(|value| labels[at].1.scalar(value))
        .collect::<Result<_>>()?;
    Ok(Some((at, values)))
}

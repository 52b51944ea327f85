//! Which columns play which role, and how they are read.

use crate::columns::{AmountType, KeyType, Scalar, Source, TimeType};
use crate::error::{Error, Result};
use crate::log::{CategoryIx, NumberIx, RoleIndex, Roles};

use super::options::Options;

/// Where the columns of the roles stand in a source, and how each is read.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) customer: (usize, KeyType),
    pub(crate) time: (usize, TimeType),
    pub(crate) amount: Option<(usize, AmountType)>,
    pub(crate) ids: Vec<(usize, KeyType)>,
    pub(crate) labels: Vec<(usize, KeyType)>,
    pub(crate) numbers: Vec<(usize, AmountType)>,
    /// The label that names the event, in a log of events; its rows stand in the order of time.
    pub(crate) event: Option<CategoryIx>,
    /// The number that orders the events of an instant.
    pub(crate) sequence: Option<NumberIx>,
    /// The events that are kept, where only some are.
    pub(crate) only: Option<Vec<crate::columns::Keys>>,
    /// The label that holds the status, with its values that are no order.
    pub(crate) cancelled: Option<(usize, Vec<crate::columns::Keys>)>,
}

impl Layout {
    pub(crate) fn new(source: &Source, roles: &Roles, options: &Options) -> Result<Self> {
        let key = |role: &str, name: &str| {
            let (index, field) = source.column(role, name)?;
            Ok((index, KeyType::key(role, field)?))
        };
        let amount = |role: &str, name: &str| {
            let (index, field) = source.column(role, name)?;
            Ok((index, AmountType::new(role, name, field.data_type())?))
        };
        let label = |(role, name): &(String, String)| {
            let (index, field) = source.column(role, name)?;
            Ok((index, KeyType::label(role, field)?))
        };
        let index = RoleIndex::new(roles);
        let (time, _) = source.column("time", &roles.time)?;
        let labels: Vec<(usize, KeyType)> = roles.labels.iter().map(label).collect::<Result<_>>()?;
        let ids: Vec<(usize, KeyType)> = roles
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
            cancelled: cancelled(index.status, &labels, &options.cancelled)?,
            numbers: roles
                .numbers
                .iter()
                .map(|(role, name)| amount(role, name))
                .collect::<Result<_>>()?,
            only: only(index.event, &labels, options.only.as_deref())?,
            event: index.event,
            sequence: index.sequence,
            ids,
            labels,
        })
    }
}

fn only(
    event: Option<CategoryIx>,
    labels: &[(usize, KeyType)],
    values: Option<&[Scalar]>,
) -> Result<Option<Vec<crate::columns::Keys>>> {
    let event = event.and_then(|at| labels.get(at.0));
    let (Some((_, event)), Some(values)) = (event, values) else {
        return Ok(None);
    };
    let values: Result<Vec<_>> = values.iter().map(|value| event.scalar(value)).collect();
    Ok(Some(values?))
}

fn cancelled(
    status: Option<CategoryIx>,
    labels: &[(usize, KeyType)],
    values: &[Scalar],
) -> Result<Option<(usize, Vec<crate::columns::Keys>)>> {
    if values.is_empty() {
        return Ok(None);
    }
    let Some(CategoryIx(at)) = status else {
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

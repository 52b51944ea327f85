//! Which columns play which role, and how they are read.

use arrow::datatypes::{DataType, Field};

use crate::columns::{AmountType, KeyType, Keys, Names, Scalar, Source, TimeType};
use crate::error::{Error, Result};
use crate::log::{CategoryIx, NumberIx, OrderIx, RoleIndex, Roles};
use crate::money::MoneyUnit;

use super::options::{AmountPer, Options, Status};

/// How a column of numbers is read.
#[derive(Debug, Clone)]
pub(crate) enum NumberType {
    /// A number, by its place in the source.
    Number(usize, AmountType),
    /// An instant, as the number of its microseconds.
    Moment(usize, TimeType),
    /// None: what a status says fills it.
    Told,
}

/// What values of a category say of an order.
#[derive(Debug, Clone)]
pub(crate) struct StatusRule {
    pub(crate) says: Status,
    pub(crate) label: usize,
    pub(crate) values: Vec<Keys>,
}

/// Where the columns of the roles stand in a source, and how each is read.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The place of the key; none where the source has no buyers.
    pub(crate) customer: (Option<usize>, KeyType),
    pub(crate) time: (usize, TimeType),
    /// The amount, or the price of a piece.
    pub(crate) amount: Option<(usize, AmountType)>,
    /// The number that the price is multiplied by.
    pub(crate) pieces: Option<NumberIx>,
    /// Columns to add to the amount.
    pub(crate) add_to_amount: Vec<(usize, AmountType)>,
    pub(crate) amount_per: AmountPer,
    pub(crate) paid_at: Option<usize>,
    pub(crate) ids: Vec<(usize, KeyType)>,
    pub(crate) labels: Vec<(usize, KeyType)>,
    pub(crate) numbers: Vec<NumberType>,
    pub(crate) names: Names,
    /// Keys and order numbers of text wait as whole numbers in morsels where all of them are; what the others hold decides
    /// in the end.
    pub(crate) numbers_early: bool,
    /// Whether keys are whole numbers that text wrote.
    pub(crate) written_keys: bool,
    pub(crate) index: RoleIndex,
    /// The events that are kept, where only some are.
    pub(crate) only: Option<Vec<Keys>>,
    pub(crate) statuses: Vec<StatusRule>,
    /// Numbers that are an order's where its amount is: discount and shipping.
    pub(crate) of_order: Vec<NumberIx>,
}

impl Layout {
    pub(crate) fn new(source: &Source, roles: &Roles, options: &Options) -> Result<Self> {
        let amount = |role: &str, name: &str| {
            let (index, field) = source.column(role, name)?;
            Ok::<_, Error>((index, AmountType::new(role, name, field.data_type(), options.decimal)?))
        };
        let label = |(role, name): &(String, String)| {
            let (index, field) = source.column(role, name)?;
            Ok((index, KeyType::label(role, field)?))
        };
        let time = |role: &str, name: &str| {
            let (index, _) = source.column(role, name)?;
            let times = TimeType::new(role, name, &options.times, &source.chunks(index))?;
            Ok::<_, Error>((index, times))
        };
        let index = RoleIndex::new(roles);
        let labels: Vec<(usize, KeyType)> = roles.labels.iter().map(label).collect::<Result<_>>()?;
        let number = |(role, name): &(String, String)| match source.column(role, name) {
            // What only statuses tell has no column.
            Err(_) if role == "refunded" && name.is_empty() => Ok(NumberType::Told),
            _ => amount(role, name).map(|(at, number)| NumberType::Number(at, number)),
        };
        let mut numbers: Vec<NumberType> = roles.numbers.iter().map(number).collect::<Result<_>>()?;
        for (role, name) in &roles.moments {
            let (at, times) = time(role, name)?;
            numbers.push(NumberType::Moment(at, times));
        }
        let added = options.add_to_amount.iter().map(|name| amount("amount", name));
        let added = added.map(|found| found.map(|(at, more)| (at, more.as_floats())));
        let add_to_amount: Vec<_> = added.collect::<Result<_>>()?;
        let floats = !add_to_amount.is_empty() || options.price.is_some() || options.amount_per == AmountPer::Order;
        let named = options.price.as_ref().map(|name| ("price", name));
        let money = named.or(roles.amount.as_ref().map(|name| ("amount", name)));
        let money = money.map(|(role, name)| amount(role, name)).transpose()?;
        let of_order = |role: &str| roles.numbers.iter().position(|(name, _)| name == role).map(NumberIx);
        Ok(Self {
            customer: customer(source, roles)?,
            time: time("time", &roles.time)?,
            amount: money.map(|(at, money)| (at, if floats { money.as_floats() } else { money })),
            pieces: options.price.as_ref().and(index.quantity),
            add_to_amount,
            amount_per: options.amount_per,
            paid_at: (options.paid_at.as_ref())
                .map(|name| source.column("paid_at", name).map(|found| found.0))
                .transpose()?,
            statuses: statuses(roles, &labels, &options.statuses)?,
            only: only(index.event, &labels, options.only.as_deref())?,
            of_order: ["discount", "shipping"].into_iter().filter_map(of_order).collect(),
            ids: ids(source, roles)?,
            names: options.names,
            // What waits in a file is of one type from the first.
            written_keys: false,
            numbers_early: options.names == Names::Text && options.memory.limit.is_none(),
            index,
            labels,
            numbers,
        })
    }

    /// Whether rows without a customer are kept: those of orders are.
    pub(crate) fn keeps_guests(&self) -> bool {
        self.index.event.is_none()
    }

    /// Whether orders are rows, or lines of one number, of which nothing is told elsewhere: what they add up to can be found
    /// without putting the rows of each customer side by side.
    pub(crate) fn have_totals(&self) -> bool {
        let lines = self.amount_per == AmountPer::Line && self.ids.len() == 1 && self.order_id().is_some();
        self.index.event.is_none() && self.index.refunded.is_none() && (self.ids.is_empty() || lines)
    }

    /// Whether nothing is settled of rows once they are grouped, so that they can be grouped again and again.
    pub(crate) fn rows_stay(&self) -> bool {
        self.have_totals() || (self.index.event.is_some() && self.ids.is_empty())
    }

    /// What the counts of exact amounts are worth.
    pub(crate) fn unit(&self) -> MoneyUnit {
        let amount = self.amount.as_ref();
        amount.map_or(MoneyUnit::Decimal(0), |(_, amount)| amount.unit)
    }

    /// The layout of rows of which keys, or order numbers, became whole numbers.
    pub(crate) fn with_integers(&self, keys: bool, orders: bool) -> Self {
        let mut to = self.clone();
        if keys {
            to.written_keys = matches!(to.customer.1.none(), Keys::Bytes(_));
            to.customer.1 = to.customer.1.as_integers();
        }
        if orders {
            to.ids.iter_mut().for_each(|(_, id)| *id = id.as_integers());
        }
        to
    }

    /// The role of the order number.
    pub(crate) fn order_id(&self) -> Option<usize> {
        self.index.order_id.map(|OrderIx(at)| at)
    }
}

fn customer(source: &Source, roles: &Roles) -> Result<(Option<usize>, KeyType)> {
    let Some(name) = &roles.customer else {
        let none = Field::new("customer", DataType::Null, true);
        return Ok((None, KeyType::key("customer", &none)?));
    };
    let (at, field) = source.column("customer", name)?;
    Ok((Some(at), KeyType::key("customer", field)?))
}

/// The roles that number orders; where one holds text and another numbers, all are read as text.
fn ids(source: &Source, roles: &Roles) -> Result<Vec<(usize, KeyType)>> {
    let key = |(role, name): &(String, String)| {
        let (index, field) = source.column(role, name)?;
        Ok((index, KeyType::key(role, field)?))
    };
    let mut ids: Vec<(usize, KeyType)> = roles.ids.iter().map(key).collect::<Result<_>>()?;
    if let [(_, first), (_, second)] = ids.as_slice() {
        if !first.matches(second) {
            return Err(Error::Data(format!(
                "{}={:?} and {}={:?} hold different types, so that no value of one can be found in the other; \
                 convert both to strings",
                first.role(),
                first.name(),
                second.role(),
                second.name()
            )));
        }
        if !first.comparable(second) {
            ids = ids.into_iter().map(|(at, id)| (at, id.as_text())).collect();
        }
    }
    Ok(ids)
}

fn only(
    event: Option<CategoryIx>,
    labels: &[(usize, KeyType)],
    values: Option<&[Scalar]>,
) -> Result<Option<Vec<Keys>>> {
    let event = event.and_then(|at| labels.get(at.0));
    let (Some((_, event)), Some(values)) = (event, values) else {
        return Ok(None);
    };
    let values: Result<Vec<_>> = values.iter().map(|value| event.scalar(value)).collect();
    Ok(Some(values?))
}

fn statuses(
    roles: &Roles,
    labels: &[(usize, KeyType)],
    given: &[(Status, String, Vec<Scalar>)],
) -> Result<Vec<StatusRule>> {
    let rule = |(says, role, values): &(Status, String, Vec<Scalar>)| {
        let found = roles.labels.iter().position(|(name, _)| name == role);
        let Some(label) = found else {
            return Err(Error::Argument(format!(
                "{}= needs status=, the column that holds these values",
                says.word()
            )));
        };
        let values = values.iter().map(|value| labels[label].1.scalar(value));
        Ok(StatusRule {
            says: *says,
            label,
            values: values.collect::<Result<_>>()?,
        })
    };
    given.iter().map(rule).collect()
}

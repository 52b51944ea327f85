//! Customer attributes (a dimension table), joined by key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;

use crate::columns::{Columns, KeyInterner, KeyType, Keys, NONE, Names, ParseErrors, Source};
use crate::error::{Error, Result, THE_TABLE};
use crate::runtime::{self, Task};

use super::category::Category;
use super::grouped::Log;
use super::population::CustomerIndex;

/// Which table it is: attributes of one table stand customer by customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableId(u64);

static TABLES: AtomicU64 = AtomicU64::new(0);

/// A table of customers and their attributes.
#[derive(Debug)]
pub struct AttributeTable {
    pub(super) id: TableId,
    /// Rows read.
    pub rows: u64,
    /// Rows without a key.
    pub null_keys: u64,
    /// Rows whose key an earlier row has; the earlier row is used.
    pub repeated: u64,
    key: KeyType,
    table: KeyInterner,
    attributes: Vec<Known>,
}

/// An attribute of the customers of a table.
#[derive(Debug)]
struct Known {
    role: String,
    name: String,
    label: Category,
    codes: Arc<Vec<u32>>,
}

/// One attribute of the customers of a log.
#[derive(Debug)]
pub struct Attribute {
    /// Its role, or its column once more.
    pub role: String,
    /// Its column.
    pub name: String,
    /// Its values.
    pub label: Category,
    /// The value of each customer of each partition; [`NONE`] where it is unknown.
    pub codes: Vec<Vec<u32>>,
    /// The value of each customer of the table, those too whom the log does not have.
    pub all: Arc<Vec<u32>>,
    /// The table that it comes from.
    pub table: TableId,
}

impl Attribute {
    /// The code of a customer.
    #[must_use]
    pub fn code(&self, (partition, customer): CustomerIndex) -> u32 {
        // Of guests nothing is known.
        let codes = self.codes.get(partition as usize);
        codes.map_or(NONE, |codes| codes[customer as usize])
    }
}

impl AttributeTable {
    /// Read the key and the attributes (role and column) of a source.
    ///
    /// # Errors
    /// If a column cannot be used.
    pub fn new(source: &Source, key: &str, attributes: &[(String, String)], names: Names, task: &Task) -> Result<Self> {
        let (index, field) = source.column("customer", key)?;
        let key = KeyType::key("customer", field)?;
        let mut to = Self {
            id: TableId(TABLES.fetch_add(1, Ordering::Relaxed)),
            rows: 0,
            null_keys: 0,
            repeated: 0,
            table: KeyInterner::new(&key),
            key,
            attributes: Vec::new(),
        };
        let kept = to.read_keys(source, index, task)?;
        for (role, name) in attributes {
            let (index, field) = source.column(role, name)?;
            let kind = KeyType::label(role, field)?;
            let (label, codes) = read_label(source, index, &kind, &kept, task)?;
            to.attributes.push(Known {
                role: role.clone(),
                name: name.clone(),
                label,
                codes: Arc::new(codes),
            });
        }
        if names == Names::Text
            && let Some(numbers) = to.table.ids().whole_numbers(|_| false)
        {
            to.key = to.key.as_integers();
            to.table = KeyInterner::of(&Keys::Bits(numbers));
        }
        Ok(to)
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.table.len()
    }

    /// Which rows are the first of their customer.
    fn read_keys(&mut self, source: &Source, index: usize, task: &Task) -> Result<Vec<bool>> {
        let mut kept = Vec::with_capacity(source.rows());
        let mut refusals = ParseErrors::default();
        for part in source.pieces().into_iter().flatten() {
            task.check()?;
            let (mut ids, mut valid) = (self.key.none(), vec![true; part.batch.num_rows()]);
            let column = part.batch.column(index);
            self.key
                .append(column, part.first_row, &mut ids, &mut refusals, |row| {
                    valid[row] = false;
                })?;
            for (row, &valid) in valid.iter().enumerate() {
                let known = self.table.len();
                let new = valid && self.table.intern(&ids, row) as usize == known;
                self.null_keys += u64::from(!valid);
                self.repeated += u64::from(valid && !new);
                kept.push(new);
            }
        }
        self.key.check(&refusals)?;
        self.rows = kept.len() as u64;
        Ok(kept)
    }

    /// The column of a role; the role where there is none.
    pub(super) fn column_of<'a>(&'a self, role: &'a str) -> &'a str {
        let known = self.attributes.iter().find(|known| known.role == role);
        known.map_or(role, |known| &known.name)
    }

    /// The values of an attribute, by its role or column, and the code of each customer.
    pub(super) fn coded(&self, role: &str) -> Result<(&Category, &[u32])> {
        let is = |known: &&Known| known.role == role || known.name == role;
        match self.attributes.iter().find(is) {
            Some(known) => Ok((&known.label, &known.codes)),
            None => Err(Error::MissingColumn {
                role: "by".into(),
                table: THE_TABLE.into(),
                name: role.into(),
                found: self.attributes.iter().map(|known| known.name.clone()).collect(),
            }),
        }
    }

    /// The key and an attribute, by its role.
    ///
    /// # Errors
    /// If there is no such role.
    pub fn attribute(&self, role: &str) -> Result<RecordBatch> {
        let Some(known) = self.attributes.iter().find(|known| known.role == role) else {
            return Err(Error::Argument(format!(
                "the customers have no {role}=: name its column when you read them"
            )));
        };
        let mut columns = Columns::default();
        columns.push(self.key.restore(self.table.ids(), (0..self.table.len()).map(Some))?);
        let (field, array) = known.label.restore(known.codes.iter().copied())?;
        columns.push((field.as_ref().clone().with_name(role).into(), array));
        columns.finish()
    }

    /// Which customer each row of another table names.
    ///
    /// # Errors
    /// If its key cannot be compared with ours.
    pub fn places(&self, source: &Source, name: &str, task: &Task) -> Result<Vec<Option<u32>>> {
        let (index, field) = source.column("customer", name)?;
        let key = KeyType::key("customer", field)?;
        if !key.matches(&self.key) {
            return Err(Error::Data(format!(
                "the key {name:?} of the frame and that of the result hold different types, so that no value of one can \
                 be found in the other; convert the frame's to the type it had when the log was read"
            )));
        }
        let mut places = Vec::with_capacity(source.rows());
        let mut refusals = ParseErrors::default();
        for part in source.pieces().into_iter().flatten() {
            task.check()?;
            let (mut ids, mut valid) = (key.none(), vec![true; part.batch.num_rows()]);
            let column = part.batch.column(index);
            key.append(column, part.first_row, &mut ids, &mut refusals, |row| {
                valid[row] = false;
            })?;
            places.extend((0..valid.len()).map(|row| {
                if valid[row] {
                    key.find_in(&self.key, &self.table, &ids, row)
                } else {
                    None
                }
            }));
        }
        key.check(&refusals)?;
        Ok(places)
    }

    /// The attributes of a log's customers.
    ///
    /// # Errors
    /// If the keys of the two hold different types.
    pub fn attach(&self, log: &Log, task: &Task) -> Result<Vec<Attribute>> {
        let places = self.places_in(log, task)?;
        let codes = |values: &[u32]| {
            let code = |place: &Option<u32>| place.map_or(NONE, |place| values[place as usize]);
            places.iter().map(|places| places.iter().map(code).collect()).collect()
        };
        let attribute = |known: &Known| Attribute {
            role: known.role.clone(),
            name: known.name.clone(),
            label: known.label.clone(),
            codes: codes(&known.codes),
            all: known.codes.clone(),
            table: self.id,
        };
        Ok(self.attributes.iter().map(attribute).collect())
    }

    /// Which of our customers each customer of each partition is.
    pub(super) fn places_in(&self, log: &Log, task: &Task) -> Result<Vec<Vec<Option<u32>>>> {
        if !self.key.matches(log.key()) {
            return Err(Error::Data(format!(
                "the customers' key {:?} and the log's key {:?} hold different types, so that no value of one can be \
                 found in the other; convert both to strings or both to integers",
                self.key.name(),
                log.key().name()
            )));
        }
        runtime::map(log.partitions(), task, |at| {
            let customers = log.customers_in(at);
            Ok((0..customers.len())
                .map(|row| log.key().find_in(&self.key, &self.table, customers, row))
                .collect())
        })
    }
}

/// The values of an attribute in the rows that are kept.
fn read_label(
    source: &Source,
    index: usize,
    kind: &KeyType,
    kept: &[bool],
    task: &Task,
) -> Result<(Category, Vec<u32>)> {
    let mut table = KeyInterner::new(kind);
    let mut codes = Vec::new();
    let mut kept = kept.iter();
    for part in source.pieces().into_iter().flatten() {
        task.check()?;
        let (mut ids, mut valid) = (kind.none(), vec![true; part.batch.num_rows()]);
        let column = part.batch.column(index);
        kind.append(column, part.first_row, &mut ids, &mut ParseErrors::default(), |row| {
            valid[row] = false;
        })?;
        for ((row, &valid), _) in valid.iter().enumerate().zip(&mut kept).filter(|(_, kept)| **kept) {
            codes.push(if valid { table.intern(&ids, row) } else { NONE });
        }
    }
    let (label, ranks) = Category::of(kind, &table);
    for code in codes.iter_mut().filter(|code| **code != NONE) {
        *code = ranks[*code as usize];
    }
    Ok((label, codes))
}

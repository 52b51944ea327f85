//! Amounts of every numeric type, brought to doubles or to exact i128.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type};

use super::parse_errors::{ParseErrors, shown};
use crate::error::{Error, Result};
use crate::money::{MoneyUnit, fixed};

/// The amounts of some rows, as they were given.
#[derive(Debug, Clone, PartialEq)]
pub enum Amounts {
    /// Doubles; not-a-number stands for null.
    Float(Vec<f64>),
    /// Counts of the last digit.
    Exact(Vec<i128>),
}

impl Amounts {
    /// The exact amount in row `index`, in the unit of its column.
    #[must_use]
    pub fn exact(&self, index: usize) -> i128 {
        match self {
            Self::Float(values) => fixed(values[index]),
            Self::Exact(values) => values[index],
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Exact(values) => values.len(),
        }
    }

    /// Those of some rows.
    #[must_use]
    pub fn only(&self, rows: &[usize]) -> Self {
        match self {
            Self::Float(values) => Self::Float(rows.iter().map(|&row| values[row]).collect()),
            Self::Exact(values) => Self::Exact(rows.iter().map(|&row| values[row]).collect()),
        }
    }

    /// What they take in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Float(values) => size_of_val(values.as_slice()),
            Self::Exact(values) => size_of_val(values.as_slice()),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Floats below it are no count of 2⁻⁶⁴.
const SMALLEST: f64 = 1.0 / 18_446_744_073_709_551_616.0;

/// How a column of amounts is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountType {
    role: String,
    name: String,
    /// What one count is worth once the amount is exact.
    pub unit: MoneyUnit,
}

impl AmountType {
    /// Decide by the type of the column.
    ///
    /// # Errors
    /// If it holds no numbers.
    pub fn new(role: &str, name: &str, data_type: &DataType) -> Result<Self> {
        let unit = match data_type {
            DataType::Dictionary(_, values) => return Self::new(role, name, values),
            DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Null => MoneyUnit::Binary,
            data_type if data_type.is_integer() => MoneyUnit::Decimal(0),
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale) => MoneyUnit::Decimal((*scale).max(0).unsigned_abs()),
            other => {
                return Err(Error::ColumnType {
                    role: role.into(),
                    name: name.into(),
                    found: other.to_string(),
                    accepted: "integers, floats and decimals are accepted: convert the column to numbers first".into(),
                });
            }
        };
        Ok(Self {
            role: role.into(),
            name: name.into(),
            unit,
        })
    }

    /// An empty run of amounts of this type.
    #[must_use]
    pub fn none(&self) -> Amounts {
        match self.unit {
            MoneyUnit::Binary => Amounts::Float(Vec::new()),
            MoneyUnit::Decimal(_) => Amounts::Exact(Vec::new()),
        }
    }

    /// Append an array's amounts; `null(row)` is called for each null, a decimal of more than 38 digits is refused.
    ///
    /// # Errors
    /// If Arrow cannot convert the array.
    pub fn append(
        &self,
        array: &ArrayRef,
        first_row: u64,
        to: &mut Amounts,
        errors: &mut ParseErrors,
        mut null: impl FnMut(usize),
    ) -> Result<()> {
        match (self.unit, to) {
            (MoneyUnit::Decimal(scale), Amounts::Exact(to)) => {
                let nulls = array.logical_nulls();
                let cast = cast(array, &DataType::Decimal128(38, scale.cast_signed()))?;
                let cast = cast.as_primitive::<Decimal128Type>();
                to.extend_from_slice(cast.values());
                for row in (0..cast.len()).filter(|&row| cast.is_null(row)) {
                    if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                        null(row);
                    } else {
                        // What the cast made null did not fit.
                        errors.push(first_row + row as u64, || shown(array, row));
                    }
                }
            }
            (_, Amounts::Float(to)) => {
                let from = to.len();
                append_floats(array, to, null)?;
                // They would count as nothing, without a word. Hardly any column has one, so that all are looked at at once.
                let tiny = |amount: &f64| amount.abs() < SMALLEST && *amount != 0.0;
                if to[from..].iter().fold(false, |any, amount| any | tiny(amount)) {
                    for (row, _) in to[from..].iter().enumerate().filter(|(_, amount)| tiny(amount)) {
                        errors.push(first_row + row as u64, || shown(array, row));
                    }
                }
            }
            (MoneyUnit::Binary, Amounts::Exact(_)) => {
                return Err(Error::Data("floats cannot stand among decimals".into()));
            }
        }
        Ok(())
    }

    /// Refuse the column if a value did not fit.
    ///
    /// # Errors
    /// [`Error::BadValues`] with the first of them.
    pub fn check(&self, errors: &ParseErrors) -> Result<()> {
        let (what, help) = match self.unit {
            MoneyUnit::Binary => (
                "are smaller than 2**-64 and would count as nothing",
                "give the amounts in a smaller unit, or as decimals; where they are what rounding left of zero, round them",
            ),
            MoneyUnit::Decimal(_) => (
                "cannot be held in 38 digits",
                "give the amounts with fewer decimal places, or in a larger unit",
            ),
        };
        errors.to_result(&self.role, &self.name, what, help)
    }
}

/// Append numbers of any type as doubles, nulls as not-a-number.
fn append_floats(array: &ArrayRef, to: &mut Vec<f64>, mut null: impl FnMut(usize)) -> Result<()> {
    let array = if *array.data_type() == DataType::Float64 {
        array.clone()
    } else {
        cast(array, &DataType::Float64)?
    };
    let array = array.as_primitive::<Float64Type>();
    let start = to.len();
    to.extend_from_slice(array.values());
    for row in (0..array.len()).filter(|&row| array.is_null(row)) {
        to[start + row] = f64::NAN;
        null(row);
    }
    Ok(())
}

//! Amounts of every numeric type, brought to doubles or to exact i128.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type};

use super::bytes::for_each_bytes;
use super::money_text::{self, DecimalMark};
use super::parse_errors::{ParseErrors, shown};
use crate::error::{Error, Result};
use crate::money::{MoneyUnit, as_decimal, as_decimal_f32, exact};

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
            Self::Float(values) => exact(values[index]),
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
    form: AmountForm,
}

/// How the values of a column of amounts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AmountForm {
    Number,
    Float32,
    /// Text, with the decimal mark that a caller named.
    Text(Option<DecimalMark>),
}

impl AmountType {
    /// Decide by the type of the column; `mark` is the decimal mark of text.
    ///
    /// # Errors
    /// If it holds no numbers.
    pub fn new(role: &str, name: &str, data_type: &DataType, mark: Option<DecimalMark>) -> Result<Self> {
        let mut form = AmountForm::Number;
        let unit = match data_type {
            DataType::Dictionary(_, values) => return Self::new(role, name, values, mark),
            DataType::Float16 | DataType::Float32 => {
                form = AmountForm::Float32;
                MoneyUnit::Float
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                form = AmountForm::Text(mark);
                MoneyUnit::Float
            }
            DataType::Float64 | DataType::Null => MoneyUnit::Float,
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
                    accepted:
                        "integers, floats, decimals and numbers written as text are accepted: convert the column \
                               to numbers first"
                            .into(),
                });
            }
        };
        Ok(Self {
            role: role.into(),
            name: name.into(),
            unit,
            form,
        })
    }

    /// The same amounts as floats, whatever they came as.
    #[must_use]
    pub fn as_floats(self) -> Self {
        Self {
            unit: MoneyUnit::Float,
            ..self
        }
    }

    /// An empty run of amounts of this type.
    #[must_use]
    pub fn none(&self) -> Amounts {
        match self.unit {
            MoneyUnit::Float => Amounts::Float(Vec::new()),
            MoneyUnit::Decimal(_) => Amounts::Exact(Vec::new()),
        }
    }

    /// The doubles of an array that all are amounts as they stand, decimals or not.
    #[must_use]
    pub fn doubles<'a>(&self, array: &'a ArrayRef) -> Option<&'a [f64]> {
        let doubles = array.as_primitive_opt::<Float64Type>();
        let plain = self.unit == MoneyUnit::Float && self.form == AmountForm::Number && array.null_count() == 0;
        Some(doubles.filter(|_| plain)?.values())
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
                match self.form {
                    AmountForm::Text(mark) => append_text(array, mark, first_row, to, errors, null)?,
                    AmountForm::Float32 => append_floats(array, to, null, as_decimal_f32)?,
                    AmountForm::Number => append_floats(array, to, null, as_decimal)?,
                }
                // They would count as nothing, without a word. Hardly any column has one, so that all are looked at at once.
                let tiny = |amount: &f64| amount.abs() < SMALLEST && *amount != 0.0;
                if to[from..].iter().fold(false, |any, amount| any | tiny(amount)) {
                    for (row, _) in to[from..].iter().enumerate().filter(|(_, amount)| tiny(amount)) {
                        errors.push(first_row + row as u64, || shown(array, row));
                    }
                }
            }
            (MoneyUnit::Float, Amounts::Exact(_)) => {
                return Err(Error::Data("floats cannot stand among decimals".into()));
            }
        }
        Ok(())
    }

    /// Refuse the column if a value did not fit, or its decimal marks contradict each other.
    ///
    /// # Errors
    /// [`Error::BadValues`] with the first of them.
    pub fn check(&self, errors: &ParseErrors) -> Result<()> {
        let (what, help) = match (self.form, self.unit) {
            (AmountForm::Text(_), _) => {
                if let Some(marks) = errors.two_marks() {
                    return Err(Error::Data(format!(
                        "{}={:?}: some amounts are written with a decimal point and others with a decimal comma \
                         ({marks}); say which it is, as in decimal=\".\", and correct the others",
                        self.role, self.name
                    )));
                }
                return errors.to_result(
                    &self.role,
                    &self.name,
                    "cannot be read as an amount",
                    &Self::text_help(errors),
                );
            }
            (_, MoneyUnit::Float) => (
                "are smaller than 2**-64 and would count as nothing",
                "give the amounts in a smaller unit, or as decimals; where they are what rounding left of zero, round them",
            ),
            (_, MoneyUnit::Decimal(_)) => (
                "cannot be held in 38 digits",
                "give the amounts with fewer decimal places, or in a larger unit",
            ),
        };
        errors.to_result(&self.role, &self.name, what, help)
    }

    /// What to type where a text could not be read: of one with two readings, both.
    fn text_help(errors: &ParseErrors) -> String {
        let value = errors.first_value().unwrap_or_default();
        let text = value.trim_matches('"');
        let read = |mark| money_text::read(text.as_bytes(), Some(mark)).map(|read| read.0);
        match (read(DecimalMark::Point), read(DecimalMark::Comma)) {
            (Some(point), Some(comma)) => {
                format!("it is {point} or {comma}: type decimal=\".\" for the first, decimal=\",\" for the second")
            }
            (None, Some(comma)) => format!("type decimal=\",\" if it is {comma}"),
            (Some(point), None) => format!("type decimal=\".\" if it is {point}"),
            (None, None) => {
                "amounts are written as in 1234.5, ¥1,234.50, 1.234,50 € or (12.00); name what stands for a \
                             missing one in null_values=, and correct the others"
                    .into()
            }
        }
    }
}

/// Append amounts that are written as text.
fn append_text(
    array: &ArrayRef,
    mark: Option<DecimalMark>,
    first_row: u64,
    to: &mut Vec<f64>,
    errors: &mut ParseErrors,
    mut null: impl FnMut(usize),
) -> Result<()> {
    let mut row = 0;
    for_each_bytes(array, |text| {
        let text = text.filter(|text| !text.trim_ascii().is_empty());
        let read = text.map(|text| money_text::read(text, mark));
        match (text, read) {
            (Some(text), Some(None)) => {
                errors.push(first_row + row as u64, || {
                    format!("{:?}", String::from_utf8_lossy(text))
                });
            }
            (Some(text), Some(Some((_, Some(shown))))) => {
                errors.mark(shown, || String::from_utf8_lossy(text).into_owned());
            }
            (Some(_), Some(Some((_, None)))) => {}
            _ => null(row),
        }
        to.push(read.flatten().map_or(f64::NAN, |read| read.0));
        row += 1;
    })
}

/// Append numbers of any type as doubles, nulls as not-a-number.
fn append_floats(
    array: &ArrayRef,
    to: &mut Vec<f64>,
    mut null: impl FnMut(usize),
    decimal: impl Fn(f64) -> f64,
) -> Result<()> {
    let array = if *array.data_type() == DataType::Float64 {
        array.clone()
    } else {
        cast(array, &DataType::Float64)?
    };
    let array = array.as_primitive::<Float64Type>();
    let start = to.len();
    to.extend(array.values().iter().map(|value| decimal(*value)));
    for row in (0..array.len()).filter(|&row| array.is_null(row)) {
        to[start + row] = f64::NAN;
        null(row);
    }
    Ok(())
}

//! The schema of a table of another library: names that are no text are refused, metadata that is none is left aside.
#![allow(unsafe_code)] // The C interface is one of pointers.

use std::ffi::{CStr, c_char};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use arrow::ffi::FFI_ArrowSchema;

use crate::error::{Error, Result};

/// So deep may types be nested.
const DEEPEST: usize = 64;

/// Metadata that is put aside while a schema is read; its owner finds it again when the schema is given back.
struct Aside(Vec<(*mut FFI_ArrowSchema, *const c_char)>);

impl Aside {
    fn put(&mut self, schema: &mut FFI_ArrowSchema) {
        self.0.push((schema, schema.metadata));
        schema.metadata = std::ptr::null();
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        for (schema, metadata) in &self.0 {
            // SAFETY: the schema outlives this, which is made and dropped in `field_of`.
            unsafe { (**schema).metadata = *metadata };
        }
    }
}

/// The field of a schema.
///
/// # Errors
/// If a name is not UTF-8, or a type is not known.
pub(super) fn field_of(mut schema: FFI_ArrowSchema) -> Result<FieldRef> {
    let mut aside = Aside(Vec::new());
    // pandas writes a description of the frame there, other libraries what they like.
    aside.put(&mut schema);
    check(&mut schema, &mut aside, 0)?;
    let field = if schema.format() == "+s" {
        // Field by field, so that an error names its column.
        let fields = schema.children().map(known).collect::<Result<Vec<Field>>>();
        fields.map(|fields| Field::new("", DataType::Struct(fields.into()), true))
    } else {
        known(&schema)
    };
    drop(aside);
    Ok(Arc::new(field?))
}

fn known(schema: &FFI_ArrowSchema) -> Result<Field> {
    Field::try_from(schema).map_err(|_| {
        Error::Data(format!(
            "the column {:?} is of a type that is not known here (its Arrow format is {:?}): convert it to text or to a plain number first",
            schema.name().unwrap_or_default(),
            schema.format()
        ))
    })
}

/// Refuse what Arrow would panic at, and put metadata aside that is no text.
fn check(schema: &mut FFI_ArrowSchema, aside: &mut Aside, depth: usize) -> Result<()> {
    if schema.release.is_none() || schema.format.is_null() || depth > DEEPEST {
        return Err(Error::Data(
            "the source has no schema: it was read before, or is damaged".into(),
        ));
    }
    text(schema.format, "a type (such as a time zone in one)")?;
    if !schema.name.is_null() {
        text(schema.name, "the name of a column")?;
    }
    if !schema.metadata.is_null() && !is_text(schema.metadata) {
        aside.put(schema);
    }
    let count = usize::try_from(schema.n_children).unwrap_or(0);
    for at in 0..count {
        // SAFETY: a schema has as many children as it says.
        let child = unsafe { (*schema.children.add(at)).as_mut() };
        let Some(child) = child else {
            return Err(Error::Data(
                "the schema of the source is damaged: a column is missing".into(),
            ));
        };
        check(child, aside, depth + 1)?;
    }
    let first = schema.children().next().filter(|_| schema.format() == "+r");
    if schema
        .dictionary()
        .is_some_and(|_| !is_one_of(schema.format(), "cCsSiIlL"))
        || first.is_some_and(|ends| !is_one_of(ends.format(), "sil"))
    {
        return Err(Error::Data(
            "the schema of the source is damaged: what numbers the values of a column is no whole number".into(),
        ));
    }
    // SAFETY: it is null or points to a schema.
    match unsafe { schema.dictionary.as_mut() } {
        Some(values) => check(values, aside, depth + 1),
        None => Ok(()),
    }
}

/// Whether a format is one of some letters.
fn is_one_of(format: &str, letters: &str) -> bool {
    format.len() == 1 && letters.contains(format)
}

fn text(pointer: *const c_char, what: &str) -> Result<()> {
    // SAFETY: it is not null, and ends with a zero.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    match bytes.to_str() {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Data(format!(
            "{what} of the source is not UTF-8 (\"{}\"): rename it, or read the source again in its own encoding, such as GB 18030",
            bytes.to_bytes().escape_ascii()
        ))),
    }
}

/// Whether keys and values of metadata are UTF-8: it begins with the number of its pairs, and each part of a pair with its
/// length, as numbers of 32 bits.
fn is_text(metadata: *const c_char) -> bool {
    let mut rest = metadata.cast::<u8>();
    // SAFETY: metadata is as long as its numbers say.
    unsafe {
        let pairs = rest.cast::<i32>().read_unaligned();
        rest = rest.add(4);
        for _ in 0..2 * i64::from(pairs) {
            let Ok(length) = usize::try_from(rest.cast::<i32>().read_unaligned()) else {
                return false;
            };
            if std::str::from_utf8(std::slice::from_raw_parts(rest.add(4), length)).is_err() {
                return false;
            }
            rest = rest.add(4 + length);
        }
    }
    true
}

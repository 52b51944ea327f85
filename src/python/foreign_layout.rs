//! The layout of a foreign array: as many buffers and children as its type has.

use arrow::array::layout;
use arrow::datatypes::{DataType, Field, FieldRef};
use arrow::ffi::FFI_ArrowArray;

/// Refuse an array that is not laid out as its field says.
///
/// # Errors
/// What is unlike, in words.
pub(super) fn check_layout(array: &FFI_ArrowArray, field: &Field) -> Result<(), String> {
    let data_type = field.data_type();
    let unlike = |what: &str, found: usize, wanted: usize| {
        let of = match field.name().as_str() {
            "" => "a batch".into(),
            name => format!("the column {name:?} ({data_type})"),
        };
        Err(format!("{of} has {found} {what} in place of {wanted}"))
    };
    // Lengths are counted from zero; a negative one looks huge.
    if i64::try_from(array.len()).is_err() || i64::try_from(array.offset()).is_err() {
        return Err(format!("the column {:?} has a negative length", field.name()));
    }
    let known = layout(data_type);
    let wanted = known.buffers.len() + usize::from(known.can_contain_null_mask);
    let found = array.num_buffers();
    // Views have as many further buffers as they need, and one of their lengths.
    if if known.variadic {
        found < wanted + 1
    } else {
        found != wanted
    } {
        return unlike("buffers", found, wanted);
    }
    let children = children(data_type);
    if array.num_children() != children.len() {
        return unlike("columns", array.num_children(), children.len());
    }
    if let DataType::Dictionary(_, values) = data_type {
        let Some(dictionary) = array.dictionary() else {
            return unlike("dictionaries", 0, 1);
        };
        return check_layout(dictionary, &Field::new(field.name(), values.as_ref().clone(), true));
    }
    children
        .iter()
        .enumerate()
        .try_for_each(|(at, child)| check_layout(array.child(at), child))
}

fn children(data_type: &DataType) -> Vec<FieldRef> {
    match data_type {
        DataType::Struct(fields) => fields.iter().cloned().collect(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| field.clone()).collect(),
        DataType::RunEndEncoded(ends, values) => vec![ends.clone(), values.clone()],
        DataType::List(field)
        | DataType::FixedSizeList(field, _)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::Map(field, _) => vec![field.clone()],
        _ => Vec::new(),
    }
}

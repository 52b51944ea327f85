//! Whether rows come in runs of one value, as those of sorted sources and of few customers do.

/// Whether most values are that of the row before: a loop over runs of one value is then worth the end of each.
pub(super) fn repeats<T: PartialEq>(values: &[T]) -> bool {
    let changes = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    changes * 4 < values.len()
}

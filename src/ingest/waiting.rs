//! Rows that wait in memory after they were read, to be grouped if someone asks for them.

use std::sync::Arc;

use super::assembly::{Waiting, runs};
use super::layout::Layout;
use super::settle::settle_orders;
use super::slices::PartitionSlices;
use crate::error::Result;
use crate::log::{Partition, UngroupedRows};
use crate::packed::{Column, Packed, ShortCodes};

/// Scattered morsels, and by partition the number of the customer of each of its rows.
#[derive(Debug)]
pub(super) struct WaitingRows {
    layout: Arc<Layout>,
    morsels: Waiting,
    codes: Vec<Packed<ShortCodes>>,
    whole_orders: bool,
}

impl WaitingRows {
    /// `whole_orders`: whether order numbers of text become whole numbers.
    pub(super) fn new(
        layout: Arc<Layout>,
        morsels: Waiting,
        codes: Vec<Packed<ShortCodes>>,
        whole_orders: bool,
    ) -> Self {
        Self {
            layout,
            morsels,
            codes,
            whole_orders,
        }
    }
}

impl UngroupedRows for WaitingRows {
    fn group(&self, at: usize, head: &Partition) -> Result<Partition> {
        let mut codes = Vec::with_capacity(self.codes[at].len());
        self.codes[at].append(0..self.codes[at].len(), &mut codes);
        let runs = runs(&self.morsels, at);
        let mut built = head.with_rows(&self.layout, PartitionSlices(&runs), &codes)?;
        if self.whole_orders {
            settle_orders(&mut built);
        }
        Ok(built)
    }

    fn bytes(&self) -> usize {
        let morsels: usize = self.morsels.iter().map(|(split, _)| split.chunk.bytes()).sum();
        morsels + self.codes.iter().map(Packed::bytes).sum::<usize>()
    }
}

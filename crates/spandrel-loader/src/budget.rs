//! How much may still be read.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::FetchError;

/// The bytes that all documents together may still have.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicUsize,
    total: usize,
    document: usize,
}

impl Budget {
    pub(crate) const fn new(total: usize, document: usize) -> Self {
        Self { left: AtomicUsize::new(total), total, document }
    }

    /// The most bytes of one document.
    pub(crate) const fn document_bytes(&self) -> usize {
        self.document
    }

    /// Takes `more` bytes for a document that has `so_far`.
    pub(crate) fn take(&self, so_far: usize, more: usize) -> Result<(), FetchError> {
        if more > self.document.saturating_sub(so_far) {
            return Err(FetchError::TooLarge { limit: self.document });
        }
        let taken =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(more));
        taken.map(drop).map_err(|_| FetchError::TotalTooLarge { limit: self.total })
    }
}

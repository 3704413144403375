//! Byte-pair encoding of one piece of text: the two neighbours whose union has the lowest rank become
//! one, until no union is a token.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::vocabulary;

/// The parts of a piece, each known by the place where it starts; a heap of their unions keeps the time
/// near the length, whatever the text.
#[derive(Default)]
pub(crate) struct Merger {
    /// By the start of a part, where it ends; 0 where no part starts.
    ends: Vec<u32>,
    /// By the start of a part, where the one before it starts.
    befores: Vec<u32>,
    /// Rank, start and end of what two neighbours could become; some are out of date.
    unions: BinaryHeap<Reverse<(u32, u32, u32)>>,
}

impl Merger {
    /// How many tokens the piece takes.
    pub(crate) fn count(&mut self, piece: &[u8]) -> usize {
        if piece.len() < 2 || vocabulary::rank(piece).is_some() {
            return piece.len().min(1);
        }
        let Ok(length) = u32::try_from(piece.len()) else {
            // A piece of four gigabytes is no text for a model: each of its bytes counts.
            return piece.len();
        };
        self.ends.clear();
        self.ends.extend(1..=length);
        self.befores.clear();
        self.befores.extend((0..length).map(|start| start.saturating_sub(1)));
        self.unions.clear();
        for start in 0..length - 1 {
            self.push(piece, start, start + 2);
        }
        let mut parts = piece.len();
        while let Some(Reverse((_, start, end))) = self.unions.pop() {
            if self.merge(piece, start, end) {
                parts -= 1;
            }
        }
        parts
    }

    /// Makes the part at `start` and its neighbour one that ends at `end`, where they still are so.
    fn merge(&mut self, piece: &[u8], start: u32, end: u32) -> bool {
        let middle = at(&self.ends, start);
        if middle == 0 || at(&self.ends, middle) != end {
            return false;
        }
        set(&mut self.ends, start, end);
        set(&mut self.ends, middle, 0);
        set(&mut self.befores, end, start);
        let next = at(&self.ends, end);
        if next != 0 {
            self.push(piece, start, next);
        }
        if start > 0 {
            self.push(piece, at(&self.befores, start), end);
        }
        true
    }

    fn push(&mut self, piece: &[u8], start: u32, end: u32) {
        let bytes = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let token = bytes.and_then(|(start, end)| piece.get(start..end));
        if let Some(rank) = token.and_then(vocabulary::rank) {
            self.unions.push(Reverse((rank, start, end)));
        }
    }
}

/// An entry; 0 beyond the end.
fn at(table: &[u32], index: u32) -> u32 {
    usize::try_from(index).ok().and_then(|index| table.get(index)).copied().unwrap_or_default()
}

fn set(table: &mut [u32], index: u32, value: u32) {
    if let Some(entry) = usize::try_from(index).ok().and_then(|index| table.get_mut(index)) {
        *entry = value;
    }
}

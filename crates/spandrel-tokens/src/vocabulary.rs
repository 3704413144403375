//! The tokens of the vocabulary, by their bytes.

use crate::slot;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bytes"));
static ENDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ends"));
static SLOTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/slots"));

/// The rank of the token that has exactly these bytes: of two that overlap, the lower is made first.
pub(crate) fn rank(token: &[u8]) -> Option<u32> {
    let hash = slot::hash(token);
    let tag = slot::tag(hash);
    for index in slot::probe(hash) {
        let found = entry(SLOTS, index)?;
        if found == slot::EMPTY {
            return None;
        }
        let rank = slot::rank_of(found);
        if found == tag | rank && bytes(rank) == Some(token) {
            return Some(rank);
        }
    }
    None
}

/// The bytes of the token of that rank.
fn bytes(rank: u32) -> Option<&'static [u8]> {
    let index = usize::try_from(rank).ok()?;
    let start = if index == 0 { 0 } else { entry(ENDS, index - 1)? };
    BYTES.get(usize::try_from(start).ok()?..usize::try_from(entry(ENDS, index)?).ok()?)
}

fn entry(table: &[u8], index: usize) -> Option<u32> {
    let bytes = table.get(index.checked_mul(4)?..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

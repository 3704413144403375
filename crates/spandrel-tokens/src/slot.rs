//! The layout of the hash table, which the build script writes and [`rank`](crate::vocabulary::rank)
//! reads.

/// The slots of the table: a third more than there are tokens.
pub(crate) const SLOTS: usize = 1 << 18;
/// A slot without a token.
pub(crate) const EMPTY: u32 = u32::MAX;
/// The bits of a slot that hold a rank; the others hold a part of the hash, so that a slot of other
/// bytes is told from it without reading those.
const RANK_BITS: u32 = 18;

/// FNV-1a, 64 bits: tokens are short.
pub(crate) fn hash(token: &[u8]) -> u64 {
    token
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A slot for the token of that rank.
#[allow(dead_code, reason = "only the build script writes")]
pub(crate) fn pack(rank: u32, hash: u64) -> u32 {
    tag(hash) | rank
}

/// The part of the hash that a slot holds.
#[allow(clippy::cast_possible_truncation, reason = "fourteen bits, which stand above those of a rank")]
pub(crate) fn tag(hash: u64) -> u32 {
    ((hash >> 50) as u32) << RANK_BITS
}

/// Where to look for a token, one slot after the other.
pub(crate) fn probe(hash: u64) -> impl Iterator<Item = usize> {
    let mask = SLOTS - 1;
    // The low bits of the product depend on the last bytes alone.
    let first = usize::try_from((hash ^ (hash >> 29)) & (SLOTS as u64 - 1)).unwrap_or_default();
    (0..SLOTS).map(move |step| (first + step) & mask)
}

/// The rank that a slot holds.
#[allow(dead_code, reason = "the build script only writes")]
pub(crate) const fn rank_of(slot: u32) -> u32 {
    slot & ((1 << RANK_BITS) - 1)
}

//! Identifiers that nobody can guess.

/// 128 random bits in hexadecimal; none where the system has no randomness to give.
pub(crate) fn random_id() -> Option<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).ok()?;
    Some(format!("{:032x}", u128::from_ne_bytes(random)))
}

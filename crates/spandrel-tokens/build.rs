//! Writes the vocabulary as tables that are read where they lie in the binary: nothing is decoded or
//! hashed at run time, and only the pages that a text touches take memory.
//!
//! | table | holds |
//! |---|---|
//! | `bytes` | the bytes of every token, in the order of their ranks |
//! | `ends` | where each token ends in `bytes`, `u32` little-endian |
//! | `slots` | an open-addressing hash table from a token's bytes to its rank, `u32` little-endian |

#![allow(clippy::disallowed_methods, reason = "a build script is told by its environment where to write")]

use std::error::Error;
use std::path::Path;
use std::{env, fs};

#[path = "src/slot.rs"]
mod slot;

/// The tokens of `o200k_base`, without the special ones, which no text has.
const TOKENS: u32 = 199_998;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/slot.rs");
    let tokenizer = tiktoken_rs::o200k_base()?;
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    let mut slots = vec![slot::EMPTY; slot::SLOTS];
    for rank in 0..TOKENS {
        let token = tokenizer.decode_bytes(&[rank])?;
        bytes.extend_from_slice(&token);
        ends.push(u32::try_from(bytes.len())?);
        let hash = slot::hash(&token);
        let free = slot::probe(hash).find(|&index| slots.get(index) == Some(&slot::EMPTY));
        let free = free.and_then(|index| slots.get_mut(index)).ok_or("the table is too small")?;
        *free = slot::pack(rank, hash);
    }
    let folder = env::var("OUT_DIR")?;
    let write = |name: &str, table: &[u8]| fs::write(Path::new(&folder).join(name), table);
    write("bytes", &bytes)?;
    write("ends", &little_endian(&ends))?;
    write("slots", &little_endian(&slots))?;
    Ok(())
}

fn little_endian(table: &[u32]) -> Vec<u8> {
    table.iter().flat_map(|entry| entry.to_le_bytes()).collect()
}

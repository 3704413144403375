//! Vectors that were made before, kept in the user's cache. What cannot be read or written is made anew.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What a file begins with: the name and version of its format.
const MAGIC: &[u8; 8] = b"spvec\0\0\x01";

/// Where the vectors of `passages` by a model are kept.
pub(super) fn place(model: u64, passages: &[String]) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    let mut key = DefaultHasher::new();
    (model, passages).hash(&mut key);
    Some(folder.join("spandrel").join("vectors").join(format!("{:016x}", key.finish())))
}

/// The vectors that are kept there, where they are as many as are needed.
pub(super) fn read(place: &Path, number: usize) -> Option<Vec<Vec<f32>>> {
    let bytes = fs::read(place).ok()?;
    let numbers = bytes.strip_prefix(MAGIC)?;
    let (values, rest) = numbers.as_chunks::<4>();
    if number == 0 || !rest.is_empty() || !values.len().is_multiple_of(number) || values.is_empty() {
        return None;
    }
    let vector = |values: &[[u8; 4]]| values.iter().map(|value| f32::from_le_bytes(*value)).collect();
    Some(values.chunks_exact(values.len() / number).map(vector).collect())
}

/// Keeps vectors, whole or not at all.
pub(super) fn write(place: &Path, vectors: &[Vec<f32>]) {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(vectors.iter().flatten().flat_map(|value| value.to_le_bytes()));
    let unfinished = place.with_extension(std::process::id().to_string());
    let written = place
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&unfinished, bytes))
        .and_then(|()| fs::rename(&unfinished, place));
    if let Err(error) = written {
        tracing::debug!(place = %place.display(), %error, "vectors cannot be kept");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn vectors_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("deep").join("vectors");
        let vectors = vec![vec![1.0, -0.5], vec![0.25, f32::MIN_POSITIVE]];
        assert_eq!(read(&place, 2), None);
        write(&place, &vectors);
        assert_eq!(read(&place, 2), Some(vectors));
        assert_eq!(read(&place, 3), None, "other vectors than are needed");
        fs::write(&place, b"something else").unwrap();
        assert_eq!(read(&place, 2), None);
    }
}

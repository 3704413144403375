//! A model's files.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, ensure};
use spandrel::embedding::{EmbeddingModel, ModelFiles};

/// Bytes of a file that are read: small models only, since each request waits for one.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The model in `folder`, and what tells it from others.
pub(super) fn read(folder: &Path) -> anyhow::Result<(EmbeddingModel, u64)> {
    let weights = file(folder, "model.safetensors")?;
    let tokenizer = file(folder, "tokenizer.json")?;
    let config = optional(folder, "config.json")?;
    let pooling = optional(folder, "1_Pooling/config.json")?;
    let files = ModelFiles {
        weights: &weights,
        tokenizer: &tokenizer,
        config: config.as_deref(),
        pooling: pooling.as_deref(),
    };
    let model =
        EmbeddingModel::read(&files).with_context(|| format!("the model in `{}`", folder.display()))?;
    let mut identity = DefaultHasher::new();
    (&weights, &tokenizer, &config, &pooling).hash(&mut identity);
    Ok((model, identity.finish()))
}

fn file(folder: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let path = folder.join(name);
    let told = || format!("the search model's file `{}`", path.display());
    let size = fs::metadata(&path).with_context(told)?.len();
    ensure!(size <= MAX_BYTES, "{} is larger than {MAX_BYTES} bytes", told());
    fs::read(&path).with_context(told)
}

fn optional(folder: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    if folder.join(name).exists() { file(folder, name).map(Some) } else { Ok(None) }
}

//! Reading files and standard input.

use std::io::{Error, ErrorKind};
use std::path::Path;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::budget::Budget;
use crate::error::{FetchError, Refusal};

/// Reads a file that the operator named: a pipe is as good as a regular file.
pub(crate) async fn read_named(path: &Path, budget: &Budget) -> Result<Bytes, FetchError> {
    let metadata = tokio::fs::metadata(path).await.map_err(|error| classify(&error))?;
    if metadata.is_dir() {
        return Err(FetchError::IsDirectory);
    }
    let file = tokio::fs::File::open(path).await.map_err(|error| classify(&error))?;
    read_bounded(file, budget).await
}

/// Reads a file that a reference names, which has to be a regular one.
pub(crate) async fn read_referenced(path: &Path, budget: &Budget) -> Result<Bytes, FetchError> {
    let metadata = tokio::fs::metadata(path).await.map_err(|error| classify(&error))?;
    if !metadata.is_dir() && !metadata.is_file() {
        return Err(Refusal::NotRegular.into());
    }
    read_named(path, budget).await
}

/// Reads standard input to its end.
pub(crate) async fn read_stdin(budget: &Budget) -> Result<Bytes, FetchError> {
    read_bounded(tokio::io::stdin(), budget).await
}

async fn read_bounded(input: impl AsyncRead + Unpin, budget: &Budget) -> Result<Bytes, FetchError> {
    // One byte more than is accepted tells a document of just that size from a larger one.
    let most = u64::try_from(budget.document_bytes()).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    input.take(most).read_to_end(&mut bytes).await.map_err(|error| classify(&error))?;
    budget.take(0, bytes.len())?;
    Ok(bytes.into())
}

pub(crate) fn classify(error: &Error) -> FetchError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FetchError::NotFound,
        ErrorKind::IsADirectory => FetchError::IsDirectory,
        ErrorKind::PermissionDenied => FetchError::PermissionDenied,
        _ => FetchError::Io(error.to_string()),
    }
}

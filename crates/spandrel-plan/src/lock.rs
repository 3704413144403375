//! The lock file: the tools of an API, as they were compiled, to be served without the document.
//!
//! It is JSON, the same bytes for the same tools, a line for each thing that may change. What is read is
//! checked as anything from outside is: a lock file can do no more than a document could.

mod check;
mod fold;

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::catalog::{Annotations, Api, Argument, Catalog, JsonText, OperationRef, Tool, ToolParts};
use crate::plan::{BaseUrl, OperationPlan};
use crate::tool_settings::{Confirmation, ResponseShape};

/// The largest lock file that is read, in bytes.
pub const MAX_LOCK_BYTES: usize = 256 * 1024 * 1024;
/// The version of the format.
const VERSION: u32 = 1;

/// The tools of an API with what they were made from.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockFile {
    lock_version: u32,
    spandrel: String,
    document: LockedDocument,
    api: Api,
    tools: Vec<LockedTool>,
}

/// What tools were made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockedDocument {
    /// The specification's version, as the document writes it.
    pub specification: String,
    /// What the document was: see [`digest`](Self::digest).
    pub digest: String,
    /// The origin that it was fetched from; none for a file. Servers that nobody else vouches for may be
    /// where the document's author can be taken to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<BaseUrl>,
}

impl LockedDocument {
    /// The SHA-256 of the texts of a document and of those that it refers to, each with its length.
    pub fn digest<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> String {
        let mut hasher = Sha256::new();
        for text in texts {
            hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(text);
        }
        let mut digest = "sha256:".to_owned();
        for byte in hasher.finalize() {
            // Writing to memory cannot fail.
            let _ = write!(digest, "{byte:02x}");
        }
        digest
    }
}

/// A tool as it stands in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LockedTool {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    operation: OperationRef,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    annotations: Annotations,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirm: Option<Confirmation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<ResponseShape>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<Argument>,
    input_schema: JsonText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    validation_schema: Option<JsonText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output_schema: Option<JsonText>,
    plan: OperationPlan,
}

/// Why a lock file cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LockError {
    /// It is larger than [`MAX_LOCK_BYTES`].
    #[error("the lock file has {0} bytes; at most {MAX_LOCK_BYTES} are read")]
    TooLarge(usize),
    /// It is not what a lock file is.
    #[error("this is no lock file: {0}; make it again with `spandrel compile`")]
    Malformed(#[from] serde_json::Error),
    /// It has another version.
    #[error(
        "the lock file has version {0}, and this Spandrel reads {VERSION}; make it again with `spandrel compile`"
    )]
    Version(u64),
    /// One of its tools cannot be used.
    #[error(
        "the tool `{tool}` of the lock file cannot be used: {problem}; make the file again with `spandrel compile`"
    )]
    Tool {
        /// The tool's name, or the beginning of what stands there.
        tool: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The digest of its document is none.
    #[error("the lock file has no SHA-256 of its document; make it again with `spandrel compile`")]
    Digest,
}

impl LockFile {
    /// Locks the tools of `catalog`. Values of environment variables are not kept.
    #[must_use]
    pub fn new(catalog: &Catalog, document: LockedDocument) -> Self {
        let tools = catalog.tools().iter().map(|tool| LockedTool::new(tool)).collect();
        let spandrel = env!("CARGO_PKG_VERSION").to_owned();
        Self { lock_version: VERSION, spandrel, document, api: catalog.api().clone(), tools }
    }

    /// Whether `head`, the beginning of a file, is that of a lock file.
    #[must_use]
    pub fn is_one(head: &[u8]) -> bool {
        let text = head.trim_ascii_start();
        let behind = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        behind.is_some_and(|behind| behind.starts_with(b"\"lockVersion\""))
    }

    /// Reads a lock file, which may come from anybody.
    ///
    /// # Errors
    /// When it is too large, no lock file of this version, or has a tool that cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, LockError> {
        if bytes.len() > MAX_LOCK_BYTES {
            return Err(LockError::TooLarge(bytes.len()));
        }
        let lock: Self = serde_json::from_slice(bytes).map_err(|error| other_version(bytes, error))?;
        if lock.lock_version != VERSION {
            return Err(LockError::Version(lock.lock_version.into()));
        }
        check::check(&lock)?;
        Ok(lock)
    }

    /// The file's text.
    ///
    /// # Errors
    /// When a header of a plan cannot be written as text: no document has such.
    pub fn to_text(&self) -> serde_json::Result<String> {
        fold::written(self)
    }

    /// What the tools were made from.
    #[must_use]
    pub const fn document(&self) -> &LockedDocument {
        &self.document
    }

    /// The version of Spandrel that made it.
    #[must_use]
    pub fn made_by(&self) -> &str {
        &self.spandrel
    }

    /// The tools, ready to be called. `base`, where it is given, takes the place of each one's server.
    #[must_use]
    pub fn into_catalog(self, base: Option<&BaseUrl>) -> Catalog {
        let tools = self.tools.into_iter().map(|locked| {
            let mut tool = locked.into_tool();
            if let Some(base) = base {
                tool.plan.base = Some(base.clone());
            }
            tool
        });
        Catalog::new(self.api, tools.collect())
    }
}

/// Why `bytes` are no lock file: of another version other things may be wrong, too.
fn other_version(bytes: &[u8], error: serde_json::Error) -> LockError {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        lock_version: u64,
    }
    match serde_json::from_slice::<Head>(bytes) {
        Ok(head) if head.lock_version != u64::from(VERSION) => LockError::Version(head.lock_version),
        _ => LockError::Malformed(error),
    }
}

impl LockedTool {
    fn new(tool: &Tool) -> Self {
        Self {
            name: tool.name.clone(),
            title: tool.title.clone(),
            description: tool.description.clone(),
            operation: tool.operation.clone(),
            tags: tool.tags.clone(),
            annotations: tool.annotations,
            confirm: tool.confirmation.clone(),
            response: tool.response_shape.clone(),
            arguments: tool.arguments.clone(),
            input_schema: tool.input_schema.clone(),
            validation_schema: tool.validation_schema.clone(),
            output_schema: tool.output_schema.clone(),
            plan: tool.plan.clone(),
        }
    }

    fn into_tool(self) -> Tool {
        let tool = Tool::from(ToolParts {
            name: self.name,
            title: self.title,
            description: self.description,
            input_schema: self.input_schema,
            output_schema: self.output_schema,
            annotations: self.annotations,
            arguments: self.arguments,
            operation: self.operation,
            tags: self.tags,
            plan: self.plan,
        });
        Tool {
            validation_schema: self.validation_schema,
            confirmation: self.confirm,
            response_shape: self.response,
            ..tool
        }
    }
}

#[cfg(test)]
mod tests;

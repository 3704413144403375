//! Files of this machine as arguments, where the operator opened a folder for that.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};
use spandrel_plan::{CallError, CallErrorKind, OperationPlan};
use tokio::io::AsyncReadExt;

use crate::hook::{CallContext, CalledTool, Hook};

/// The most bytes of one file that are read unless the operator says otherwise: 10 MiB.
const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// The most files of one call.
const MAX_FILES: usize = 64;

/// Reads the files that a call names by their path: an argument `{"path": "a.png"}` where the tool takes
/// a file.
///
/// A path is relative to one folder and must lead to a regular file inside it, also behind symbolic
/// links. Nothing says whether there is a file outside. It is a [`Hook`]:
///
/// ```no_run
/// # fn example(catalog: spandrel_plan::Catalog) -> Result<(), Box<dyn std::error::Error>> {
/// use spandrel_runtime::{Bridge, LocalFiles};
///
/// let bridge = Bridge::builder(catalog).hook(LocalFiles::open("/srv/uploads")?).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct LocalFiles {
    /// Without symbolic links.
    folder: PathBuf,
    max_bytes: u64,
}

impl LocalFiles {
    /// Opens a folder.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref().canonicalize()?;
        if !folder.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "this is no folder"));
        }
        Ok(Self { folder, max_bytes: MAX_BYTES })
    }

    /// The most bytes of the files of one call together. Default: 10 MiB.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Puts the content of each file that is named by its path into its place.
    ///
    /// # Errors
    /// [`InvalidArguments`](CallErrorKind::InvalidArguments) for a path that leads to no file of the
    /// folder, and for too much content.
    pub async fn read_into(
        &self,
        plan: &OperationPlan,
        arguments: &mut Map<String, Value>,
    ) -> Result<(), CallError> {
        let mut paths: Vec<String> = Vec::new();
        plan.for_each_file(arguments, &mut |value| paths.extend(path_of(value).map(str::to_owned)));
        if paths.len() > MAX_FILES {
            return Err(refused(format!("At most {MAX_FILES} files can be given by their path.")));
        }
        let mut left = self.max_bytes;
        let mut contents = Vec::with_capacity(paths.len());
        for path in &paths {
            let content = self.read(path, left).await?;
            left = left.saturating_sub(content.len() as u64);
            contents.push(content);
        }
        let mut contents = paths.iter().zip(contents);
        plan.for_each_file(arguments, &mut |value| {
            if path_of(value).is_some()
                && let Some((path, content)) = contents.next()
            {
                put(value, path, &content);
            }
        });
        Ok(())
    }

    async fn read(&self, path: &str, left: u64) -> Result<Vec<u8>, CallError> {
        let missing = || refused(format!("There is no file `{}` in the folder that is open.", shown(path)));
        let real = tokio::fs::canonicalize(self.folder.join(path)).await.map_err(|_| missing())?;
        if !real.starts_with(&self.folder) {
            return Err(missing());
        }
        // Opening anything else could wait for ever.
        let is_file = tokio::fs::symlink_metadata(&real).await.is_ok_and(|about| about.is_file());
        if !is_file {
            return Err(missing());
        }
        let file = tokio::fs::File::open(&real).await.map_err(|_| missing())?;
        let mut content = Vec::new();
        file.take(left.saturating_add(1)).read_to_end(&mut content).await.map_err(|_| missing())?;
        if content.len() as u64 > left {
            let limit = self.max_bytes;
            return Err(refused(format!(
                "The file `{}` is too large: the files of a call may hold {limit} bytes together.",
                shown(path)
            )));
        }
        Ok(content)
    }
}

impl Hook for LocalFiles {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        async move {
            match call.tool().clone() {
                CalledTool::Operation(tool) => self.read_into(&tool.plan, call.arguments_mut()).await,
                CalledTool::Custom(_) => Ok(()),
            }
        }
        .boxed()
    }
}

/// The path in a value that is no content yet.
fn path_of(value: &Value) -> Option<&str> {
    value.get("path")?.as_str().filter(|_| value.get("data").is_none_or(Value::is_null))
}

fn put(value: &mut Value, path: &str, content: &[u8]) {
    let given = |key: &str| value.get(key).filter(|value| !value.is_null()).cloned();
    let own_name = || Path::new(path).file_name().map(|name| json!(name.to_string_lossy()));
    let mut file = Map::new();
    file.insert("data".to_owned(), Value::String(STANDARD.encode(content)));
    file.extend(given("name").or_else(own_name).map(|name| ("name".to_owned(), name)));
    file.extend(given("type").map(|media_type| ("type".to_owned(), media_type)));
    *value = Value::Object(file);
}

/// A path as a message can hold it.
fn shown(path: &str) -> String {
    path.chars().filter(|character| !character.is_control()).take(200).collect()
}

fn refused(message: String) -> CallError {
    CallError::new(CallErrorKind::InvalidArguments, message)
}

#[cfg(test)]
mod tests;

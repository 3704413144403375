//! Where secrets come from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::secret::Secret;

/// The largest secret, in bytes.
const LARGEST: u64 = 64 * 1024;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what a file or a command said is taken for true.
const KEPT: Duration = Duration::from_mins(5);
/// A secret younger than this is not asked for again when the API refuses it.
const FRESH: Duration = Duration::from_secs(5);

/// Where a secret comes from: a fixed text, a file, or what a command prints. Files and commands are
/// read when the secret is first needed, again after five minutes, and when the API refuses it. Clones
/// share what was read.
#[derive(Clone)]
pub struct SecretSource(Arc<Repr>);

enum Repr {
    Fixed(Secret),
    Read { from: From, kept: Mutex<Option<Kept>> },
}

enum From {
    File(PathBuf),
    Command(String),
}

struct Kept {
    secret: Secret,
    read: Instant,
    generation: u64,
}

/// Why there is no secret. Neither the secret nor what a command said is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the file `{0}` cannot be read: {1}")]
    File(String, String),
    /// The command cannot be started.
    #[error("the command cannot be started: {0}")]
    Start(String),
    /// The command failed.
    #[error("the command failed ({0}); run it yourself to see why")]
    Failed(String),
    /// The command takes too long.
    #[error("the command gave nothing within {} s", PATIENCE.as_secs())]
    TimedOut,
    /// There is more than a secret has.
    #[error("it holds more than {LARGEST} bytes, which no secret has")]
    TooLarge,
    /// It is no text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// There is nothing.
    #[error("it is empty")]
    Empty,
}

impl SecretSource {
    /// A secret that is there already.
    #[must_use]
    pub fn fixed(secret: Secret) -> Self {
        Self(Arc::new(Repr::Fixed(secret)))
    }

    /// The content of a file.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::read(From::File(path.into()))
    }

    /// What a command of the system's shell prints, within ten seconds. It sees no standard input, and
    /// what it writes to standard error is thrown away.
    #[must_use]
    pub fn command(command: impl Into<String>) -> Self {
        Self::read(From::Command(command.into()))
    }

    fn read(from: From) -> Self {
        Self(Arc::new(Repr::Read { from, kept: Mutex::new(None) }))
    }

    /// Whether it is there without reading anything.
    pub(super) fn is_fixed(&self) -> bool {
        matches!(*self.0, Repr::Fixed(_))
    }

    /// The secret, and which reading of it this is. Whoever comes while it is read waits for that.
    pub(super) async fn get(&self) -> Result<(Secret, u64), SecretError> {
        let (from, kept) = match &*self.0 {
            Repr::Fixed(secret) => return Ok((secret.clone(), 0)),
            Repr::Read { from, kept } => (from, kept),
        };
        let mut kept = kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.read.elapsed() < KEPT) {
            return Ok((kept.secret.clone(), kept.generation));
        }
        let secret = from.read().await?;
        let generation = kept.as_ref().map_or(1, |kept| kept.generation + 1);
        *kept = Some(Kept { secret: secret.clone(), read: Instant::now(), generation });
        Ok((secret, generation))
    }

    /// Reads again after the API refused the reading `used`. Whether there is another secret now.
    pub(super) async fn renew(&self, used: u64) -> bool {
        let Repr::Read { from, kept } = &*self.0 else { return false };
        let mut kept = kept.lock().await;
        let Some(kept) = kept.as_mut() else { return true };
        if kept.generation != used {
            return true;
        }
        if kept.read.elapsed() < FRESH {
            return false;
        }
        let Ok(secret) = from.read().await else { return false };
        kept.read = Instant::now();
        if secret == kept.secret {
            return false;
        }
        kept.secret = secret;
        kept.generation += 1;
        true
    }
}

impl fmt::Debug for SecretSource {
    /// What a file or a command holds is not told, nor the command: it may hold a secret itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &*self.0 {
            Repr::Fixed(_) => "SecretSource(fixed)",
            Repr::Read { from: From::File(_), .. } => "SecretSource(file)",
            Repr::Read { from: From::Command(_), .. } => "SecretSource(command)",
        })
    }
}

impl From {
    async fn read(&self) -> Result<Secret, SecretError> {
        let bytes = match self {
            Self::File(path) => read_file(path).await?,
            Self::Command(command) => {
                timeout(PATIENCE, run(command)).await.map_err(|_| SecretError::TimedOut)??
            }
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| SecretError::NotText)?;
        if text.trim().is_empty() {
            return Err(SecretError::Empty);
        }
        Ok(Secret::new(text))
    }
}

async fn read_file(path: &Path) -> Result<Vec<u8>, SecretError> {
    let unreadable =
        |error: std::io::Error| SecretError::File(path.display().to_string(), error.kind().to_string());
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).await.map_err(unreadable)?;
    bounded(bytes)
}

/// Runs a command; it is killed when the future is dropped.
async fn run(command: &str) -> Result<Vec<u8>, SecretError> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("/bin/sh", "-c") };
    let mut child = Command::new(shell)
        .args([option, command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| SecretError::Start(error.kind().to_string()))?;
    let mut bytes = Vec::new();
    if let Some(output) = child.stdout.take() {
        let read = output.take(LARGEST + 1).read_to_end(&mut bytes).await;
        read.map_err(|error| SecretError::Failed(error.kind().to_string()))?;
    }
    let bytes = bounded(bytes)?;
    let status = child.wait().await.map_err(|error| SecretError::Failed(error.kind().to_string()))?;
    if status.success() { Ok(bytes) } else { Err(SecretError::Failed(status.to_string())) }
}

fn bounded(bytes: Vec<u8>) -> Result<Vec<u8>, SecretError> {
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= LARGEST) {
        Ok(bytes)
    } else {
        Err(SecretError::TooLarge)
    }
}

#[cfg(test)]
mod tests;

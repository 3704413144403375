//! `--watch`: a document that changes while it is served.

use std::time::Duration;

use anyhow::{Context, ensure};
use spandrel::loader::Trail;
use spandrel::runtime::{CatalogChange, Replacement};
use spandrel::{Bridge, Compaction, Loader};
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::access::Access;
use crate::args::ServeArguments;
use crate::header::Headers;
use crate::specification::Specification;
use crate::{bridge, lock};

/// How often files are looked at.
const FILES_INTERVAL: Duration = Duration::from_millis(500);
/// How long files have to stay as they are before they are read: an editor writes more than once.
const SETTLED: Duration = Duration::from_millis(200);
/// How often a file that keeps changing is waited for.
const UNSETTLED: usize = 25;
/// The most tools that are named.
const MOST_NAMES: usize = 10;

/// What is needed to serve a document, as often as that is asked for.
pub(crate) struct Served<'a> {
    pub(crate) arguments: &'a ServeArguments,
    pub(crate) headers: Headers,
    pub(crate) loader: Loader,
    /// How short the tools are, as was found when the server started.
    pub(crate) compaction: Compaction,
}

impl<'a> Served<'a> {
    pub(crate) fn new(arguments: &'a ServeArguments) -> anyhow::Result<Self> {
        let headers = Headers::read(&arguments.backend.header)?;
        let loader = Specification::loader(&arguments.spec)?;
        if arguments.watching.watch {
            let mut names = std::iter::once(&arguments.spec.spec).chain(&arguments.spec.tools.overlay);
            ensure!(!names.any(|name| name == "-"), "--watch: standard input cannot be read again");
        }
        let compaction = arguments.spec.tools.compact;
        Ok(Self { arguments, headers, loader, compaction })
    }

    /// The document as it is now, with how its API is reached.
    pub(crate) async fn read(&self, trail: &Trail) -> anyhow::Result<(Specification, Access)> {
        let backend = &self.arguments.backend;
        let mut specification = Specification::load_with(&self.loader, &self.arguments.spec, trail).await?;
        if self.arguments.watching.watch {
            specification.need_document().context("--watch")?;
        }
        if let Some(path) = &self.arguments.locked {
            lock::hold(&specification, path)?;
        }
        if backend.mock {
            specification = specification.with_mock_server()?;
        }
        let specification =
            specification.with_headers(&self.headers, backend)?.with_credentials(backend)?.with_tools()?;
        let access = Access::new(&specification, &self.headers, backend)?;
        Ok((specification, access))
    }

    async fn replacement(&self, trail: &Trail) -> anyhow::Result<Replacement> {
        let (mut specification, access) = self.read(trail).await?;
        if specification.compaction() != self.compaction {
            specification = specification.with_compaction(self.compaction);
        }
        bridge::replacement(specification, access, &self.headers, &self.arguments.backend)
    }

    /// Keeps the bridge at what the document says, for ever. A document that cannot be served leaves the
    /// bridge as it is.
    pub(crate) async fn keep_up(&self, bridge: &Bridge, mut trail: Trail) {
        let interval = self.arguments.watching.poll_interval;
        let mut asked = Instant::now();
        let mut lost = false;
        loop {
            sleep(FILES_INTERVAL).await;
            let mut changed = trail.files_changed().await;
            if !changed && trail.has_urls() && asked.elapsed() >= interval {
                changed = self.ask_servers(&trail, &mut lost).await;
                asked = Instant::now();
            }
            if !changed {
                continue;
            }
            settled(&trail).await;
            let now = Trail::default();
            match self.replacement(&now).await {
                Ok(replacement) => match bridge.replace(replacement) {
                    Ok(change) => tell(&change, bridge.tool_count()),
                    Err(error) => keep(&error.into()),
                },
                Err(error) => {
                    keep(&error);
                    now.add_earlier(trail);
                }
            }
            trail = now;
        }
    }

    /// Whether a URL leads to another document. That none can be asked is told once.
    async fn ask_servers(&self, trail: &Trail, lost: &mut bool) -> bool {
        let answer = self.loader.urls_changed(trail).await;
        let was_lost = std::mem::replace(lost, answer.is_err());
        match answer {
            Ok(changed) => {
                if was_lost {
                    info!(target: "spandrel::reload", "the document can be asked for again");
                }
                changed
            }
            Err(error) => {
                if !was_lost {
                    warn!(target: "spandrel::reload", %error, "whether the document has changed cannot be asked; the tools stay as they are");
                }
                false
            }
        }
    }
}

/// Waits until the files stay as they are.
async fn settled(trail: &Trail) {
    let mut before = trail.file_states().await;
    for _ in 0..UNSETTLED {
        sleep(SETTLED).await;
        let now = trail.file_states().await;
        if now == before {
            return;
        }
        before = now;
    }
}

fn keep(error: &anyhow::Error) {
    warn!(
        target: "spandrel::reload",
        error = format!("{error:#}"),
        "the document has changed and cannot be served; the tools stay as they were"
    );
}

fn tell(change: &CatalogChange, tools: usize) {
    if change.is_empty() {
        info!(target: "spandrel::reload", tools, "the document was read again; its tools are the same");
        return;
    }
    let (added, removed, changed) = (names(&change.added), names(&change.removed), names(&change.changed));
    info!(target: "spandrel::reload", tools, added, removed, changed, "the document has changed, and its tools with it");
}

/// Names for a log: none where there are none.
fn names(names: &[String]) -> Option<String> {
    let shown = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        1..=MOST_NAMES => Some(shown),
        all => Some(format!("{shown} and {} more", all - MOST_NAMES)),
    }
}

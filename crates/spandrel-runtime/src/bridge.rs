//! The bridge: a catalog and everything a call needs.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use http::request::Parts;
use serde_json::{Map, Value};
use spandrel_plan::{Catalog, Outcome, Tool};
use thiserror::Error;
use tokio::sync::{Semaphore, watch};

use crate::backend::Backend;
use crate::call::{CallLimits, Confirmations, Drifts, Permits};
use crate::catalog_change::CatalogChange;
use crate::credentials::{Credentials, NoCredentials};
use crate::custom_tool::{CustomTool, CustomToolError};
use crate::discovery::{self, Discovery, DiscoveryTools};
use crate::hook::{CallResult, CalledTool, Hook};
use crate::http_backend::{HttpBackend, HttpBackendError, HttpClientOptions};
use crate::kept_results::{KeptResult, KeptResults};
use crate::mcp::{Listing, SUBSCRIPTIONS, Usage};
use crate::principal::Principal;
use crate::progress::Progress;
use crate::result_reader::{KEPT_URI, ResultReader};

/// Serves a catalog over MCP and calls the backend. Cheap to clone: clones are the same bridge.
#[derive(Clone)]
pub struct Bridge {
    shared: Arc<Shared>,
}

struct Shared {
    config: Arc<Config>,
    current: RwLock<Arc<Snapshot>>,
    /// Held while the catalog is replaced, so that each change is told of what it really replaced.
    replacing: Mutex<()>,
    /// How often the list of tools has changed.
    list_version: watch::Sender<u64>,
    /// Room for the clients that want to be told of that.
    subscriptions: Semaphore,
}

/// What stays the same when the catalog is replaced.
pub(crate) struct Config {
    pub(crate) hooks: Vec<Box<dyn Hook>>,
    pub(crate) limits: CallLimits,
    pub(crate) permits: Permits,
    pub(crate) drifts: Drifts,
    pub(crate) kept_results: KeptResults,
    pub(crate) confirmations: Confirmations,
    pub(crate) tools: Vec<Arc<CustomTool>>,
    pub(crate) server: ServerInfo,
    /// None for all on one page.
    pub(crate) tools_per_page: Option<usize>,
    /// Whether clients are told that the list of tools has changed.
    pub(crate) announces_changes: bool,
    /// Whether operations are found by search rather than listed.
    pub(crate) discovery: Option<Discovery>,
}

/// How the server names itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerInfo {
    /// Name and version; none for the API's own.
    pub(crate) identity: Option<(String, String)>,
    pub(crate) instructions: Option<String>,
}

/// The bridge as one call sees it: a catalog that is replaced meanwhile does not change it.
pub(crate) struct Snapshot {
    pub(crate) config: Arc<Config>,
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) credentials: Arc<dyn Credentials>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) discovery: Option<DiscoveryTools>,
    /// None where results have no bound, or nothing is called.
    pub(crate) result_reader: Option<ResultReader>,
    pub(crate) listing: Listing,
}

impl Snapshot {
    fn new(
        config: Arc<Config>,
        backend: Arc<dyn Backend>,
        credentials: Arc<dyn Credentials>,
        catalog: Catalog,
    ) -> Result<Self, BuildError> {
        if let Some(tool) = config.tools.iter().find(|tool| catalog.get(tool.name()).is_some()) {
            return Err(BuildError::NameTaken(tool.name().to_owned()));
        }
        let catalog = Arc::new(catalog);
        let discovery = config.discovery.as_ref();
        let discovery = discovery.map(|discovery| DiscoveryTools::new(discovery, &catalog, &config.tools));
        let bound = config.limits.result_tokens.filter(|_| !catalog.tools().is_empty());
        let result_reader = bound.map(|tokens| ResultReader::new(tokens, &catalog, &config.tools));
        let usage = Usage {
            operations: discovery.as_ref().map(DiscoveryTools::instructions),
            results: result_reader.as_ref().map(ResultReader::instructions),
        };
        let listing = Listing::new(&config.server, catalog.api(), config.announces_changes, usage);
        Ok(Self { config, backend, credentials, catalog, discovery, result_reader, listing })
    }

    /// The tool of that name, custom or of the catalog.
    pub(crate) fn tool(&self, name: &str) -> Option<CalledTool> {
        if let Some(tool) = self.catalog.get(name) {
            return Some(CalledTool::Operation(Arc::clone(tool)));
        }
        self.custom_tools().find(|tool| tool.name() == name).cloned().map(CalledTool::Custom)
    }

    /// The tools that are no operations: those written in Rust, those of discovery, and the one that reads on
    /// in results.
    pub(crate) fn custom_tools(&self) -> impl Iterator<Item = &Arc<CustomTool>> {
        self.first_tools().chain(self.last_tool())
    }

    /// Those of them that are listed before the operations.
    pub(crate) fn first_tools(&self) -> impl Iterator<Item = &Arc<CustomTool>> {
        self.config.tools.iter().chain(self.discovery.iter().flat_map(DiscoveryTools::tools))
    }

    /// The one that is listed after them.
    pub(crate) fn last_tool(&self) -> Option<&Arc<CustomTool>> {
        self.result_reader.as_ref().map(ResultReader::tool)
    }

    /// The operations that are listed.
    pub(crate) fn listed_operations(&self) -> &[Arc<Tool>] {
        self.discovery.as_ref().map_or_else(|| self.catalog.tools(), DiscoveryTools::pinned)
    }
}

impl Bridge {
    /// A bridge to be configured. Without further configuration it calls the API over HTTP, without
    /// credentials, within the default [limits](CallLimits).
    pub fn builder(catalog: Catalog) -> BridgeBuilder {
        BridgeBuilder {
            catalog,
            backend: None,
            credentials: Arc::new(NoCredentials),
            hooks: Vec::new(),
            tools: Vec::new(),
            limits: CallLimits::default(),
            server: ServerInfo::default(),
            tools_per_page: None,
            announces_changes: true,
            discovery: None,
            asks_for_confirmation: true,
        }
    }

    /// Calls a tool.
    ///
    /// Dropping the future gives up the call and drops the request to the backend.
    ///
    /// # Errors
    /// When the API gave no answer: no such tool, arguments that its schema refuses, no connection,
    /// no answer in time and so on. An answer of any status is an [`Outcome`].
    pub async fn call(
        &self,
        tool: &str,
        arguments: Map<String, Value>,
    ) -> Result<Outcome, spandrel_plan::CallError> {
        self.call_from(tool, arguments, None).await
    }

    /// Calls a tool on behalf of an HTTP request: [hooks](Hook) see its head, and its extensions.
    ///
    /// # Errors
    /// As [`Bridge::call`].
    pub async fn call_from(
        &self,
        tool: &str,
        arguments: Map<String, Value>,
        request: Option<Parts>,
    ) -> CallResult {
        let snapshot = self.snapshot();
        discovery::call_named(&snapshot, tool, arguments, request, None).await
    }

    /// The same, telling of an answer that comes bit by bit while it comes.
    ///
    /// # Errors
    /// As [`Bridge::call`].
    pub async fn call_with_progress(
        &self,
        tool: &str,
        arguments: Map<String, Value>,
        request: Option<Parts>,
        progress: &dyn Progress,
    ) -> CallResult {
        let snapshot = self.snapshot();
        discovery::call_named(&snapshot, tool, arguments, request, Some(progress)).await
    }

    /// Replaces the catalog, and nothing else. Calls in flight end as they began. Clients that can be told
    /// are told, if the list of tools is another; the others see it when they list the tools again.
    ///
    /// # Errors
    /// When a tool of the new catalog has the name of a custom one: the old catalog stays.
    pub fn replace_catalog(&self, catalog: Catalog) -> Result<CatalogChange, BuildError> {
        self.replace(Replacement::new(catalog))
    }

    /// Replaces the catalog with all that belongs to it, at once: no call sees the tools of one document
    /// with the backend or the credentials of another.
    ///
    /// # Errors
    /// As [`Bridge::replace_catalog`].
    pub fn replace(&self, replacement: Replacement) -> Result<CatalogChange, BuildError> {
        let Replacement { catalog, backend, credentials } = replacement;
        let _replacing = self.shared.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.snapshot();
        let backend = backend.unwrap_or_else(|| Arc::clone(&old.backend));
        let credentials = credentials.unwrap_or_else(|| Arc::clone(&old.credentials));
        let config = Arc::clone(&self.shared.config);
        let new = Arc::new(Snapshot::new(config, backend, credentials, catalog)?);
        let change = CatalogChange::between(&old.catalog, &new.catalog);
        *self.shared.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        if self.shared.config.announces_changes && !change.is_empty() {
            self.shared.list_version.send_modify(|version| *version = version.wrapping_add(1));
        }
        Ok(change)
    }

    /// Tells whenever the list of tools has changed.
    pub(crate) fn list_changes(&self) -> watch::Receiver<u64> {
        self.shared.list_version.subscribe()
    }

    pub(crate) fn subscriptions(&self) -> &Semaphore {
        &self.shared.subscriptions
    }

    /// The result that [`Content::Link`](spandrel_plan::Content::Link) links to, or that a
    /// [`Truncated`](spandrel_plan::Truncated) one is of, while it is kept, if it is the caller's.
    #[must_use]
    pub fn kept_result(&self, uri: &str, caller: Option<&Principal>) -> Option<KeptResult> {
        let id = uri.strip_prefix(KEPT_URI)?;
        self.shared.config.kept_results.read(id, caller, Instant::now())
    }

    /// How often the answers of each tool were not what it advertises, since the bridge was built; tools
    /// of which none was are left out.
    #[must_use]
    pub fn drift_counts(&self) -> BTreeMap<String, u64> {
        self.shared.config.drifts.counts()
    }

    /// How many tools are listed.
    #[must_use]
    pub fn tool_count(&self) -> usize {
        let snapshot = self.snapshot();
        snapshot.listed_operations().len() + snapshot.custom_tools().count()
    }

    /// Makes what a search of operations needs, which the first search would otherwise wait for. Of a
    /// thousand operations that takes a tenth of a second or so, so not on a thread that serves.
    pub fn prepare_search(&self) {
        if let Some(discovery) = &self.snapshot().discovery {
            discovery.prepare();
        }
    }

    /// What clients are told of the server as a whole when they connect.
    #[must_use]
    pub fn instructions(&self) -> Option<String> {
        self.snapshot().listing.instructions().map(str::to_owned)
    }

    /// How many tokens a model reads to know the listed tools, as [`spandrel_tokens::of_tool`] counts. It
    /// takes about as long as a list of a megabyte takes to compress, so not on a thread that serves.
    #[must_use]
    pub fn list_tokens(&self) -> usize {
        let snapshot = self.snapshot();
        let custom = snapshot.custom_tools().map(|tool| {
            let description = tool.listed().description;
            spandrel_tokens::of_tool(tool.name(), Some(description), tool.input_schema().as_str())
        });
        let operations = snapshot.listed_operations().iter().map(|tool| {
            spandrel_tokens::of_tool(&tool.name, tool.description.as_deref(), tool.input_schema.as_str())
        });
        custom.chain(operations).sum()
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Bridge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Bridge").field("tools", &self.tool_count()).finish_non_exhaustive()
    }
}

/// What takes the place of a [`Bridge`]'s catalog, and of what belongs to it.
#[must_use]
pub struct Replacement {
    catalog: Catalog,
    backend: Option<Arc<dyn Backend>>,
    credentials: Option<Arc<dyn Credentials>>,
}

impl Replacement {
    /// Another catalog, with the backend and the credentials there are.
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, backend: None, credentials: None }
    }

    /// Who answers its requests.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// What proves to its API who calls.
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }
}

impl fmt::Debug for Replacement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Replacement").field("catalog", &self.catalog).finish_non_exhaustive()
    }
}

/// Configures a [`Bridge`].
#[must_use]
pub struct BridgeBuilder {
    catalog: Catalog,
    backend: Option<Arc<dyn Backend>>,
    credentials: Arc<dyn Credentials>,
    hooks: Vec<Box<dyn Hook>>,
    tools: Vec<CustomTool>,
    limits: CallLimits,
    server: ServerInfo,
    tools_per_page: Option<usize>,
    announces_changes: bool,
    discovery: Option<Discovery>,
    asks_for_confirmation: bool,
}

impl BridgeBuilder {
    /// Who answers requests. Default: [`HttpBackend`] with its default options.
    pub fn backend(mut self, backend: impl Backend) -> Self {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// What proves to the API who calls. Default: [`NoCredentials`].
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Arc::new(credentials);
        self
    }

    /// Adds a hook; hooks run in the order in which they are added.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Box::new(hook));
        self
    }

    /// Adds a tool written in Rust; such tools are listed before those of the catalog, in the order
    /// in which they are added.
    pub fn tool(mut self, tool: CustomTool) -> Self {
        self.tools.push(tool);
        self
    }

    /// Bounds each call.
    pub fn limits(mut self, limits: CallLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How the server names itself. Default: the API's title and version.
    pub fn server_info(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.server.identity = Some((name.into(), version.into()));
        self
    }

    /// What a model should know of the server as a whole. Default: the beginning of the API's description.
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.server.instructions = Some(text.into());
        self
    }

    /// How many tools a page of their list holds. Default: all of them, as many clients never ask for a second
    /// page.
    pub fn tools_per_page(mut self, tools: NonZeroUsize) -> Self {
        self.tools_per_page = Some(tools.get());
        self
    }

    /// Whether clients are promised to be told when the list of tools changes. Default: yes. Say no where
    /// the catalog is never replaced: clients then keep no streams open to hear of it.
    pub fn announce_changes(mut self, announce: bool) -> Self {
        self.announces_changes = announce;
        self
    }

    /// Whether calls of tools whose document asks for a person's [confirmation](spandrel_plan::Confirmation) wait
    /// for it: the first call sends nothing and answers with a token, which the second gives back. Default: they do.
    pub fn ask_for_confirmation(mut self, asks: bool) -> Self {
        self.asks_for_confirmation = asks;
        self
    }

    /// Offers the operations by search rather than in the list. Custom tools stay listed.
    pub fn discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = Some(discovery);
        self
    }

    /// The bridge.
    ///
    /// # Errors
    /// When a custom tool's name or schema cannot be listed, or when the HTTP client cannot start.
    pub fn build(self) -> Result<Bridge, BuildError> {
        let backend = match self.backend {
            Some(backend) => backend,
            None => Arc::new(HttpBackend::new(&HttpClientOptions::default())?),
        };
        let config = Arc::new(Config {
            hooks: self.hooks,
            permits: Permits::new(&self.limits),
            drifts: Drifts::default(),
            kept_results: KeptResults::new(self.limits.kept_results),
            confirmations: Confirmations::new(self.asks_for_confirmation),
            limits: self.limits,
            tools: checked(self.tools)?,
            server: self.server,
            tools_per_page: self.tools_per_page,
            announces_changes: self.announces_changes,
            discovery: self.discovery,
        });
        let snapshot = Snapshot::new(Arc::clone(&config), backend, self.credentials, self.catalog)?;
        Ok(Bridge {
            shared: Arc::new(Shared {
                config,
                current: RwLock::new(Arc::new(snapshot)),
                replacing: Mutex::default(),
                list_version: watch::Sender::default(),
                subscriptions: Semaphore::new(SUBSCRIPTIONS),
            }),
        })
    }
}

impl fmt::Debug for BridgeBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BridgeBuilder").field("catalog", &self.catalog).finish_non_exhaustive()
    }
}

/// The custom tools, each with a name of its own and a schema that clients can read.
fn checked(tools: Vec<CustomTool>) -> Result<Vec<Arc<CustomTool>>, BuildError> {
    let mut checked: Vec<Arc<CustomTool>> = Vec::with_capacity(tools.len());
    for tool in tools {
        tool.check().map_err(|error| BuildError::CustomTool(tool.name().to_owned(), error))?;
        if checked.iter().any(|other| other.name() == tool.name()) {
            return Err(BuildError::NameTaken(tool.name().to_owned()));
        }
        checked.push(Arc::new(tool));
    }
    Ok(checked)
}

/// Why a bridge cannot be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A custom tool cannot be listed.
    #[error("the custom tool `{0}` cannot be listed: {1}")]
    CustomTool(String, #[source] CustomToolError),
    /// Two tools have one name.
    #[error("two tools are named `{0}`; rename the custom one")]
    NameTaken(String),
    /// The HTTP client cannot start.
    #[error(transparent)]
    HttpClient(#[from] HttpBackendError),
}

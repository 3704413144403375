//! What the SDK asks of a server.

use http::request::Parts;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
    DiscoverResult, InitializeRequestParams, InitializeResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResultType, ServerConfig,
    SubscriptionFilter, Tool,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use spandrel_plan::{CallError, CallErrorKind};

use super::list_changes::{self, Announcements, HearsChanges};
use super::progress::Notified;
use super::service::JsonOnly;
use super::{pages, recogniser, resources, result};
use crate::bridge::{Bridge, Snapshot};
use crate::principal::Principal;

/// How long a client may take the list of tools for fresh, in milliseconds: a catalog is replaced
/// seldom, and not every client is told.
pub(super) const LIST_TTL_MS: u64 = 60_000;

/// Answers for a bridge; one for each request over HTTP, one for a whole session over stdio.
#[derive(Clone)]
pub(super) struct Handler {
    bridge: Bridge,
    /// The session that this handler is for; none over HTTP.
    session: Option<Announcements>,
}

impl Handler {
    /// Answers requests over HTTP, each on its own.
    pub(super) const fn stateless(bridge: Bridge) -> Self {
        Self { bridge, session: None }
    }

    /// Answers one client for as long as it is connected.
    pub(super) const fn of_session(bridge: Bridge, announcements: Announcements) -> Self {
        Self { bridge, session: Some(announcements) }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        self.bridge.snapshot().listing.server().clone()
    }

    async fn initialize(
        &self,
        params: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(params.clone());
        let mut result = self.negotiate_initialize(&params)?;
        let request = context.extensions.get::<Parts>();
        let hears = request.is_none_or(|request| request.extensions.get::<HearsChanges>().is_some());
        if !hears {
            list_changes::withdraw(&mut result.capabilities);
        }
        Ok(result)
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if let Some(announcements) = &self.session {
            announcements.begin(self.bridge.list_changes(), context.peer);
        }
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        if !self.bridge.snapshot().config.announces_changes {
            return None;
        }
        let wants = |asked: Option<bool>| asked.filter(|asked| *asked);
        let mut accepted = SubscriptionFilter::default();
        accepted.tools_list_changed = wants(requested.tools_list_changed);
        accepted.resources_list_changed = wants(requested.resources_list_changed);
        Some(accepted)
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        list_changes::listen(&self.bridge, self.session.as_ref(), subscription).await
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut result = DiscoverResult::from_server_info(versions, self.get_info());
        result.ttl_ms = LIST_TTL_MS;
        Ok(result)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.bridge.snapshot().listed_tool(name)
    }

    async fn list_tools(
        &self,
        page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let snapshot = self.bridge.snapshot();
        let page = snapshot.tools_page(page.and_then(|page| page.cursor).as_deref())?;
        let (ttl_ms, cache_scope) = cache_hints(&context);
        Ok(ListToolsResult {
            result_type: Some(ResultType::COMPLETE),
            meta: meta(&snapshot, &context).cloned(),
            tools: snapshot.listed_tools(&page),
            next_cursor: page.next_cursor,
            ttl_ms,
            cache_scope,
        })
    }

    async fn list_resources(
        &self,
        page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let snapshot = self.bridge.snapshot();
        let cursor = page.and_then(|page| page.cursor);
        let (length, fingerprint) = (resources::count(&snapshot), snapshot.list_fingerprint());
        let page = pages::page(cursor.as_deref(), length, Some(resources::PAGE), fingerprint)?;
        let mut result =
            ListResourcesResult::with_all_items(resources::list(&snapshot, page.start, page.end));
        result.next_cursor = page.next_cursor;
        result.meta = meta(&snapshot, &context).cloned();
        (result.ttl_ms, result.cache_scope) = cache_hints(&context);
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        page: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let snapshot = self.bridge.snapshot();
        let templates = resources::templates();
        pages::page(page.and_then(|page| page.cursor).as_deref(), templates.len(), None, 0)?;
        let mut result = ListResourceTemplatesResult::with_all_items(templates);
        result.meta = meta(&snapshot, &context).cloned();
        (result.ttl_ms, result.cache_scope) = cache_hints(&context);
        Ok(result)
    }

    async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let snapshot = self.bridge.snapshot();
        let caller = context.extensions.get::<Parts>().and_then(|parts| Principal::of(&parts.extensions));
        let contents = resources::read(&self.bridge, &snapshot, &params.uri, caller.as_ref())?;
        let mut result = ReadResourceResult::new(vec![contents]);
        result.meta = meta(&snapshot, &context).cloned();
        (result.ttl_ms, result.cache_scope) = cache_hints(&context);
        Ok(result.into())
    }

    async fn complete(
        &self,
        params: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let snapshot = self.bridge.snapshot();
        let mut result = CompleteResult::new(resources::complete(&snapshot, &params)?);
        result.meta = meta(&snapshot, &context).cloned();
        Ok(result)
    }

    async fn call_tool(
        &self,
        params: CallToolRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let request = context.extensions.remove::<Parts>();
        let reads_events =
            request.as_ref().is_none_or(|request| request.extensions.get::<JsonOnly>().is_none());
        let token = context.meta.get_progress_token().filter(|_| reads_events);
        let progress = token.map(|token| Notified::new(token, &context));
        let arguments = params.arguments.unwrap_or_default();
        let call = async {
            match &progress {
                Some(progress) => {
                    self.bridge.call_with_progress(&params.name, arguments, request, progress).await
                }
                None => self.bridge.call_from(&params.name, arguments, request).await,
            }
        };
        let result = tokio::select! {
            result = call => result,
            () = context.ct.cancelled() => Err(CallError::new(CallErrorKind::Cancelled, "The call was cancelled.")),
        };
        let snapshot = self.bridge.snapshot();
        let knows_links = context
            .protocol_version()
            .is_some_and(|version| version.as_str() >= recogniser::FIRST_WITH_LINKS);
        result::write(result, meta(&snapshot, &context), knows_links).map(Into::into)
    }
}

/// How long a list or a page may be taken for fresh, and by whom, for the revisions that know of it. A bridge
/// may stand behind authorization: only the asking client may keep what it got.
fn cache_hints(context: &RequestContext<RoleServer>) -> (Option<u64>, Option<CacheScope>) {
    let knows = is_stateless_revision(context);
    (knows.then_some(LIST_TTL_MS), knows.then_some(CacheScope::Private))
}

/// The `_meta` of a result, for the revisions that know it.
fn meta<'a>(snapshot: &'a Snapshot, context: &RequestContext<RoleServer>) -> Option<&'a MetaObject> {
    is_stateless_revision(context).then(|| snapshot.listing.meta())
}

/// Whether the client speaks 2026-07-28 or later. Revisions compare as text.
fn is_stateless_revision(context: &RequestContext<RoleServer>) -> bool {
    context
        .protocol_version()
        .is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str())
}

//! The bridge that a command calls or serves.

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::Context;
use spandrel::runtime::Replacement;
use spandrel::{
    BackendFn, BaseUrl, Bridge, BridgeBuilder, CallLimits, Discovery, HttpBackend, LocalFiles, MockApi,
};

use crate::access::Access;
use crate::args::serve::BackendArguments;
use crate::args::spec::ToolArguments;
use crate::environment;
use crate::header::Headers;
use crate::specification::Specification;

/// What of a bridge is for its clients.
#[derive(Debug, Clone, Default)]
pub(crate) struct Serving {
    pub(crate) calls_per_address: Option<NonZeroUsize>,
    /// None for results of any length.
    pub(crate) result_tokens: Option<usize>,
    pub(crate) tools_per_page: Option<NonZeroUsize>,
    pub(crate) announces_changes: bool,
    pub(crate) discovery: Option<Discovery>,
    /// Whether calls may have to be confirmed by a person.
    pub(crate) asks_for_confirmation: bool,
}

/// The bridge of a specification, which is used up.
pub(crate) fn build(
    specification: Specification,
    access: Access,
    headers: &Headers,
    arguments: &BackendArguments,
    tools: &ToolArguments,
    serving: Serving,
) -> anyhow::Result<Bridge> {
    environment::give(&specification.compiled.catalog, &arguments.allow_env)?;
    let limits = CallLimits {
        timeout: arguments.timeout,
        response_bytes: arguments.max_response_bytes.get(),
        calls_per_address: serving.calls_per_address.map(NonZeroUsize::get),
        result_tokens: serving.result_tokens,
        ..CallLimits::default()
    };
    let files = local_files(tools)?;
    if arguments.mock {
        // Whoever answers here asks for no credentials.
        let headers = specification.bind(headers)?;
        let mock = mock(&specification);
        let builder = Bridge::builder(specification.compiled.catalog).credentials(headers).limits(limits);
        let builder = builder.backend(BackendFn(move |request: &_| mock.answer(request)));
        return Ok(completed(builder, files, serving).build()?);
    }
    let backend = HttpBackend::new(&access.client)?;
    let builder = Bridge::builder(specification.compiled.catalog).credentials(access.credentials);
    Ok(completed(builder.limits(limits).backend(backend), files, serving).build()?)
}

/// What takes the place of a bridge's document: the same as [`build`] makes of it.
pub(crate) fn replacement(
    specification: Specification,
    access: Access,
    headers: &Headers,
    arguments: &BackendArguments,
) -> anyhow::Result<Replacement> {
    environment::give(&specification.compiled.catalog, &arguments.allow_env)?;
    if arguments.mock {
        let headers = specification.bind(headers)?;
        let mock = mock(&specification);
        let replacement = Replacement::new(specification.compiled.catalog).credentials(headers);
        return Ok(replacement.backend(BackendFn(move |request: &_| mock.answer(request))));
    }
    let backend = HttpBackend::new(&access.client)?;
    let replacement = Replacement::new(specification.compiled.catalog);
    Ok(replacement.credentials(access.credentials).backend(backend))
}

fn completed(mut builder: BridgeBuilder, files: Option<LocalFiles>, serving: Serving) -> BridgeBuilder {
    if let Some(files) = files {
        builder = builder.hook(files);
    }
    builder = builder
        .announce_changes(serving.announces_changes)
        .ask_for_confirmation(serving.asks_for_confirmation);
    if let Some(tools) = serving.tools_per_page {
        builder = builder.tools_per_page(tools);
    }
    if let Some(discovery) = serving.discovery {
        builder = builder.discovery(discovery);
    }
    builder
}

/// The folder that the operator opened for files.
pub(crate) fn local_files(tools: &ToolArguments) -> anyhow::Result<Option<LocalFiles>> {
    let Some(folder) = &tools.allow_files else { return Ok(None) };
    let files = LocalFiles::open(folder).with_context(|| format!("--allow-files {}", folder.display()))?;
    Ok(Some(files))
}

/// The API as the document describes it.
pub(crate) fn mock(specification: &Specification) -> MockApi {
    let document = Arc::new(specification.compiled.document.clone());
    let api = MockApi::new(Arc::clone(&specification.set), document);
    match specification.base_url().map(BaseUrl::as_url) {
        Some(base) => api.with_base_url(base),
        None => api,
    }
}

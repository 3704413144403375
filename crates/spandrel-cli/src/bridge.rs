//! The bridge that a command calls or serves.

use std::sync::Arc;

use spandrel::{BackendFn, BaseUrl, Bridge, CallLimits, HttpBackend, MockApi};

use crate::access::Access;
use crate::args::serve::BackendArguments;
use crate::header::Headers;
use crate::specification::Specification;

/// The bridge of a specification, which is used up.
pub(crate) fn build(
    specification: Specification,
    access: Access,
    headers: &Headers,
    arguments: &BackendArguments,
) -> anyhow::Result<Bridge> {
    let limits = CallLimits {
        timeout: arguments.timeout,
        response_bytes: arguments.max_response_bytes.get(),
        ..CallLimits::default()
    };
    if arguments.mock {
        // Whoever answers here asks for no credentials.
        let headers = specification.bind(headers)?;
        let mock = mock(&specification);
        let builder = Bridge::builder(specification.compiled.catalog).credentials(headers).limits(limits);
        return Ok(builder.backend(BackendFn(move |request: &_| mock.answer(request))).build()?);
    }
    let backend = HttpBackend::new(&access.client)?;
    let builder = Bridge::builder(specification.compiled.catalog).credentials(access.credentials);
    Ok(builder.limits(limits).backend(backend).build()?)
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

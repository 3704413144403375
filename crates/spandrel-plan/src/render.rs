//! Rendering the request of a call from its plan: a pure function of plan and arguments.

mod content;
mod deep_object;
mod header;
mod list;
mod pairs;
mod path;
mod shadowing;

use bytes::Bytes;
use http::{HeaderMap, Request, Uri, header::ACCEPT};

pub use header::is_header_of_a_parameter;
pub(crate) use pairs::{PairWriter, each_pair};
pub(crate) use shadowing::{Neighbour, refuse as refuse_shadowing};

use self::shadowing::Brought;
use crate::arguments::{Arguments, not_renderable, value_of};
use crate::body;
use crate::error::{CallError, CallErrorKind};
use crate::media_type::is_form;
use crate::plan::{BaseUrl, OperationPlan, Serialization};
use crate::{supplied, written_arguments};

/// The longest URL that [`http::Uri`] holds, in bytes.
const MAX_URL: usize = 65_534;

impl OperationPlan {
    /// Renders the request of a call: absolute URL, headers (without credentials and
    /// `Content-Length`, which the sender adds) and body.
    ///
    /// Null stands for absence in optional parameters; null items and members are left out of
    /// parameters and forms (RFC 6570, section 2.3), and kept in JSON.
    ///
    /// # Errors
    /// - [`ServerUnknown`](CallErrorKind::ServerUnknown) where the plan has no server.
    /// - [`ValueMissing`](CallErrorKind::ValueMissing) where an environment variable that an argument comes
    ///   from was not given.
    /// - [`InvalidArguments`](CallErrorKind::InvalidArguments) for a required value that is missing,
    ///   and for values that are refused though a schema may accept them: an empty or dot segment of
    ///   the path, control characters in a header, a file that is not base64, characters that XML
    ///   cannot hold, a member of an exploded or deep object that would be read as another parameter.
    /// - [`RequestNotRenderable`](CallErrorKind::RequestNotRenderable) for a URL above 65,534 bytes.
    pub fn render(&self, arguments: &Arguments) -> Result<Request<Bytes>, CallError> {
        let Some(base) = &self.base else {
            return Err(CallError::new(
                CallErrorKind::ServerUnknown,
                "The API's document names no server, and none is configured. The operator of this bridge must configure the API's base URL.",
            ));
        };
        let arguments = written_arguments::read(self.written.as_ref(), arguments);
        let arguments = &*supplied::apply(&self.supplied, arguments)?;
        let uri = self.uri(base, arguments)?;
        let mut headers = HeaderMap::new();
        header::write_headers(&self.headers, arguments, &mut headers)?;
        header::write_cookies(&self.cookies, arguments, &mut headers)?;
        headers.insert(ACCEPT, self.accept.clone());
        let body = match &self.body {
            Some(body) => body::render(body, self, arguments, &mut headers)?,
            None => Bytes::new(),
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn uri(&self, base: &BaseUrl, arguments: &Arguments) -> Result<Uri, CallError> {
        let mut url = String::with_capacity(256);
        url.push_str(base.as_str());
        path::write(&self.path, arguments, &mut url)?;
        let mut pairs = PairWriter::query(&mut url);
        let mut brought = Brought::default();
        for parameter in &self.query {
            let Some(value) = value_of(arguments, parameter)? else { continue };
            if let Serialization::Querystring { media_type, form } = &parameter.serialization
                && is_form(media_type)
            {
                body::refuse_forged_fields(form, value, &parameter.argument)?;
            }
            brought.add(parameter, value, self.query.iter(), shadowing::template_names(&self.path))?;
            pairs.value(&parameter.name, value, &parameter.serialization, parameter.required);
        }
        let length = url.len();
        if length > MAX_URL {
            return Err(not_renderable(format!(
                "The arguments make a URL of {length} bytes; at most {MAX_URL} can be sent. Shorten them."
            )));
        }
        let uri = Uri::try_from(url)
            .map_err(|error| not_renderable(format!("The arguments make no valid URL: {error}.")))?;
        if uri.host() != base.as_url().host_str() {
            return Err(not_renderable("The arguments would change the URL's host."));
        }
        Ok(uri)
    }
}

#[cfg(test)]
mod tests;

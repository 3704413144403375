//! Requests that can be answered without the SDK: well-formed calls and lists of tools, as nearly
//! every client sends them.
//!
//! Whatever is in any way unusual is not recognised and goes to the SDK untouched: the only thing to
//! get right here is that a recognised request is one that the SDK would answer in the same way.

use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, HeaderName};
use rmcp::model::ClientCapabilities;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// The revisions before the stateless one; a client that names none speaks one of them.
const EARLY_REVISIONS: [&str; 2] = ["2024-11-05", "2025-03-26"];
const HANDSHAKE_REVISIONS: [&str; 2] = [FIRST_WITH_LINKS, "2025-11-25"];
/// The first revision whose results may hold links.
pub(super) const FIRST_WITH_LINKS: &str = "2025-06-18";
/// The revision without a handshake.
pub(super) const STATELESS_REVISION: &str = "2026-07-28";

/// What a client understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revision {
    /// Up to 2025-03-26, or not named.
    Early,
    /// 2025-06-18 and 2025-11-25.
    Handshake,
    /// 2026-07-28.
    Stateless,
}

/// A request that can be answered from the catalog.
#[derive(Debug, PartialEq)]
pub(super) struct Recognised<'a> {
    /// The request's id, as the JSON text that the answer repeats.
    pub(super) id: &'a str,
    pub(super) revision: Revision,
    pub(super) method: Method<'a>,
}

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Method<'a> {
    /// `tools/list`
    List,
    /// `tools/call`
    Call {
        /// The tool, which need not exist.
        name: &'a str,
        arguments: Map<String, Value>,
    },
}

/// Recognises a request by its headers and its body.
pub(super) fn recognise<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<Recognised<'a>> {
    let revision = revision(headers)?;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let request = Object::<Request<'a>>::deserialize(&mut deserializer).ok()?.0;
    deserializer.end().ok()?;
    if request.jsonrpc != "2.0" || !is_plain_id(request.id.get()) {
        return None;
    }
    let Params { name, arguments, meta } = request.params.map(|params| params.0).unwrap_or_default();
    let meta = meta.map_or(Some(Meta::default()), Meta::read)?;
    if !meta.is_plain(revision) {
        return None;
    }
    let method = match (request.method, name, arguments) {
        ("tools/list", None, None) => Method::List,
        // Progress is told by the SDK.
        ("tools/call", Some(name), arguments) if meta.progress_token.is_none() => {
            Method::Call { name, arguments: arguments.map(|arguments| arguments.0).unwrap_or_default() }
        }
        _ => return None,
    };
    if revision == Revision::Stateless {
        let named = match &method {
            Method::List => true,
            Method::Call { name, .. } => !name.starts_with("=?") && sole(headers, &NAME)? == *name,
        };
        if !named || sole(headers, &METHOD)? != request.method {
            return None;
        }
    }
    Some(Recognised { id: request.id.get(), revision, method })
}

fn revision(headers: &HeaderMap) -> Option<Revision> {
    if !headers.contains_key(PROTOCOL_VERSION) {
        return Some(Revision::Early);
    }
    match sole(headers, &PROTOCOL_VERSION)? {
        STATELESS_REVISION => Some(Revision::Stateless),
        revision if HANDSHAKE_REVISIONS.contains(&revision) => Some(Revision::Handshake),
        revision => EARLY_REVISIONS.contains(&revision).then_some(Revision::Early),
    }
}

/// The value of a header that is there once.
fn sole<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// Whether the SDK would write the id as it stands: a string without escapes, or an integer.
fn is_plain_id(id: &str) -> bool {
    match id.as_bytes() {
        [b'"', text @ .., b'"'] => !text.contains(&b'\\') && !text.contains(&0x7F),
        digits => (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
    }
}

/// What a request's metadata says, as far as it matters here.
#[derive(Deserialize, Default)]
struct Meta<'a> {
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    version: Option<&'a str>,
    #[serde(borrow, default, rename = "io.modelcontextprotocol/clientCapabilities")]
    capabilities: Option<&'a RawValue>,
    #[serde(default, rename = "progressToken")]
    progress_token: Option<IgnoredAny>,
}

impl<'a> Meta<'a> {
    fn read(text: &'a RawValue) -> Option<Self> {
        serde_json::from_str::<Object<Self>>(text.get()).ok().map(|meta| meta.0)
    }

    /// Whether it is what the revision asks for.
    fn is_plain(&self, revision: Revision) -> bool {
        let understood = |text: &str| {
            text == "{}" || text.starts_with('{') && serde_json::from_str::<ClientCapabilities>(text).is_ok()
        };
        match revision {
            Revision::Early | Revision::Handshake => self.version.is_none(),
            Revision::Stateless => {
                self.version == Some(STATELESS_REVISION)
                    && self.capabilities.is_some_and(|capabilities| understood(capabilities.get()))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'a> {
    jsonrpc: &'a str,
    #[serde(borrow)]
    id: &'a RawValue,
    method: &'a str,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<Object<Params<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Params<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    name: Option<&'a str>,
    #[serde(default, deserialize_with = "present")]
    arguments: Option<Object<Map<String, Value>>>,
    #[serde(borrow, default, rename = "_meta", deserialize_with = "present")]
    meta: Option<&'a RawValue>,
}

/// A value that must not be null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A `T` that is written as an object: derived structs would take an array, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests;

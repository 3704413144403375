//! An API in OpenAPI's own terms, the same for every version of the specification.
//!
//! References are resolved, parameters of the path item are merged into each operation, and
//! defaults of the specification (style, explode, security) are filled in. Schemas stay where they
//! are: a [`Location`] that [`SchemaCompiler`](crate::SchemaCompiler) turns into JSON Schema.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::location::Location;

/// A version of the specification, as far as reading depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecVersion {
    /// Swagger 2.0.
    V2_0,
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x.
    V3_1,
    /// OpenAPI 3.2.x.
    V3_2,
}

/// A whole API.
#[derive(Debug, Clone)]
pub struct Document {
    /// The specification's version.
    pub version: SpecVersion,
    /// The version as the document writes it.
    pub version_text: String,
    /// What the API is.
    pub info: Info,
    /// The document's servers, as written; empty where it names none.
    pub servers: Vec<Server>,
    /// The security schemes that requirements name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The tags with their descriptions.
    pub tags: Vec<Tag>,
    /// Every operation that could be read, in the order of the document.
    pub operations: Vec<Operation>,
    /// Operations that stand in the document, readable or not.
    pub operations_found: usize,
    /// Those that could not be read; each has a diagnostic.
    pub unread: Vec<UnreadOperation>,
}

/// An operation that stands in the document and could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadOperation {
    /// The method, in upper case as it would be sent.
    pub method: String,
    /// The path template as written; the start of a very long one.
    pub path: String,
    /// Why it could not be read, for a person.
    pub reason: String,
}

/// The Info Object.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// The API's name; empty where the document has none.
    pub title: String,
    /// One line about it (3.1).
    pub summary: Option<String>,
    /// Prose about it, Markdown.
    pub description: Option<String>,
    /// The version of the API, not of the specification.
    pub version: String,
    /// Whom to ask.
    pub contact: Option<Contact>,
}

/// The Contact Object.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// A person or organisation.
    pub name: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Their address.
    pub email: Option<String>,
}

/// The Tag Object.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The tag.
    pub name: String,
    /// What it groups.
    pub description: Option<String>,
    /// The tag above it (3.2).
    pub parent: Option<String>,
}

/// The Server Object; for 2.0, one of the URLs that `schemes`, `host` and `basePath` make.
#[derive(Debug, Clone)]
pub struct Server {
    /// The URL as written: it may be relative and may hold `{variables}`.
    pub url: String,
    /// What it is called (3.2).
    pub name: Option<String>,
    /// What this server is for.
    pub description: Option<String>,
    /// The variables of the URL.
    pub variables: IndexMap<String, ServerVariable>,
    /// Where it stands; a relative URL is relative to that document.
    pub location: Location,
}

/// The Server Variable Object.
#[derive(Debug, Clone)]
pub struct ServerVariable {
    /// The allowed values; empty where any is.
    pub allowed: Vec<String>,
    /// The value that holds where nobody chooses.
    pub default: String,
    /// What it means.
    pub description: Option<String>,
}

/// One operation with everything it inherits.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where the Operation Object stands (behind a path item's `$ref`, where there is one).
    pub location: Location,
    /// Its place as the root document's reader would write it: `/paths/~1pets/get`.
    pub path_location: Location,
    /// The method, in upper case as it is sent.
    pub method: String,
    /// The path template as written.
    pub path: String,
    /// Its own name, where it has one.
    pub operation_id: Option<String>,
    /// One line about it.
    pub summary: Option<String>,
    /// Prose about it, Markdown.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Its parameters, the path item's included, without the headers that OpenAPI says to ignore
    /// (Accept, Content-Type and Authorization in `in: header`).
    pub parameters: Vec<Parameter>,
    /// What it takes as a body.
    pub request_body: Option<RequestBody>,
    /// What it answers, in the order of the document.
    pub responses: Vec<Response>,
    /// The alternatives of credentials; empty where none are needed.
    pub security: Vec<SecurityRequirement>,
    /// The servers that hold for it: its own, else the path item's, else the document's.
    pub servers: Vec<Server>,
    /// Its `x-` members.
    pub extensions: Map<String, Value>,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterIn {
    /// A variable of the path.
    Path,
    /// A parameter of the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The whole query (3.2).
    Querystring,
}

impl ParameterIn {
    /// The word of the specification.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Querystring => "querystring",
        }
    }
}

/// The Parameter Object.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Where it stands.
    pub location: Location,
    /// Its name on the wire.
    pub name: String,
    /// Where it is sent.
    pub place: ParameterIn,
    /// Whether a request without it is wrong; always true in a path.
    pub required: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it means, Markdown.
    pub description: Option<String>,
    /// `allowEmptyValue`.
    pub allow_empty_value: bool,
    /// How a value becomes text.
    pub content: ParameterContent,
    /// An example of a value: `example`, else the first of `examples`.
    pub example: Option<Value>,
    /// Its `x-` members.
    pub extensions: Map<String, Value>,
}

/// How a parameter's value is described and written.
#[derive(Debug, Clone)]
pub enum ParameterContent {
    /// `schema` with a style.
    Schema {
        /// The schema; none where the parameter says nothing of its value. A 2.0 parameter is its
        /// own schema: the location is the parameter's.
        schema: Option<Location>,
        /// How it is written.
        serialization: Serialization,
    },
    /// `content` with its one media type.
    Media(MediaType),
}

/// `style`, `explode` and `allowReserved`, with the specification's defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serialization {
    /// How arrays and objects are written.
    pub style: Style,
    /// Whether each item or member stands on its own.
    pub explode: bool,
    /// Whether reserved characters are sent as they are.
    pub allow_reserved: bool,
}

/// `style`, and the `collectionFormat`s of 2.0 that have no style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `;name=value`
    Matrix,
    /// `.value`
    Label,
    /// `value,value`; `csv` of 2.0 outside the query.
    Simple,
    /// `name=value`; `csv` (not exploded) and `multi` (exploded) of 2.0 in a query or form.
    Form,
    /// Items joined by a space; `ssv` of 2.0, in any location.
    SpaceDelimited,
    /// Items joined by `|`; `pipes` of 2.0, in any location.
    PipeDelimited,
    /// Items joined by a tab; `tsv` of 2.0, in any location.
    TabDelimited,
    /// `name[member]=value`
    DeepObject,
    /// `name=value; name=value` without percent-encoding (3.2).
    Cookie,
}

/// The Request Body Object.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// Where it stands.
    pub location: Location,
    /// Whether a request without it is wrong.
    pub required: bool,
    /// What it means, Markdown.
    pub description: Option<String>,
    /// The media types it may be sent in, in the order of the document.
    pub content: Vec<MediaType>,
}

/// The Media Type Object with its key.
#[derive(Debug, Clone)]
pub struct MediaType {
    /// Where it stands.
    pub location: Location,
    /// The key: a media type or range, as written.
    pub name: String,
    /// What the content is.
    pub schema: BodySchema,
    /// What each item of a sequence is (3.2).
    pub item_schema: Option<Location>,
    /// How the members of a form are written, by name.
    pub encoding: IndexMap<String, Encoding>,
    /// Examples of the content: `example`, else the values of `examples`.
    pub examples: Vec<Value>,
}

/// How a media type's content is described.
#[derive(Debug, Clone)]
pub enum BodySchema {
    /// Nothing is said.
    Any,
    /// By a schema.
    Schema(Location),
    /// By the `formData` parameters of 2.0: their name, whether required, and their own location as
    /// schema. The parameters' `place` is meaningless here.
    Fields(Vec<Parameter>),
}

/// The Encoding Object.
#[derive(Debug, Clone, Default)]
pub struct Encoding {
    /// The part's media types, as written, where they are named.
    pub content_type: Option<String>,
    /// Headers of the part (multipart only).
    pub headers: Vec<Header>,
    /// How the member is written, where any of style, explode and allowReserved is named.
    pub serialization: Option<Serialization>,
}

/// The Header Object with its name.
#[derive(Debug, Clone)]
pub struct Header {
    /// Where it stands.
    pub location: Location,
    /// Its name.
    pub name: String,
    /// Whether it is always there.
    pub required: bool,
    /// What it means, Markdown.
    pub description: Option<String>,
    /// Its value.
    pub schema: Option<Location>,
    /// `example`, else the first of `examples`.
    pub example: Option<Value>,
}

/// The Response Object with its key.
#[derive(Debug, Clone)]
pub struct Response {
    /// Where it stands.
    pub location: Location,
    /// The statuses it describes.
    pub status: ResponseStatus,
    /// What it means, Markdown.
    pub description: Option<String>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// Its content by media type; empty where it has none.
    pub content: Vec<MediaType>,
}

/// The key of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResponseStatus {
    /// One status code.
    Exact(u16),
    /// `2XX`: the first digit.
    Range(u8),
    /// `default`.
    Default,
}

impl ResponseStatus {
    /// Whether this key describes a success: `2XX` or a code of that class.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Exact(200..=299) | Self::Range(2))
    }

    /// Whether this key describes `status`; `default` describes every status.
    #[must_use]
    pub const fn describes(self, status: u16) -> bool {
        match self {
            Self::Exact(code) => code == status,
            Self::Range(class) => status / 100 == class as u16,
            Self::Default => true,
        }
    }
}

/// The Security Requirement Object: every scheme named here is needed, with these scopes.
/// An empty one means that no credential is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityRequirement {
    /// Scheme and scopes (or roles).
    pub schemes: IndexMap<String, Vec<String>>,
}

/// The Security Scheme Object with its key.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Where it stands.
    pub location: Location,
    /// The name that requirements use.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The kind.
    pub kind: SecuritySchemeKind,
}

/// What a security scheme asks for.
#[derive(Debug, Clone)]
pub enum SecuritySchemeKind {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Where it is sent.
        place: ParameterIn,
        /// Under which name.
        name: String,
    },
    /// `Authorization: <scheme> …`; the scheme in lower case (`basic`, `bearer`, …).
    Http {
        /// The authentication scheme.
        scheme: String,
        /// How a bearer token is formatted.
        bearer_format: Option<String>,
    },
    /// OAuth 2.0.
    OAuth2 {
        /// The flows by the 3.x key (`clientCredentials`, `authorizationCode`, …).
        flows: IndexMap<String, OAuthFlow>,
        /// RFC 8414 metadata (3.2).
        metadata_url: Option<String>,
    },
    /// OpenID Connect discovery.
    OpenIdConnect {
        /// The discovery document's URL.
        url: String,
    },
    /// A client certificate.
    MutualTls,
    /// A kind that no version of the specification knows, as written.
    Unknown(String),
}

/// The OAuth Flow Object.
#[derive(Debug, Clone, Default)]
pub struct OAuthFlow {
    /// Where a person consents.
    pub authorization_url: Option<String>,
    /// Where tokens are given.
    pub token_url: Option<String>,
    /// Where tokens are refreshed.
    pub refresh_url: Option<String>,
    /// Where a device asks (3.2).
    pub device_authorization_url: Option<String>,
    /// Scope and meaning.
    pub scopes: IndexMap<String, String>,
}

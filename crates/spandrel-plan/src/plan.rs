//! The plan of an operation: everything a call needs, worked out once.

use std::fmt;

use http::{HeaderName, HeaderValue, Method};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::http_text;
use crate::security::SecurityAlternative;
use crate::supplied::SuppliedArgument;
use crate::validate::ContentSchema;
use crate::written_arguments::WrittenArguments;

/// Where a value stands in a tool's arguments: the keys to follow, outermost first.
/// One key in a flat tool, two in a grouped one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArgumentPath(pub Vec<String>);

impl ArgumentPath {
    /// A key of the arguments object itself.
    pub fn key(key: impl Into<String>) -> Self {
        Self(vec![key.into()])
    }
}

/// The keys joined by `.`, as messages to a model name an argument.
impl fmt::Display for ArgumentPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, key) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            formatter.write_str(key)?;
        }
        Ok(())
    }
}

/// Serde's way to leave out what is not so.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How one operation is called.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperationPlan {
    /// The method.
    #[serde(with = "http_text::method")]
    pub method: Method,
    /// The server; none where neither the operator nor the document names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseUrl>,
    /// The path below the server's.
    pub path: PathPlan,
    /// Query parameters (and at most one whole querystring), in the document's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<ParameterPlan>,
    /// Header parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<ParameterPlan>,
    /// Cookie parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<ParameterPlan>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyPlan>,
    /// The `Accept` header: what the operation's responses offer, JSON first; `*/*` where the
    /// document says nothing.
    #[serde(with = "http_text::header_value")]
    pub accept: HeaderValue,
    /// What credentials the operation asks for, any one of the alternatives; empty for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<SecurityAlternative>,
    /// What the operation may answer.
    #[serde(default, skip_serializing_if = "ResponsePlan::is_empty")]
    pub response: ResponsePlan,
    /// How a model writes the arguments, where that is not what they mean: reading them back comes
    /// before everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<WrittenArguments>,
    /// Arguments that the bridge gives; a model's own come first where it may give another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supplied: Vec<SuppliedArgument>,
}

/// The URL of a server, ready to be joined with a path: `http` or `https`, with a host, without
/// user information, query or fragment. Its path is kept, without a trailing `/`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BaseUrl(Url);

/// Why a URL cannot be a server's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BaseUrlError {
    /// It cannot be parsed, or is relative. The text stands here without user information and query.
    #[error("`{0}` is not an absolute URL: {1}")]
    Invalid(String, String),
    /// It is neither http nor https.
    #[error("the scheme `{0}` is neither http nor https")]
    Scheme(String),
    /// It holds a user name or password.
    #[error("a server's URL must not hold a user name or password; configure a credential instead")]
    UserInfo,
    /// It has a query or a fragment.
    #[error("a server's URL must not have a query or a fragment")]
    QueryOrFragment,
}

impl BaseUrl {
    /// Checks and normalises `text`.
    ///
    /// # Errors
    /// When it is not a URL that a server may have.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text)
            .map_err(|error| BaseUrlError::Invalid(without_secrets(text), error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        Ok(Self(url))
    }

    /// The URL as text without a trailing `/`: `https://api.example.com/v1`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The URL.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

/// Text that should have been a URL, without what may be secret in it.
fn without_secrets(text: &str) -> String {
    let shown = match text.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("//").map(|(scheme, _)| format!("{scheme}//"));
            format!("{}***@{host}", scheme.unwrap_or_default())
        }
        None => text.to_owned(),
    };
    shown.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// The path template, cut at its variables: `/pets/{id}.json` is `/pets/`, `id`, `.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PathPlan {
    /// Text and variables in turn.
    pub segments: Vec<PathSegment>,
}

/// A piece of a path template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PathSegment {
    /// Text of the template; `/` separates, and the first `?` begins the query. What a URL cannot hold
    /// is percent-encoded when it is written.
    Literal(String),
    /// A variable's value, encoded so that it stays within its segment. Never absent in a request.
    Variable(ParameterPlan),
}

/// How a parameter's value is found and written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParameterPlan {
    /// Its name on the wire.
    pub name: String,
    /// Where its value stands in the arguments.
    pub argument: ArgumentPath,
    /// Whether a call without it is refused.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// How it is written.
    pub serialization: Serialization,
}

/// How a value becomes text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Serialization {
    /// By a style.
    Style {
        /// The style.
        style: Style,
        /// Whether each item or member stands on its own.
        #[serde(default, skip_serializing_if = "is_false")]
        explode: bool,
        /// Whether `:/?#[]@!$&'()*+,;=` are sent as they are, as far as they cannot change the
        /// meaning of the rest of the URL.
        #[serde(default, skip_serializing_if = "is_false")]
        allow_reserved: bool,
    },
    /// As the text of a media type (`content` parameters): JSON, or text as it is.
    Content {
        /// The media type.
        media_type: String,
    },
    /// As the whole query, in a media type (`in: querystring`): form or JSON.
    Querystring {
        /// The media type.
        media_type: String,
        /// How the members are written where the media type is a form.
        #[serde(default)]
        form: FormPlan,
    },
}

/// The styles of `OpenAPI`, and the collection formats of 2.0 that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// `;name=value`
    Matrix,
    /// `.value`
    Label,
    /// `value,value`
    Simple,
    /// `name=value`
    Form,
    /// Items joined by a space, in any location.
    SpaceDelimited,
    /// Items joined by `|`, in any location.
    PipeDelimited,
    /// Items joined by a tab, in any location.
    TabDelimited,
    /// `name[member]=value`
    DeepObject,
    /// `name=value` of a cookie, not percent-encoded.
    Cookie,
}

/// How the body is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BodyPlan {
    /// Whether a request without a body is wrong. An optional body without arguments is not sent;
    /// a required object body without arguments is `{}`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Where its value stands in the arguments.
    pub source: BodySource,
    /// The media types it can be sent in; the first is sent unless `choice` says otherwise. Never
    /// empty.
    pub media_types: Vec<MediaTypePlan>,
    /// The argument that names another of `media_types`, where the model has a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ArgumentPath>,
}

/// Where the body's value stands in the arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum BodySource {
    /// One argument is the whole body.
    Whole(ArgumentPath),
    /// The body is an object, and each of its properties is an argument of its own.
    Properties {
        /// Property name and argument, in the document's order.
        properties: Vec<(String, ArgumentPath)>,
        /// Whether top-level arguments that belong to nothing else are properties of the body too.
        #[serde(default, skip_serializing_if = "is_false")]
        rest: bool,
    },
}

/// One media type of a body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MediaTypePlan {
    /// The `Content-Type` to send; for multipart without its boundary.
    #[serde(with = "http_text::header_value")]
    pub content_type: HeaderValue,
    /// How the value becomes bytes.
    pub encoding: BodyEncoding,
    /// What a value is in this media type, where the model has a choice: it is never sent as what it
    /// is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<ContentSchema>,
}

/// How a body's value becomes bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BodyEncoding {
    /// As JSON.
    Json,
    /// As JSON texts, one a line, from an array (or one value).
    JsonLines,
    /// As a JSON text sequence (RFC 7464), from an array (or one value).
    JsonSequence,
    /// As `application/x-www-form-urlencoded`.
    Form(FormPlan),
    /// As `multipart/*`.
    Multipart(MultipartPlan),
    /// As text: a string as it is, anything else as JSON.
    Text,
    /// As bytes: base64, a data URI, or an object with `data`, `name` and `type`.
    Binary,
    /// As XML.
    Xml(XmlPlan),
}

/// How an object becomes a urlencoded form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormPlan {
    /// How each field is written, by name; others as form, exploded for arrays, JSON for objects.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub fields: IndexMap<String, FieldPlan>,
    /// The fields of a body whose values are XML documents, by name; of an array, each item is one
    /// (OpenAPI 3.1.1, "Encoding Object").
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub xml: IndexMap<String, XmlPlan>,
}

/// How a field of a form is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldPlan {
    /// By a style, or as a media type (`application/json` and the like).
    pub serialization: Serialization,
}

/// How an object becomes a multipart body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MultipartPlan {
    /// How each part is written, by name; others by the kind of their value: strings and numbers as
    /// `text/plain`, objects as JSON, arrays as one part an item.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub parts: IndexMap<String, PartPlan>,
}

/// How a part of a multipart body is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartPlan {
    /// The part's `Content-Type`; none for the default of its encoding.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "http_text::optional_header_value")]
    pub content_type: Option<HeaderValue>,
    /// Whether each item of an array is a part of its own, under the same name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeat: bool,
    /// How the value becomes bytes.
    pub encoding: PartEncoding,
    /// Headers of the part with fixed values (a required header's default or example).
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "http_text::headers")]
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// How a part's value becomes bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PartEncoding {
    /// Text: a string as it is, other scalars as JSON writes them.
    Text,
    /// JSON.
    Json,
    /// A file: see [`BodyEncoding::Binary`].
    Binary,
    /// XML.
    Xml(XmlPlan),
    /// By a style of queries: names become those of parts, values their content, and nothing is
    /// percent-encoded (OAS 3.2, appendix C).
    Style {
        /// The style.
        style: Style,
        /// Whether each item or member is a part of its own.
        #[serde(default, skip_serializing_if = "is_false")]
        explode: bool,
    },
}

/// How a value becomes an XML document, from the schema's `xml` objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct XmlPlan {
    /// The root element's name.
    pub root: String,
    /// The root's shape: an index into `shapes`.
    pub shape: usize,
    /// Every shape; recursive schemas refer to each other by index.
    pub shapes: Vec<XmlShape>,
}

/// How one schema's values are written in XML.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct XmlShape {
    /// The element's or attribute's own name, where `xml.name` gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `xml.namespace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `xml.prefix`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// What kind of node it is.
    #[serde(default)]
    pub node: XmlNode,
    /// Whether an array stands in an element of its own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub wrapped: bool,
    /// Shapes of the members, by property name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub properties: IndexMap<String, usize>,
    /// The shape of the items of an array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<usize>,
    /// The shapes of an array's first items, each for its own place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_items: Vec<usize>,
}

/// The kinds of nodes that a value can be in XML (OAS 3.2, "XML Node Types").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum XmlNode {
    /// An element.
    #[default]
    Element,
    /// An attribute of its parent's element.
    Attribute,
    /// Text within its parent's element.
    Text,
    /// A CDATA section within its parent's element.
    Cdata,
    /// None: its members stand in its parent's element.
    None,
}

/// What the operation may answer, as far as mapping needs to know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponsePlan {
    /// What the document says of each status, for an answer that says nothing itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<(StatusPattern, String)>,
    /// Whether the output schema is of an object with the body as its member `result`: structured
    /// content is an object to most clients, and many an answer is an array.
    #[serde(default, skip_serializing_if = "is_false")]
    pub wraps_result: bool,
}

impl ResponsePlan {
    fn is_empty(&self) -> bool {
        self.descriptions.is_empty() && !self.wraps_result
    }
}

/// The statuses that a response describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusPattern {
    /// One code.
    Exact(u16),
    /// A class, by its first digit.
    Class(u8),
    /// Every code that nothing else describes.
    Default,
}

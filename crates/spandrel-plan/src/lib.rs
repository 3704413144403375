//! The catalog: tool descriptors and immutable plans, pure rendering of requests and pure mapping
//! of responses.
//!
//! A compiler makes an [`OperationPlan`] once; a call then [validates](Tool::validate) its
//! arguments, [renders](OperationPlan::render) an [`http::Request`] and
//! [maps](Tool::map_response) the response. Nothing here knows `OpenAPI`, MCP's wire types or an HTTP
//! client, and nothing does I/O.

mod arguments;
mod body;
mod catalog;
mod error;
mod fit;
mod http_text;
mod json_text;
mod lock;
mod media_type;
mod next_page;
mod outcome;
mod percent_encode;
mod plan;
mod render;
mod response;
mod security;
mod signature;
mod supplied;
#[cfg(test)]
mod test_plan;
mod tool_settings;
mod validate;
mod value_text;
mod written_arguments;

pub use catalog::{Annotations, Api, Argument, ArgumentIn, Catalog, JsonText, OperationRef, Tool, ToolParts};
pub use error::{CallError, CallErrorKind, CallErrorSource};
pub use fit::{
    FieldList, FieldListError, LeftOut, MOST_PLACES, Part, PartError, ProjectedText, Shortened,
    ShortenedText, TextBound, Unit, part_of,
};
pub use lock::{LockError, LockFile, LockedDocument, MAX_LOCK_BYTES};
pub use media_type::MediaKind;
pub use next_page::{AnsweredCall, NextPage};
pub use outcome::{Content, Outcome, Structured, Truncated};
pub use percent_encode::{cookie_pair, is_dot_segment, query_pair};
pub use plan::{
    ArgumentPath, BaseUrl, BaseUrlError, BodyEncoding, BodyPlan, BodySource, FieldPlan, FormPlan,
    MediaTypePlan, MultipartPlan, OperationPlan, ParameterPlan, PartEncoding, PartPlan, PathPlan,
    PathSegment, ResponsePlan, Serialization, StatusPattern, Style, XmlNode, XmlPlan, XmlShape,
};
pub use render::is_header_of_a_parameter;
pub use response::{ResponseHead, ResponseLimits, StreamedPieces};
pub use security::{KeyPlace, SecurityAlternative, SecuritySchemeKind, SecuritySchemeUse};
pub use supplied::{EnvironmentValue, SuppliedArgument, SuppliedValue, Supply};
pub use tool_settings::{ConfirmWhen, Confirmation, Projection, ResponseShape};
pub use validate::{ArgumentSchema, ContentSchema};
pub use written_arguments::{WrittenArguments, WrittenForm, WrittenMember};

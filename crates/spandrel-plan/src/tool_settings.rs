//! What a document's author, or the operator in an overlay, wants of a tool beyond its description.

use serde::{Deserialize, Serialize};

/// Whether a person is asked before a call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confirmation {
    /// When.
    pub when: ConfirmWhen,
    /// What the person is asked; none for words made of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The tool's argument that takes the token of a call that was agreed to. It is no part of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
}

/// When a person is asked. It is a wish of whoever wrote the document: the operator's own rules come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConfirmWhen {
    /// Before every call.
    Always,
    /// Not for this tool, even if it may destroy something.
    Never,
}

/// What of an answer a model is shown, unless it asks for something else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseShape {
    /// Which parts of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projection: Option<Projection>,
    /// The most items of an array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// The tool's argument that takes the fields that a model wants instead. It is no part of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
}

/// Which parts of a JSON answer are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Projection {
    /// These members, `name` or `owner.name`, of an object or of each item of an array.
    Fields(Vec<String>),
    /// What a `JMESPath` expression gives.
    Jmespath(String),
}

//! What was found wrong with a document, as data.

use serde::Serialize;

use crate::location::Location;

/// How much a finding costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// An operation could not become a tool, or the document could not be read.
    Error,
    /// Something was repaired, dropped or read in a way its author may not have meant.
    Warning,
    /// Worth knowing; nothing was lost.
    Info,
}

/// Declares the codes once: identifier, text, severity.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// What kind of finding a [`Diagnostic`] is. Each has a page of its own in the documentation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is printed: lower case words joined by hyphens.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What such a finding costs.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A key stands twice in one object; the last one counts.
    DuplicateKey = "duplicate-key", Warning;
    /// The document names no version that is known; it was read as the nearest one.
    UnknownVersion = "unknown-version", Warning;
    /// A value has another type than the specification gives it; it was left out.
    UnexpectedType = "unexpected-type", Warning;
    /// A required member is missing.
    MissingField = "missing-field", Warning;
    /// A reference leads nowhere.
    UnresolvedReference = "unresolved-reference", Warning;
    /// References lead in a circle without a value between them.
    ReferenceCycle = "reference-cycle", Warning;
    /// A document that a reference needs was not loaded.
    DocumentNotLoaded = "document-not-loaded", Warning;
    /// A parameter was left out because it cannot be sent.
    ParameterDropped = "parameter-dropped", Warning;
    /// A variable of the path has no parameter; a string parameter was added.
    PathVariableUndeclared = "path-variable-undeclared", Warning;
    /// A path parameter's name does not stand in the path; it was left out.
    PathParameterUnused = "path-parameter-unused", Warning;
    /// A path template cannot be read.
    PathTemplateInvalid = "path-template-invalid", Error;
    /// Two parameters have one name in one place; the first one counts.
    ParameterDuplicate = "parameter-duplicate", Warning;
    /// A path's operations cannot be found, so they were left out.
    PathItemSkipped = "path-item-skipped", Error;
    /// An operation was left out.
    OperationSkipped = "operation-skipped", Error;
    /// An `operationId` stands more than once; the later tool was named otherwise.
    OperationIdDuplicate = "operation-id-duplicate", Warning;
    /// A schema keyword was repaired or left out.
    SchemaKeywordInvalid = "schema-keyword-invalid", Warning;
    /// A regular expression is not valid ECMA-262; it was left out.
    PatternInvalid = "pattern-invalid", Warning;
    /// A schema is nested too deeply or grew too large; what lies below accepts anything.
    SchemaTooLarge = "schema-too-large", Warning;
    /// The document names no server, so the operator has to.
    ServerMissing = "server-missing", Warning;
    /// A server's URL cannot be used.
    ServerInvalid = "server-invalid", Warning;
    /// A security requirement names a scheme that the document does not define.
    SecuritySchemeUndefined = "security-scheme-undefined", Warning;
    /// A request body of a media type that cannot be built was left out of the choice.
    MediaTypeUnsupported = "media-type-unsupported", Warning;
    /// A rule of the selection matched no operation.
    SelectionUnmatched = "selection-unmatched", Warning;
    /// An action of an overlay selects nothing.
    OverlayUnmatched = "overlay-unmatched", Warning;
    /// An extension that curates tools has a value that cannot be used; it was left out.
    ExtensionInvalid = "extension-invalid", Warning;
    /// A tool cannot be shown as the chosen profile asks.
    ProfileNotMet = "profile-not-met", Warning;
    /// There are more tools than the clients of the chosen profile offer to a model.
    TooManyTools = "too-many-tools", Warning;
    /// There are more findings than are shown.
    TooManyFindings = "too-many-findings", Warning;
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One finding, with where it stands and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: Code,
    /// What it costs.
    pub severity: Severity,
    /// Where it stands.
    pub location: Location,
    /// What was found, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, where something can be done.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding of the code's own severity.
    #[must_use]
    pub fn new(code: Code, location: Location, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), location, message: message.into(), help: None }
    }

    /// The same finding with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

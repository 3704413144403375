//! Reads the version-neutral form out of the documents, whatever they look like: what is wrong is
//! reported and costs the least possible.

mod body;
mod info;
mod object;
mod parameter;
mod path;
mod response;
mod security;
mod server;
mod swagger;
mod template;
#[cfg(test)]
mod tests;
mod version;

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::document_set::DocumentSet;
use crate::findings::Findings;
use crate::location::Location;
use crate::model::{Document, SecurityScheme, SpecVersion};
use crate::parse::kind_of;
use object::Object;

/// How much is read before the rest is left out: a unit is an object, or 64 bytes of text.
/// Components that everything refers to are read each time, so a small document could ask for a huge
/// one. The largest documents in use need a twentieth of it.
const BUDGET: usize = 2_000_000;
/// A finding at a longer pointer, in bytes, is shown at a value around it.
const LONGEST_POINTER: usize = 4_000;

/// Reads the root document with all that its references lead to.
pub(crate) fn read(set: &DocumentSet) -> (Document, Vec<Diagnostic>) {
    read_within(set, BUDGET)
}

fn read_within(set: &DocumentSet, budget: usize) -> (Document, Vec<Diagnostic>) {
    let (version, version_text, unknown) = version::of(set.root());
    let mut reader = Reader {
        set,
        version,
        security_schemes: IndexMap::new(),
        findings: Findings::default(),
        budget,
        is_incomplete: false,
        lost_parameters: 0,
    };
    if let Some(found) = unknown {
        reader.findings.push(found);
    }
    let document = reader.document(version_text);
    (document, reader.findings.into_vec())
}

/// What reading needs to know everywhere.
struct Reader<'a> {
    set: &'a DocumentSet,
    version: SpecVersion,
    security_schemes: IndexMap<String, SecurityScheme>,
    findings: Findings,
    budget: usize,
    /// References to parameters of the operation that is being read that lead nowhere, less the path
    /// variables that were declared nowhere else.
    lost_parameters: usize,
    /// Whether something of the operation was left out because the budget did not suffice.
    is_incomplete: bool,
}

impl<'a> Reader<'a> {
    fn document(&mut self, version_text: String) -> Document {
        let root = self.root();
        let info = self.info(&root);
        let tags = self.tags(&root);
        let servers = if self.version == SpecVersion::V2_0 {
            self.swagger_servers(&root, None)
        } else {
            self.servers(&root)
        };
        self.read_security_schemes(&root);
        let security = self.security(&root).unwrap_or_default();
        let inherited = path::Inherited { servers: &servers, security: &security };
        let (operations, unread) = self.operations(&root, &inherited);
        let security_schemes = std::mem::take(&mut self.security_schemes);
        Document {
            version: self.version,
            version_text,
            info,
            servers,
            security_schemes,
            tags,
            operations_found: operations.len() + unread.len(),
            operations,
            unread,
        }
    }

    /// The root document; an empty object stands for one that is none.
    fn root(&mut self) -> Object<'a> {
        let (root, location) = (self.set.root(), Location::default());
        if let Value::Object(members) = root {
            return Object::new(members, location);
        }
        let message = format!("the document is {}, not an object", kind_of(root));
        self.report(Code::UnexpectedType, &location, message, "give an OpenAPI document");
        Object::empty(location)
    }

    /// Takes from the budget what a copy costs.
    const fn charge(&mut self, units: usize) {
        self.budget = self.budget.saturating_sub(units);
    }

    fn report(&mut self, code: Code, location: &Location, message: impl Into<String>, help: &str) {
        let location =
            Location { source: location.source, pointer: location.pointer.within(LONGEST_POINTER) };
        self.findings.push(Diagnostic::new(code, location, message).with_help(help));
    }
}

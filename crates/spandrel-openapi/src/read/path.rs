//! Paths, path items and what every version's operations have in common.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::Reader;
use super::object::{Object, reference_in};
use super::template;
use crate::diagnostic::Code;
use crate::location::Location;
use crate::model::{Operation, SecurityRequirement, Server, SpecVersion, UnreadOperation};
use crate::prose;

/// The methods that are members of a path item.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The most references that lead from one path item to the next.
const MAX_LAYERS: usize = 16;
/// The most characters of a path that are kept of an operation that cannot be read.
const LONGEST_SHOWN_PATH: usize = 500;

/// What holds for operations that say nothing else.
pub(super) struct Inherited<'i> {
    pub(super) servers: &'i [Server],
    pub(super) security: &'i [SecurityRequirement],
}

/// A path item with the path items that its `$ref` leads to. What an outer one says counts.
pub(super) struct PathItem<'a> {
    pub(super) path: &'a str,
    layers: Vec<Object<'a>>,
}

impl<'a> PathItem<'a> {
    /// The object that has the member `name`.
    pub(super) fn layer_with(&self, name: &str) -> Option<&Object<'a>> {
        self.layers.iter().find(|layer| layer.get(name).is_some())
    }
}

/// An Operation Object with where it was found.
struct Found<'a> {
    method: String,
    value: &'a Value,
    name: &'a str,
    owner: Rc<Owner>,
}

/// The object that has operations as its members.
struct Owner {
    location: Location,
    /// Its place as the root document's reader would write it.
    path_location: Location,
}

/// Operations, and those that cannot be called, with the reason.
type Operations<'a> = (Vec<Found<'a>>, Vec<(Found<'a>, String)>);

impl Found<'_> {
    fn location(&self) -> Location {
        self.owner.location.child(self.name)
    }
}

impl<'a> Reader<'a> {
    /// Every operation that can be read, and those that cannot.
    pub(super) fn operations(
        &mut self,
        root: &Object<'a>,
        inherited: &Inherited<'_>,
    ) -> (Vec<Operation>, Vec<UnreadOperation>) {
        let (mut operations, mut unread) = (Vec::new(), Vec::new());
        let Some(paths) = self.paths(root) else { return (operations, unread) };
        for (path, value) in paths.members.iter().filter(|(path, _)| !path.starts_with("x-")) {
            let Some(item) = self.path_item(path, value, paths.at(path)) else { continue };
            let mut skip = |found: &Found<'a>, reason: String| {
                let (method, path) = (found.method.clone(), prose::excerpt(path, LONGEST_SHOWN_PATH));
                unread.push(UnreadOperation { method, path, reason });
            };
            let (members, unsendable) = self.operations_of(&item, &root.at("paths").child(path));
            for (found, reason) in unsendable {
                skip(&found, reason);
            }
            let problem = template::variables(path).err();
            if let Some(problem) = problem {
                let message = format!("the path cannot be read: {problem}");
                for found in &members {
                    skip(found, message.clone());
                }
                let help = "write a path, with variables as `{name}`";
                self.report(Code::PathTemplateInvalid, &paths.at(path), message, help);
                continue;
            }
            for found in members {
                match self.operation(&item, &found, inherited) {
                    Ok(operation) => operations.push(operation),
                    Err((message, help)) => {
                        self.report(Code::OperationSkipped, &found.location(), message, help);
                        skip(&found, message.to_owned());
                    }
                }
            }
        }
        (operations, unread)
    }

    fn paths(&mut self, root: &Object<'a>) -> Option<Object<'a>> {
        let may_lack = self.version >= SpecVersion::V3_1
            && (root.get("webhooks").is_some() || root.get("components").is_some());
        let is_missing = root.get("paths").is_none();
        if is_missing && !may_lack {
            self.report_missing(root, "paths");
        }
        let paths = self.member(root, "paths");
        if paths.is_none() && !is_missing {
            self.report_lost(&root.at("paths"), "the paths cannot be read, so there are no operations");
        }
        paths
    }

    fn path_item(&mut self, path: &'a str, value: &'a Value, location: Location) -> Option<PathItem<'a>> {
        let written_at = location.clone();
        let Some(item) = self.object(value, location) else {
            self.report_lost(&written_at, "the path item cannot be read, so its operations were left out");
            return None;
        };
        let mut layers = vec![item];
        while let Some(last) = layers.last() {
            let Some(reference) = last.members.get("$ref").and_then(Value::as_str) else { break };
            let at = last.location.clone();
            let Some(object) = self.path_item_behind(&at, reference, layers.len()) else {
                let message = "what the path item refers to cannot be read, so its operations were left out";
                self.report_lost(&written_at, message);
                break;
            };
            layers.push(object);
        }
        Some(PathItem { path, layers })
    }

    fn report_lost(&mut self, location: &Location, message: &str) {
        let help = "write a Path Item Object for each path, or correct the reference to it";
        self.report(Code::PathItemSkipped, location, message, help);
    }

    fn path_item_behind(&mut self, at: &Location, reference: &str, layers: usize) -> Option<Object<'a>> {
        if layers >= MAX_LAYERS {
            self.report_reference(&crate::reference::ReferenceError::Cycle(Box::new(at.clone())), at);
            return None;
        }
        let target = match self.set.resolve(at, reference) {
            Ok(target) => target,
            Err(error) => {
                self.report_reference(&error, at);
                return None;
            }
        };
        let value = self.set.get(&target)?;
        self.object(value, target)
    }

    /// The operations of a path item in the order of the document, and those that cannot be called,
    /// with the reason.
    fn operations_of(&mut self, item: &PathItem<'a>, written_at: &Location) -> Operations<'a> {
        let mut found: Vec<Found<'a>> = Vec::new();
        for layer in &item.layers {
            let owner =
                Rc::new(Owner { location: layer.location.clone(), path_location: written_at.clone() });
            for (name, value) in layer.members {
                let method = name.to_ascii_uppercase();
                let known = METHODS.iter().any(|known| known.eq_ignore_ascii_case(name));
                if known && !value.is_null() && found.iter().all(|other| other.method != method) {
                    found.push(Found { method, name, value, owner: Rc::clone(&owner) });
                }
            }
        }
        let unsendable = self.additional_operations(item, written_at, &mut found);
        (found, unsendable)
    }

    /// Since 3.2: operations under methods that have no member of their own, in the case in which
    /// they are written. Gives those that cannot be called.
    fn additional_operations(
        &mut self,
        item: &PathItem<'a>,
        written_at: &Location,
        found: &mut Vec<Found<'a>>,
    ) -> Vec<(Found<'a>, String)> {
        let member = "additionalOperations";
        let mut unsendable = Vec::new();
        let Some(layer) = item.layer_with(member) else { return unsendable };
        let Some(additional) = self.member(layer, member) else { return unsendable };
        let owner = Owner { location: additional.location, path_location: written_at.child(member) };
        let owner = Rc::new(owner);
        let fixed: BTreeSet<String> = found.iter().map(|other| other.method.clone()).collect();
        for (method, value) in additional.members {
            let operation = Found { method: method.clone(), name: method, value, owner: Rc::clone(&owner) };
            let shown = prose::excerpt(method, 80);
            let (message, help) = if !is_token(method) {
                (format!("`{shown}` cannot be a method; the operation was left out"), "use letters only")
            } else if fixed.contains(method) {
                let message = format!("the path has a member for `{shown}`; this operation was left out");
                (message, "keep one of the two operations")
            } else {
                found.push(operation);
                continue;
            };
            self.report(Code::OperationSkipped, &operation.location(), message.as_str(), help);
            unsendable.push((operation, message));
        }
        unsendable
    }

    fn operation(
        &mut self,
        item: &PathItem<'a>,
        found: &Found<'a>,
        inherited: &Inherited<'_>,
    ) -> Result<Operation, (&'static str, &'static str)> {
        const TOO_MUCH: (&str, &str) = (
            "the document asks for more values than are read; the operation was left out",
            "refer to fewer large components",
        );
        if self.budget == 0 {
            return Err(TOO_MUCH);
        }
        self.is_incomplete = false;
        let location = found.location();
        let path_location = found.owner.path_location.child(found.name);
        let kept = [item.path, location.pointer.as_str(), path_location.pointer.as_str()];
        self.charge(kept.into_iter().map(|text| 1 + text.len() / 64).sum());
        let Some(object) = self.operation_object(found) else {
            return Err(("the operation cannot be read, so it was left out", "write an Operation Object"));
        };
        self.lost_parameters = 0;
        let (parameters, request_body) = if self.version == SpecVersion::V2_0 {
            self.swagger_input(item, &object)
        } else {
            (self.parameters(item, &object), self.request_body(&object))
        };
        if self.lost_parameters > 0 {
            return Err((
                "a parameter cannot be found, and requests may be wrong without it; the operation was left out",
                "correct the reference to the parameter, or add what it names",
            ));
        }
        let security = self.security(&object).unwrap_or_else(|| {
            self.charge(inherited.security.len());
            inherited.security.to_vec()
        });
        let operation = Operation {
            path_location,
            method: found.method.clone(),
            path: item.path.to_owned(),
            operation_id: self.text(&object, "operationId").filter(|id| !id.is_empty()),
            summary: self.own_or_items_text(&object, item, "summary"),
            description: self.own_or_items_text(&object, item, "description"),
            tags: self.texts(&object, "tags"),
            deprecated: self.flag(&object, "deprecated").unwrap_or(false),
            parameters,
            request_body,
            responses: self.responses(&object),
            security,
            servers: self.operation_servers(&object, item, inherited),
            extensions: self.extensions(&object),
            location: object.location,
        };
        // What is left out may be a parameter, or what the operation must not be called without.
        if self.is_incomplete || self.budget == 0 { Err(TOO_MUCH) } else { Ok(operation) }
    }

    /// An operation may not be a reference, but is followed where it is one.
    fn operation_object(&mut self, found: &Found<'a>) -> Option<Object<'a>> {
        match reference_in(found.value) {
            Some(_) => self.referenced(found.value, found.location()),
            None => found.value.as_object().map(|members| Object::new(members, found.location())),
        }
    }

    /// `summary` and `description` of a path item hold for all its operations.
    fn own_or_items_text(&mut self, object: &Object<'a>, item: &PathItem<'a>, name: &str) -> Option<String> {
        let owner = if object.get(name).is_some() { Some(object) } else { item.layer_with(name) };
        owner.and_then(|owner| self.text(owner, name)).filter(|text| !text.is_empty())
    }

    fn operation_servers(
        &mut self,
        object: &Object<'a>,
        item: &PathItem<'a>,
        inherited: &Inherited<'_>,
    ) -> Vec<Server> {
        if self.version == SpecVersion::V2_0 {
            let root = self.root();
            return match object.get("schemes") {
                Some(_) => self.swagger_servers(&root, Some(object)),
                None => self.inherited_servers(inherited),
            };
        }
        for owner in [Some(object), item.layer_with("servers")].into_iter().flatten() {
            let servers = self.servers(owner);
            if !servers.is_empty() {
                return servers;
            }
        }
        self.inherited_servers(inherited)
    }

    fn inherited_servers(&mut self, inherited: &Inherited<'_>) -> Vec<Server> {
        self.charge(inherited.servers.len());
        inherited.servers.to_vec()
    }
}

/// Whether the text is a token of HTTP (RFC 9110, 5.6.2), as methods are.
fn is_token(text: &str) -> bool {
    let special = |byte| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || special(byte))
}

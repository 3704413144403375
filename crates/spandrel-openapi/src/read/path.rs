//! Paths, path items and what every version's operations have in common.

use serde_json::Value;

use super::Reader;
use super::object::{Object, reference_in};
use super::template;
use crate::diagnostic::Code;
use crate::location::Location;
use crate::model::{Operation, SecurityRequirement, Server, SpecVersion};

/// The methods that are members of a path item.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The most references that lead from one path item to the next.
const MAX_LAYERS: usize = 16;

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
    location: Location,
    path_location: Location,
}

impl<'a> Reader<'a> {
    /// Every operation that can be read, and how many there are.
    pub(super) fn operations(
        &mut self,
        root: &Object<'a>,
        inherited: &Inherited<'_>,
    ) -> (Vec<Operation>, usize) {
        let (mut operations, mut found) = (Vec::new(), 0);
        let Some(paths) = self.paths(root) else { return (operations, found) };
        for (path, value) in paths.members.iter().filter(|(path, _)| !path.starts_with("x-")) {
            let Some(item) = self.path_item(path, value, paths.at(path)) else { continue };
            let written_at = root.at("paths").child(path);
            let members = self.operations_of(&item, &written_at);
            found += members.len();
            if let Err(problem) = template::variables(path) {
                let message = format!("the path cannot be read: {problem}");
                self.report(
                    Code::PathTemplateInvalid,
                    &paths.at(path),
                    message,
                    "write variables as `{name}`",
                );
                continue;
            }
            operations
                .extend(members.into_iter().filter_map(|member| self.operation(&item, member, inherited)));
        }
        (operations, found)
    }

    fn paths(&mut self, root: &Object<'a>) -> Option<Object<'a>> {
        let may_lack = self.version >= SpecVersion::V3_1
            && (root.get("webhooks").is_some() || root.get("components").is_some());
        if root.get("paths").is_none() && !may_lack {
            self.report_missing(root, "paths");
        }
        self.member(root, "paths")
    }

    fn path_item(&mut self, path: &'a str, value: &'a Value, location: Location) -> Option<PathItem<'a>> {
        let mut layers = vec![self.object(value, location)?];
        while let Some(last) = layers.last() {
            let Some(reference) = last.members.get("$ref").and_then(Value::as_str) else { break };
            let at = last.location.clone();
            match self.path_item_behind(&at, reference, layers.len()) {
                Some(object) => layers.push(object),
                None => break,
            }
        }
        Some(PathItem { path, layers })
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

    /// The operations of a path item in the order of the document.
    fn operations_of(&mut self, item: &PathItem<'a>, written_at: &Location) -> Vec<Found<'a>> {
        let mut found: Vec<Found<'a>> = Vec::new();
        for layer in &item.layers {
            for (name, value) in layer.members {
                let method = name.to_ascii_uppercase();
                let known = METHODS.iter().any(|known| known.eq_ignore_ascii_case(name));
                if known && !value.is_null() && found.iter().all(|other| other.method != method) {
                    let (location, path_location) = (layer.at(name), written_at.child(name));
                    found.push(Found { method, value, location, path_location });
                }
            }
        }
        self.additional_operations(item, written_at, &mut found);
        found
    }

    /// Since 3.2: operations under methods that have no member of their own, in the case in which
    /// they are written.
    fn additional_operations(
        &mut self,
        item: &PathItem<'a>,
        written_at: &Location,
        found: &mut Vec<Found<'a>>,
    ) {
        let member = "additionalOperations";
        let Some(layer) = item.layer_with(member) else { return };
        let Some(additional) = self.member(layer, member) else { return };
        let fixed = found.len();
        for (method, value) in additional.members {
            let location = additional.at(method);
            if !is_token(method) {
                let message = format!("`{method}` cannot be a method; the operation was left out");
                self.report(Code::OperationSkipped, &location, message, "use letters only");
            } else if found.iter().take(fixed).all(|other| other.method != *method) {
                let path_location = written_at.child(member).child(method);
                found.push(Found { method: method.clone(), value, location, path_location });
            }
        }
    }

    fn operation(
        &mut self,
        item: &PathItem<'a>,
        found: Found<'a>,
        inherited: &Inherited<'_>,
    ) -> Option<Operation> {
        if self.budget == 0 {
            return self.over_budget(&found.location);
        }
        let Some(object) = self.operation_object(&found) else {
            let message = "the operation cannot be read, so it was left out";
            self.report(Code::OperationSkipped, &found.location, message, "write an Operation Object");
            return None;
        };
        self.lost_parameters = 0;
        let (parameters, request_body) = if self.version == SpecVersion::V2_0 {
            self.swagger_input(item, &object)
        } else {
            (self.parameters(item, &object), self.request_body(&object))
        };
        if self.lost_parameters > 0 {
            let message = "a parameter cannot be found, and requests may be wrong without it; the operation was left out";
            let help = "correct the reference to the parameter, or add what it names";
            self.report(Code::OperationSkipped, &found.location, message, help);
            return None;
        }
        let security = self.security(&object).unwrap_or_else(|| {
            self.charge(inherited.security.len());
            inherited.security.to_vec()
        });
        let operation = Operation {
            path_location: found.path_location,
            method: found.method,
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
        // What came after the budget's end is missing in it.
        if self.budget == 0 { self.over_budget(&operation.location) } else { Some(operation) }
    }

    fn over_budget<T>(&mut self, location: &Location) -> Option<T> {
        let message = "the document asks for more values than are read; the operation was left out";
        self.report(Code::OperationSkipped, location, message, "refer to fewer large components");
        None
    }

    /// An operation may not be a reference, but is followed where it is one.
    fn operation_object(&mut self, found: &Found<'a>) -> Option<Object<'a>> {
        match reference_in(found.value) {
            Some(_) => self.referenced(found.value, found.location.clone()),
            None => found.value.as_object().map(|members| Object::new(members, found.location.clone())),
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

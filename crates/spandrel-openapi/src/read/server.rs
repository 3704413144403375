//! The Server Object.

use indexmap::IndexMap;

use super::Reader;
use super::object::Object;
use crate::model::{Server, ServerVariable};

impl<'a> Reader<'a> {
    /// The servers that the object names, which is a document, a path item or an operation.
    pub(super) fn servers(&mut self, owner: &Object<'a>) -> Vec<Server> {
        let items = self.items(owner, "servers");
        items
            .into_iter()
            .filter_map(|(location, item)| {
                let server = self.object(item, location)?;
                self.server(&server)
            })
            .collect()
    }

    fn server(&mut self, server: &Object<'a>) -> Option<Server> {
        let Some(url) = self.text(server, "url") else {
            if server.get("url").is_none() {
                self.report_missing(server, "url");
            }
            return None;
        };
        let mut variables = IndexMap::new();
        for (name, variable) in self.named(server, "variables") {
            variables.insert(name.clone(), self.server_variable(&variable));
        }
        let name = self.text(server, "name");
        let description = self.description(server);
        Some(Server { url, name, description, variables, location: server.location.clone() })
    }

    fn server_variable(&mut self, variable: &Object<'a>) -> ServerVariable {
        let allowed = self.texts(variable, "enum");
        let default = self.text(variable, "default").unwrap_or_else(|| {
            if variable.get("default").is_none() {
                self.report_missing(variable, "default");
            }
            allowed.first().cloned().unwrap_or_default()
        });
        ServerVariable { allowed, default, description: self.description(variable) }
    }
}

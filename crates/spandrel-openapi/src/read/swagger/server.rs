//! `schemes`, `host` and `basePath` as servers.

use indexmap::IndexMap;

use crate::model::Server;
use crate::read::Reader;
use crate::read::object::Object;

impl<'a> Reader<'a> {
    /// The servers of the document; with an `operation`, for the schemes that it names. Without a
    /// host they are relative to the document, without a base path too there are none.
    pub(in crate::read) fn swagger_servers(
        &mut self,
        root: &Object<'a>,
        operation: Option<&Object<'a>>,
    ) -> Vec<Server> {
        let host = self.text(root, "host").unwrap_or_default();
        let host = host.trim().trim_end_matches('/');
        let base_path = self.text(root, "basePath").map(|path| absolute(path.trim()));
        let urls = match (host, base_path) {
            ("", None) => Vec::new(),
            ("", Some(path)) => vec![if path.is_empty() { "/".to_owned() } else { path }],
            (host, path) => {
                let path = path.unwrap_or_default();
                let origins = if host.contains("://") {
                    vec![host.to_owned()]
                } else {
                    self.schemes(root, operation).iter().map(|scheme| format!("{scheme}://{host}")).collect()
                };
                origins.into_iter().map(|origin| origin + &path).collect()
            }
        };
        let location = root.location.clone();
        let server = |url| Server {
            url,
            name: None,
            description: None,
            variables: IndexMap::new(),
            location: location.clone(),
        };
        urls.into_iter().map(server).collect()
    }

    /// The schemes of HTTP that are named, the encrypted one first; else that of the document's URL.
    fn schemes(&mut self, root: &Object<'a>, operation: Option<&Object<'a>>) -> Vec<&'static str> {
        let owner = operation.filter(|operation| operation.get("schemes").is_some()).unwrap_or(root);
        let named = self.texts(owner, "schemes");
        let is_named = |scheme: &&str| named.iter().any(|name| name.trim().eq_ignore_ascii_case(scheme));
        let schemes: Vec<&'static str> = ["https", "http"].into_iter().filter(is_named).collect();
        if !schemes.is_empty() {
            return schemes;
        }
        let own = self.set.url(root.location.source).scheme();
        vec![if own == "http" { "http" } else { "https" }]
    }
}

/// A path that starts with a slash and does not end with one.
fn absolute(path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

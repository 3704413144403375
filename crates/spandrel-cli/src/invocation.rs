//! The command line, as far as another command has to repeat it.

use std::fmt::Display;

use spandrel::Profile;

use crate::args::SpecArguments;
use crate::args::spec::Layout;
use crate::shell::quote;
use crate::specification::Specification;

/// `spandrel check …` for the same tools. The document is called by its name, without what may be
/// secret in its URL.
pub(crate) fn check(specification: &Specification, arguments: &SpecArguments) -> String {
    let tools = &arguments.tools;
    let mut words = vec!["spandrel check".to_owned(), quote(&specification.source.name()).into_owned()];
    let mut option =
        |name: &str, value: &dyn Display| words.push(format!("--{name} {}", quote(&value.to_string())));
    tools.include.iter().for_each(|rule| option("include", rule));
    tools.overlay.iter().for_each(|overlay| option("overlay", overlay));
    tools.exclude.iter().for_each(|rule| option("exclude", rule));
    tools.confirm.iter().for_each(|rule| option("confirm", rule));
    tools.base_url.iter().for_each(|url| option("base-url", &url.as_str()));
    tools.server.iter().for_each(|server| option("server", server));
    tools.server_var.iter().for_each(|(name, value)| option("server-var", &format!("{name}={value}")));
    tools.name_limit.iter().for_each(|limit| option("name-limit", limit));
    if tools.profile != Profile::default() {
        option("profile", &tools.profile);
    }
    if tools.arguments == Layout::Grouped {
        option("arguments", &"grouped");
    }
    for (is_set, flag) in [
        (tools.read_only, "--read-only"),
        (tools.result_fields, "--result-fields"),
        (tools.no_output_schemas, "--no-output-schemas"),
        (tools.allow_remote_refs, "--allow-remote-refs"),
    ] {
        if is_set {
            words.push(flag.to_owned());
        }
    }
    words.join(" ")
}

//! Values that arguments take from the environment: only of variables that the operator allowed.

use anyhow::bail;
use spandrel::runtime::Placeholder;
use spandrel::{BaseUrl, Catalog};

/// Gives the tools the values of the `allowed` variables, once.
///
/// # Errors
/// When a tool needs a variable that is not allowed or not set.
pub(crate) fn give(catalog: &Catalog, allowed: &[String]) -> anyhow::Result<()> {
    let is_allowed = |variable: &str| allowed.iter().any(|name| name == variable);
    catalog.set_environment(|variable| {
        let value = is_allowed(variable).then(|| std::env::var(variable).ok()).flatten();
        value.filter(|value| !value.is_empty())
    });
    let Some((variable, tool)) = catalog.environment_variables().into_iter().next() else { return Ok(()) };
    let name = &tool.name;
    if is_allowed(variable) {
        bail!("the environment variable {variable}, whose value `{name}` sends, is not set, or is no text");
    }
    let server = tool.plan.base.as_ref().map_or("its server", BaseUrl::as_str);
    bail!(
        "`{name}` sends the value of the environment variable {variable}, as the document or an overlay says \
         (x-spandrel); if {server} may have it, say so with --allow-env {variable}"
    );
}

/// Gives the tools text that stands for the values, without reading any.
pub(crate) fn give_placeholders(catalog: &Catalog) -> Vec<Placeholder> {
    let marker = |variable: &str| format!("spandrel-env-{variable}");
    let placeholder = |variable: &str| Placeholder {
        marker: marker(variable),
        variable: variable.to_owned(),
        in_base64: false,
    };
    let placeholders = catalog.environment_variables().into_keys().map(placeholder).collect();
    catalog.set_environment(|variable| Some(marker(variable)));
    placeholders
}

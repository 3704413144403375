//! Headers as an operator writes them.

use anyhow::{Context, bail};
use http::HeaderName;
use spandrel::StaticHeaders;

/// The operator's headers: `Name: value`, secrets in their places. No error repeats a value.
pub(crate) struct Headers {
    lines: Vec<String>,
    names: Vec<HeaderName>,
}

impl Headers {
    /// Takes variables from the environment, and makes sure that each header can be sent.
    pub(crate) fn read(lines: &[String]) -> anyhow::Result<Self> {
        let lines = lines.iter().map(|line| with_environment(line, |name| std::env::var(name).ok()));
        let lines: Vec<String> = lines.collect::<anyhow::Result<_>>()?;
        // A line whose name is none is refused below.
        let names = lines.iter().filter_map(|line| line.split_once(':')?.0.trim().parse().ok()).collect();
        let headers = Self { lines, names };
        headers.bind(StaticHeaders::for_origins([]))?;
        Ok(headers)
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Their names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.names.iter()
    }

    /// Adds the headers to those that are bound to some servers.
    pub(crate) fn bind(&self, bound: StaticHeaders) -> anyhow::Result<StaticHeaders> {
        self.lines.iter().try_fold(bound, |headers, line| headers.with_line(line).context("--header"))
    }
}

/// Puts the value of a variable in the place of `env:NAME`, which may stand alone or after one word:
/// `X-Key: env:KEY`, `Authorization: Bearer env:TOKEN`.
fn with_environment(line: &str, environment: impl Fn(&str) -> Option<String>) -> anyhow::Result<String> {
    let Some((name, value)) = line.split_once(':') else {
        bail!("--header is written 'Name: value'");
    };
    let (name, value) = (name.trim(), value.trim());
    let (scheme, last) = value.rsplit_once(' ').map_or((None, value), |(scheme, last)| (Some(scheme), last));
    let variable = last.strip_prefix("env:");
    let Some(variable) = variable.filter(|_| scheme.is_none_or(|scheme| !scheme.trim().contains(' '))) else {
        return Ok(line.to_owned());
    };
    let secret = environment(variable).filter(|secret| !secret.trim().is_empty());
    let secret = secret.with_context(|| {
        format!("--header {name}: the environment variable `{variable}` is not set; set it, or give the value itself")
    })?;
    let scheme = scheme.map(|scheme| format!("{} ", scheme.trim())).unwrap_or_default();
    Ok(format!("{name}: {scheme}{}", secret.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::with_environment;

    #[test]
    fn variables() {
        let environment = |name: &str| match name {
            "TOKEN" => Some(" s3cret\n".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let table = [
            ("X-Key: env:TOKEN", Some("X-Key: s3cret")),
            ("x-key:env:TOKEN", Some("x-key: s3cret")),
            ("Authorization: Bearer env:TOKEN", Some("Authorization: Bearer s3cret")),
            ("Authorization: Basic  env:TOKEN", Some("Authorization: Basic s3cret")),
            ("X-Note: see env:TOKEN and more", Some("X-Note: see env:TOKEN and more")),
            ("X-Note: read the env:TOKEN", Some("X-Note: read the env:TOKEN")),
            ("X-Key: plain", Some("X-Key: plain")),
            ("X-Key: env:NOTHING", None),
            ("X-Key: env:EMPTY", None),
            ("no colon", None),
        ];
        for (line, expected) in table {
            assert_eq!(with_environment(line, environment).ok().as_deref(), expected, "{line}");
        }
        let error = with_environment("X-Key: env:NOTHING", environment).unwrap_err().to_string();
        assert!(error.contains("X-Key") && error.contains("NOTHING"));
    }
}

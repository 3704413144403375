//! What a person is told when a server starts, on standard error.

use std::net::SocketAddr;

use spandrel::openapi::{Diagnostic, Severity};

use crate::access::Access;
use crate::args::ServeArguments;
use crate::client_setup;
use crate::invocation;
use crate::offer::Offering;
use crate::output::{DIM, NOTE, Printable, STRONG, WARNING, count, grouped, lines, one_line};
use crate::specification::{Specification, told};

/// Security schemes that are named.
const MOST_NEEDS: usize = 5;
/// Skipped operations that are named.
const MOST_SKIPPED: usize = 5;
/// A tool list of more tokens than this crowds out what a model should think of.
const MANY_TOKENS: usize = 20_000;
/// A tool list of more tokens than this leaves many models no room at all.
const TOO_MANY_TOKENS: usize = 50_000;

/// What was loaded, on a few lines.
pub(crate) fn loaded(offering: &Offering, access: &Access, arguments: &ServeArguments) -> String {
    let specification = &offering.specification;
    let compiled = &specification.compiled;
    let api = compiled.catalog.api();
    let title = if api.title.is_empty() { "An API without a title" } else { &api.title };
    let left_out = match compiled.unselected {
        0 => String::new(),
        number if !specification.selects() => {
            format!(", {} left out by the document's extensions", grouped(number))
        }
        number => format!(", {} left out by {}", grouped(number), specification.selecting()),
    };
    let version = &compiled.document.version_text;
    let specification_name = if version.starts_with('2') { "Swagger" } else { "OpenAPI" };
    [
        format!("{STRONG}{}{STRONG:#}", one_line(&format!("{title} {}", api.version))),
        format!(" {DIM}{specification_name} {}{DIM:#}\n", one_line(version)),
        made(specification, &left_out),
        lines(offering.notes.iter().map(|note| format!("  {note}"))),
        lines(
            offering.warnings.iter().map(|text| format!("  {WARNING}warning{WARNING:#}: {}", one_line(text))),
        ),
        skipped(specification),
        findings(specification, arguments),
        header_origins(specification, access, arguments),
        credentials(access, arguments),
        backend(specification, arguments),
    ]
    .concat()
}

/// What the list of tools costs a model.
pub(crate) fn list_tokens(tokens: usize) -> String {
    let advice = match tokens {
        TOO_MANY_TOKENS.. => format!(
            "\n{WARNING}warning{WARNING:#}: few models have room for that; let them search with --tools search, \
             or choose operations with --include"
        ),
        MANY_TOKENS.. => "; --compact and --include make it shorter".to_owned(),
        _ => String::new(),
    };
    format!("The list of tools takes {} tokens{advice}\n", grouped(tokens))
}

/// Where the tools come from.
fn made(specification: &Specification, left_out: &str) -> String {
    let compiled = &specification.compiled;
    let tools = count(compiled.catalog.tools().len(), "tool");
    if specification.is_locked() {
        return format!("  {tools}, as {} has them\n", one_line(&specification.source.name()));
    }
    format!("  {} → {tools}{left_out}\n", count(compiled.operations, "operation"))
}

/// Where it listens, and what to tell clients.
pub(crate) fn listening(address: SocketAddr, title: &str, notes: &[String]) -> String {
    let url = url(address);
    let notes = lines(notes.iter().map(|note| format!("  {NOTE}note{NOTE:#}: {note}")));
    let setup = client_setup::text(title, &url);
    format!("\nListening on {STRONG}{url}{STRONG:#}\n{notes}\n{setup}\n")
}

/// The URL that a client on this machine uses.
pub(crate) fn url(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}/mcp")
}

/// The operations that did not become tools, and why: errors cost operations.
fn skipped(specification: &Specification) -> String {
    let compiled = &specification.compiled;
    let lost = compiled.operations.saturating_sub(compiled.catalog.tools().len() + compiled.unselected);
    if lost == 0 {
        return String::new();
    }
    let errors = compiled.with_severity(Severity::Error).take(MOST_SKIPPED);
    let reasons = lines(errors.map(|finding| format!("    {}", one_line(&reason(finding)))));
    let more = match lost.saturating_sub(MOST_SKIPPED) {
        0 => String::new(),
        more => format!("    and {} more\n", grouped(more)),
    };
    format!("  {WARNING}{} skipped{WARNING:#}:\n{reasons}{more}", count(lost, "operation"))
}

/// Which operation is lost, as far as the place of the finding tells, and why.
fn reason(finding: &Diagnostic) -> String {
    let tokens: Vec<_> = finding.location.pointer.tokens().skip(1).take(2).collect();
    match tokens.as_slice() {
        [path, method] => format!("{} {path}: {}", method.to_uppercase(), finding.message),
        [path] => format!("{path}: {}", finding.message),
        _ => finding.message.clone(),
    }
}

fn findings(specification: &Specification, arguments: &ServeArguments) -> String {
    let number = |severity| specification.compiled.with_severity(severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    if errors + warnings == 0 {
        return String::new();
    }
    let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
    let own = specification.option_warnings();
    let own =
        lines(own.map(|finding| format!("  {WARNING}warning{WARNING:#}: {}", one_line(&told(finding)))));
    let check = invocation::check(specification, &arguments.spec);
    format!("  {errors} and {warnings}; `{}` shows them\n{own}", Printable(&check))
}

/// Who sees the operator's headers and credentials.
fn header_origins(specification: &Specification, access: &Access, arguments: &ServeArguments) -> String {
    let origins: Vec<&str> = specification.header_origins.names().collect();
    let what = match (arguments.backend.header.is_empty(), access.configured.is_empty()) {
        (false, false) => "headers and credentials go",
        (true, false) => "credentials go",
        _ => "headers go",
    };
    if origins.is_empty() { String::new() } else { format!("  {what} to {}\n", origins.join(" and ")) }
}

/// Which credentials there are, and which are lacking.
fn credentials(access: &Access, arguments: &ServeArguments) -> String {
    if arguments.backend.mock {
        return String::new();
    }
    let configured = access.configured.iter();
    let configured: Vec<String> =
        configured.map(|(scheme, place)| format!("`{}` from {place}", one_line(scheme))).collect();
    let there = match configured.as_slice() {
        [] => String::new(),
        _ => format!("  credentials: {}\n", configured.join(", ")),
    };
    let number = access.needs.len();
    let needs = access.needs.iter().take(MOST_NEEDS).map(|need| {
        let label = if arguments.backend.allow_anonymous { "without credential" } else { "no credential" };
        let tools = count(need.tools, "tool");
        format!("  {WARNING}{label}{WARNING:#} for {tools}: {}", one_line(&need.advice()))
    });
    let more = match number.saturating_sub(MOST_NEEDS) {
        0 => String::new(),
        more => format!("    and {} more\n", grouped(more)),
    };
    format!("{there}{}{more}", lines(needs))
}

fn backend(specification: &Specification, arguments: &ServeArguments) -> String {
    if arguments.backend.mock {
        return "  calls are answered by a mock, not by the API\n".to_owned();
    }
    let tools = specification.compiled.catalog.tools();
    let which = match tools.iter().filter(|tool| tool.plan.base.is_none()).count() {
        0 => return String::new(),
        all if all == tools.len() => "no tool has a server to call".to_owned(),
        some => format!("{} have no server to call", count(some, "tool")),
    };
    format!("  {WARNING}warning{WARNING:#}: {which}; name one with --base-url, or use --mock\n")
}

//! One operation to one tool.

use http::{HeaderName, Method};
use spandrel_openapi::{
    Code, Diagnostic, DocumentSet, Operation, Parameter, ParameterIn, RequestBody, SchemaCompiler,
    SpecVersion,
};
use spandrel_plan::{
    BodyPlan, OperationPlan, OperationRef, ParameterPlan, PathPlan, PathSegment, ToolParts,
    is_header_of_a_parameter,
};

use crate::body::{self, BodyContext};
use crate::description;
use crate::extension::Curation;
use crate::input::{FinishedInput, Input};
use crate::mirrored_header;
use crate::options::Options;
use crate::output;
use crate::parameter::{self, argument_in};
use crate::response;
use crate::schema_size::CatalogSize;
use crate::schema_text::SchemaTexts;
use crate::security::SecuritySchemes;
use crate::server;
use crate::supplied::{self, SettingUse};

/// What compiling an operation needs to know of its document.
pub(crate) struct OperationContext<'c, 's> {
    pub(crate) set: &'s DocumentSet,
    pub(crate) version: SpecVersion,
    pub(crate) options: &'c Options,
    pub(crate) schemas: SchemaCompiler<'s>,
    pub(crate) security: SecuritySchemes,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What was written of them.
    pub(crate) texts: SchemaTexts,
    /// Which settings of parameters were of use.
    pub(crate) settings: SettingUse,
    /// What the tools take so far.
    pub(crate) size: CatalogSize,
}

/// The tool for `operation`, called `name`, as the document's author wants it.
///
/// # Errors
/// When no request can be made of the operation: the reason, for a person.
pub(crate) fn compile(
    operation: &Operation,
    name: String,
    curation: Curation,
    context: &mut OperationContext<'_, '_>,
) -> Result<ToolParts, String> {
    let method = Method::from_bytes(operation.method.as_bytes())
        .map_err(|_| format!("`{}` is not an HTTP method", operation.method))?;
    context.schemas.allow(context.size.limit());
    let mut input = Input::new(context.options.arguments, context.options.profile);
    let (path, query, headers, cookies) = parameters(operation, &mut input, context)?;
    let body = operation.request_body.as_ref().and_then(|body| bind_body(body, &mut input, context));
    mirrored_header::mirror(operation, context.set, &mut input, &mut context.diagnostics);
    let base = server::base(operation, context);
    let output = if context.options.omit_output_schemas {
        None
    } else {
        output::schema(operation, context.set, &mut context.diagnostics)
            .filter(|output| output.schema.as_str().len() <= context.size.limit())
    };
    context.size.add(output.as_ref().map_or(0, |output| output.schema.as_str().len()), 0);
    let supplied = supplied::supply(
        &curation.settings.parameters,
        &mut input,
        &mut context.settings,
        &mut context.diagnostics,
    );
    let input = finish(input, operation, context);
    let plan = OperationPlan {
        method,
        base,
        path,
        query,
        headers,
        cookies,
        body,
        accept: response::accept(operation),
        security: context.security.alternatives(operation),
        response: response::plan(operation, output.as_ref().is_some_and(|output| output.wraps_result)),
        written: None,
        supplied,
    };
    Ok(ToolParts {
        name,
        annotations: curation.hints_of(operation),
        title: curation.title.or_else(|| description::title(operation)),
        description: curation.description.or_else(|| Some(description::description(operation))),
        input_schema: input.schema,
        output_schema: output.map(|output| output.schema),
        arguments: input.arguments,
        operation: OperationRef {
            method: operation.method.clone(),
            path: operation.path.clone(),
            operation_id: operation.operation_id.clone(),
            pointer: operation.path_location.pointer.as_str().to_owned(),
        },
        tags: operation.tags.clone(),
        plan,
    })
}

/// The input schema within the bound that the catalog's size leaves.
fn finish(input: Input, operation: &Operation, context: &mut OperationContext<'_, '_>) -> FinishedInput {
    let limit = context.size.limit();
    let finished = input.finish(limit, &mut context.texts);
    context.size.add(finished.schema.as_str().len(), finished.arguments.len());
    if finished.was_cut || context.schemas.was_cut() {
        let message = format!(
            "the schema of the arguments exceeds {limit} bytes; what is beyond that accepts anything"
        );
        context.diagnostics.push(
            Diagnostic::new(Code::SchemaTooLarge, operation.path_location.clone(), message)
                .with_help("choose fewer operations, or let the request refer to smaller schemas"),
        );
    }
    finished
}

fn bind_body(
    body: &RequestBody,
    input: &mut Input,
    context: &mut OperationContext<'_, '_>,
) -> Option<BodyPlan> {
    let mut body_context = BodyContext {
        set: context.set,
        version: context.version,
        file_paths: context.options.file_paths,
        schemas: &mut context.schemas,
        diagnostics: &mut context.diagnostics,
    };
    let plan = body::bind(body, &mut body_context, input);
    if plan.is_none() {
        let message = "the request body names no media type that can be sent; requests have no body";
        context.diagnostics.push(Diagnostic::new(Code::MediaTypeUnsupported, body.location.clone(), message));
    }
    plan
}

type Parameters = (PathPlan, Vec<ParameterPlan>, Vec<ParameterPlan>, Vec<ParameterPlan>);

/// Binds the parameters place by place: the path's first, so that they keep their plain names.
fn parameters(
    operation: &Operation,
    input: &mut Input,
    context: &mut OperationContext<'_, '_>,
) -> Result<Parameters, String> {
    let supplied = &context.options.supplied_headers;
    let given = &context.options.credential_arguments;
    let is_header = |place: ParameterIn, name: &str| {
        place == ParameterIn::Header
            && supplied.iter().any(|header| header.as_str().eq_ignore_ascii_case(name))
    };
    let is_supplied = |parameter: &Parameter| {
        is_header(parameter.place, &parameter.name) || context.security.carries(operation, parameter, given)
    };
    let mut keys = context.security.key_arguments(operation, given);
    keys.retain(|key| !is_header(key.place, key.name));
    let sendable: Vec<&Parameter> = operation
        .parameters
        .iter()
        .filter(|parameter| !is_supplied(parameter))
        .filter(|parameter| match unsendable(parameter) {
            Some(reason) => {
                let location = parameter.location.clone();
                context.diagnostics.push(Diagnostic::new(Code::ParameterDropped, location, reason));
                false
            }
            None => true,
        })
        .collect();
    for parameter in &sendable {
        input.reserve(argument_in(parameter.place), &parameter.name);
    }
    for key in &keys {
        input.reserve(argument_in(key.place), key.name);
    }
    let mut bind_all = |places: &[ParameterIn]| -> Vec<ParameterPlan> {
        let chosen = sendable.iter().filter(|parameter| places.contains(&parameter.place));
        let version = context.version;
        let mut plans: Vec<ParameterPlan> = chosen
            .map(|parameter| parameter::bind(parameter, &mut context.schemas, version, input))
            .collect();
        let keys = keys.iter().filter(|key| places.contains(&key.place));
        plans.extend(keys.map(|key| parameter::bind_key(key, input)));
        plans
    };
    let variables = bind_all(&[ParameterIn::Path]);
    let query = bind_all(&[ParameterIn::Query, ParameterIn::Querystring]);
    let headers = bind_all(&[ParameterIn::Header]);
    let cookies = bind_all(&[ParameterIn::Cookie]);
    let path = path(&operation.path, &variables)?;
    Ok((path, query, headers, cookies))
}

/// Why a header cannot be sent: its name is none, or it belongs to the connection.
fn unsendable(parameter: &Parameter) -> Option<String> {
    if parameter.place != ParameterIn::Header {
        return None;
    }
    let Ok(name) = HeaderName::from_bytes(parameter.name.as_bytes()) else {
        return Some(format!("`{}` is not the name of a header; it was left out", parameter.name));
    };
    (!is_header_of_a_parameter(&name)).then(|| {
        if name == http::header::COOKIE {
            return "cookies are parameters with `in: cookie`; `cookie` was left out".to_owned();
        }
        format!("`{name}` belongs to the connection and is set by the client; it was left out")
    })
}

/// Cuts the template at its variables.
fn path(template: &str, variables: &[ParameterPlan]) -> Result<PathPlan, String> {
    let mut segments = Vec::new();
    // What stands behind a `#` tells operations on one path apart; it is never sent.
    let mut rest = template.split('#').next().unwrap_or_default();
    while let Some(start) = rest.find('{') {
        let (literal, from) = rest.split_at(start);
        push_literal(&mut segments, literal);
        let end = from.find('}').ok_or_else(|| format!("the path `{template}` has a `{{` without a `}}`"))?;
        let name = from.get(1..end).unwrap_or_default();
        let variable = variables.iter().find(|variable| variable.name == name);
        let variable = variable.ok_or_else(|| format!("the path's variable `{name}` has no parameter"))?;
        segments.push(PathSegment::Variable(variable.clone()));
        rest = from.get(end + 1..).unwrap_or_default();
    }
    push_literal(&mut segments, rest);
    Ok(PathPlan { segments })
}

fn push_literal(segments: &mut Vec<PathSegment>, literal: &str) {
    if !literal.is_empty() {
        segments.push(PathSegment::Literal(literal.to_owned()));
    }
}

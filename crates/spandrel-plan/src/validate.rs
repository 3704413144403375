//! Checking arguments and results against the schemas that a tool advertises.

mod argument_schema;
mod content_schema;
mod discriminator;
mod expectation;
mod problem;
mod reference_loop;

use jsonschema::{Draft, PatternOptions, ValidationError, error::ValidationErrorKind};
use serde_json::Value;

pub use self::argument_schema::ArgumentSchema;
pub use self::content_schema::ContentSchema;
use self::problem::Problems;
use crate::arguments::{Arguments, find};
use crate::catalog::{JsonText, Tool};
use crate::error::{CallError, CallErrorKind};
use crate::response::OutputCheck;

/// The most backtracking steps of one match of a pattern with look-around or back-references.
const BACKTRACKING_STEPS: usize = 100_000;
/// The most bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;
/// The most values in an instance whose every error is gathered; of a larger one only the first.
const MAX_NODES: usize = 2_000;

/// A schema, compiled.
#[derive(Debug)]
pub(crate) enum Validator {
    /// It checks.
    Compiled(Box<jsonschema::Validator>),
    /// The schema cannot be compiled, and one bad schema must not make its tool useless: the API
    /// checks for itself.
    AcceptsAll,
}

impl Validator {
    /// Compiles `schema` as JSON Schema 2020-12, without assertions on `format` and without ever
    /// fetching a reference.
    pub(crate) fn compile(schema: &JsonText) -> Self {
        let build = |schema: &Value| {
            let patterns = PatternOptions::fancy_regex()
                .backtrack_limit(BACKTRACKING_STEPS)
                .size_limit(PATTERN_BYTES)
                .dfa_size_limit(PATTERN_BYTES);
            jsonschema::options()
                .with_draft(Draft::Draft202012)
                .offline()
                .should_validate_formats(false)
                .with_pattern_options(patterns)
                .build(schema)
        };
        let mut schema = schema.to_value();
        if reference_loop::has_loop(&schema) {
            return Self::AcceptsAll;
        }
        build(&schema)
            .or_else(|_| {
                remove_patterns(&mut schema);
                build(&schema)
            })
            .map_or(Self::AcceptsAll, |validator| Self::Compiled(Box::new(validator)))
    }

    /// Whether `value` satisfies the schema, as far as can be told within bounds.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        match self {
            Self::AcceptsAll => true,
            Self::Compiled(validator) => {
                validator.is_valid(value) || errors(validator, value).all(|error| is_undecided(&error))
            }
        }
    }
}

/// What is wrong with `value`: everything where it is small, else the first thing.
fn errors<'a>(
    validator: &'a jsonschema::Validator,
    value: &'a Value,
) -> Box<dyn Iterator<Item = ValidationError<'a>> + 'a> {
    let mut left = MAX_NODES;
    if fits(value, &mut left) {
        Box::new(validator.iter_errors(value))
    } else {
        Box::new(validator.validate(value).err().into_iter())
    }
}

/// Whether `value` has no more values in it than are left.
fn fits(value: &Value, left: &mut usize) -> bool {
    let Some(fewer) = left.checked_sub(1) else { return false };
    *left = fewer;
    match value {
        Value::Array(items) => items.iter().all(|item| fits(item, left)),
        Value::Object(members) => members.values().all(|member| fits(member, left)),
        _ => true,
    }
}

/// Removes every pattern: of some that ECMA-262 allows, or that are not patterns at all, no matcher can be
/// made, and the rest of the schema still says much.
fn remove_patterns(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(remove_patterns),
        Value::Object(members) => {
            members.shift_remove("pattern");
            if members.shift_remove("patternProperties").is_some() {
                // They say what is left over by the patterns.
                members.shift_remove("additionalProperties");
                members.shift_remove("unevaluatedProperties");
            }
            for (keyword, member) in members {
                match (keyword.as_str(), member) {
                    ("const" | "enum" | "default" | "examples", _) => {}
                    ("properties" | "$defs" | "definitions" | "dependentSchemas", Value::Object(schemas)) => {
                        schemas.values_mut().for_each(remove_patterns);
                    }
                    (_, member) => remove_patterns(member),
                }
            }
        }
        _ => {}
    }
}

/// Whether a pattern could not be matched within its bounds, which is no fault of the value's.
fn is_undecided(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::BacktrackLimitExceeded { .. } | ValidationErrorKind::RegexEngineFailure { .. }
    )
}

impl Tool {
    /// Checks the arguments of a call against the input schema.
    ///
    /// Where the caller holds the arguments as a [`Value`], [`validate_value`](Self::validate_value)
    /// saves a copy.
    ///
    /// # Errors
    /// [`InvalidArguments`](CallErrorKind::InvalidArguments), with a message that tells a model what
    /// is wrong with which argument (at most ten), and what was expected.
    pub fn validate(&self, arguments: &Arguments) -> Result<(), CallError> {
        match self.input_validator() {
            Validator::AcceptsAll => Ok(()),
            Validator::Compiled(_) => self.validate_value(&Value::Object(arguments.clone())),
        }
    }

    /// Checks the arguments of a call, which must be an object.
    ///
    /// # Errors
    /// As [`validate`](Self::validate) does.
    pub fn validate_value(&self, arguments: &Value) -> Result<(), CallError> {
        let check = |arguments: &Value| {
            check_arguments(self.input_validator(), self.held_to(), &self.name, arguments)
        };
        let read = match (&self.plan.written, arguments) {
            (Some(written), Value::Object(members)) => Some(Value::Object(written.read(members))),
            _ => None,
        };
        let arguments = read.as_ref().unwrap_or(arguments);
        check(arguments).or_else(|error| match self.without_null_parameters(arguments) {
            Some(without) => check(&without),
            None => Err(error),
        })
    }

    /// The arguments without the optional parameters that are null, where there are any: rendering
    /// takes them for absent, whatever their schema says.
    fn without_null_parameters(&self, arguments: &Value) -> Option<Value> {
        let given = arguments.as_object()?;
        let plan = &self.plan;
        let mut without = None;
        for parameter in plan.query.iter().chain(&plan.headers).chain(&plan.cookies) {
            let Some((key, groups)) = parameter.argument.0.split_last() else { continue };
            if !parameter.required && find(given, &parameter.argument).is_some_and(Value::is_null) {
                let root = without.get_or_insert_with(|| arguments.clone());
                let group = groups.iter().try_fold(root, |value, key| value.get_mut(key));
                if let Some(Value::Object(members)) = group {
                    members.shift_remove(key);
                }
            }
        }
        without
    }

    /// Compiles the schemas now, which otherwise the first call does.
    pub fn precompile(&self) {
        self.input_validator();
        self.output_check();
    }

    /// The schema that arguments must satisfy.
    fn held_to(&self) -> &JsonText {
        self.validation_schema.as_ref().unwrap_or(&self.input_schema)
    }

    fn input_validator(&self) -> &Validator {
        self.input_validator.get_or_init(|| Validator::compile(self.held_to()))
    }

    /// The output schema, compiled; none where the tool advertises none.
    pub(crate) fn output_check(&self) -> Option<&OutputCheck> {
        let schema = self.output_schema.as_ref()?;
        Some(self.output_check.get_or_init(|| OutputCheck::compile(schema)))
    }
}

/// Checks arguments against the compiled `schema` of the tool of that name.
fn check_arguments(
    validator: &Validator,
    schema: &JsonText,
    tool: &str,
    arguments: &Value,
) -> Result<(), CallError> {
    if !arguments.is_object() {
        return Err(CallError::new(CallErrorKind::InvalidArguments, "The arguments must be a JSON object."));
    }
    let Validator::Compiled(validator) = validator else { return Ok(()) };
    if validator.is_valid(arguments) {
        return Ok(());
    }
    let mut problems = Problems::new(schema.to_value());
    for error in errors(validator, arguments).filter(|error| !is_undecided(error)) {
        if !problems.add(&error) {
            break;
        }
    }
    match problems.into_message(tool) {
        Some(message) => Err(CallError::new(CallErrorKind::InvalidArguments, message)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;

//! Checking arguments and results against the schemas that a tool advertises.

mod argument_schema;
mod expectation;
mod problem;

use jsonschema::{Draft, PatternOptions, ValidationError, error::ValidationErrorKind};
use serde_json::Value;

pub use self::argument_schema::ArgumentSchema;
use self::problem::Problems;
use crate::arguments::{Arguments, find};
use crate::catalog::{JsonText, Tool};
use crate::error::{CallError, CallErrorKind};

/// The most backtracking steps of one match of a pattern with look-around or back-references.
const BACKTRACKING_STEPS: usize = 100_000;
/// The most bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

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
        let patterns = PatternOptions::fancy_regex()
            .backtrack_limit(BACKTRACKING_STEPS)
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES);
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(false)
            .with_pattern_options(patterns)
            .build(&schema.to_value())
            .map_or(Self::AcceptsAll, |validator| Self::Compiled(Box::new(validator)))
    }

    /// Whether `value` satisfies the schema, as far as can be told within bounds.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        match self {
            Self::AcceptsAll => true,
            Self::Compiled(validator) => {
                validator.is_valid(value) || validator.iter_errors(value).all(|error| is_undecided(&error))
            }
        }
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
            check_arguments(self.input_validator(), &self.input_schema, &self.name, arguments)
        };
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
        self.output_validator();
    }

    fn input_validator(&self) -> &Validator {
        self.input_validator.get_or_init(|| Validator::compile(&self.input_schema))
    }

    /// The output schema, compiled; none where the tool advertises none.
    pub(crate) fn output_validator(&self) -> Option<&Validator> {
        let schema = self.output_schema.as_ref()?;
        Some(self.output_validator.get_or_init(|| Validator::compile(schema)))
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
    for error in validator.iter_errors(arguments).filter(|error| !is_undecided(error)) {
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

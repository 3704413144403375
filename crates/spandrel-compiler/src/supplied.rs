//! Parameters that the bridge gives instead of the model, as `x-spandrel` says.

use indexmap::IndexMap;
use spandrel_openapi::{Code, Diagnostic, Location};
use spandrel_plan::{EnvironmentValue, SuppliedArgument, SuppliedValue, Supply};

use crate::extension::{ParameterRule, ParameterSetting, ParameterValue};
use crate::input::Input;

const HELP: &str = "see the page on extensions";

/// The settings that were read, and whether some operation has the parameter.
#[derive(Default)]
pub(crate) struct SettingUse(IndexMap<Location, (String, bool)>);

impl SettingUse {
    fn note(&mut self, setting: &ParameterSetting, is_used: bool) {
        let (_, used) =
            self.0.entry(setting.location.clone()).or_insert_with(|| (setting.key.clone(), false));
        *used |= is_used;
    }

    /// A finding for each setting that no operation has a use for: most likely misspelt.
    pub(crate) fn unused(self) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().filter(|(_, (_, is_used))| !is_used).map(|(location, (key, _))| {
            let message = format!("no tool made here has an argument for the parameter `{key}`");
            Diagnostic::new(Code::ExtensionInvalid, location, message).with_help(HELP)
        })
    }
}

/// Takes what the bridge gives out of the arguments, or makes it optional.
pub(crate) fn supply(
    settings: &[ParameterSetting],
    input: &mut Input,
    uses: &mut SettingUse,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<SuppliedArgument> {
    let mut supplied = Vec::new();
    let mut done = Vec::new();
    for setting in settings {
        // What a nearer setting has taken is not looked for again.
        if done.iter().any(|argument| setting.means(argument)) {
            uses.note(setting, true);
            continue;
        }
        let found = input.positions(|argument| setting.means(argument));
        uses.note(setting, !found.is_empty());
        let (Some(&position), rest) = (found.first(), found.get(1..).unwrap_or_default()) else { continue };
        if !rest.is_empty() {
            let message =
                format!("several arguments are called `{}`; say which, as in `query:name`", setting.key);
            diagnostics.push(problem(setting, message));
            continue;
        }
        let Some(argument) = input.argument(position).cloned() else { continue };
        if setting.rule == ParameterRule::Hidden && argument.required {
            let message = format!("`{}` is required and cannot be hidden; give it a `value`", setting.key);
            diagnostics.push(problem(setting, message));
            continue;
        }
        let value = |value: &ParameterValue| match value {
            ParameterValue::Json(value) => SuppliedValue::Json(value.clone()),
            ParameterValue::Environment(variable) => {
                let is_text = input.takes_text(position);
                SuppliedValue::Environment(EnvironmentValue::new(variable.as_str(), is_text))
            }
        };
        let supply = match &setting.rule {
            ParameterRule::Hidden => Supply::Hidden,
            ParameterRule::Fixed(fixed) => Supply::Fixed(value(fixed)),
            ParameterRule::Default(default) => Supply::Default(value(default)),
        };
        let path = match &supply {
            Supply::Default(SuppliedValue::Json(value)) => input.make_optional(position, Some(value)),
            Supply::Default(_) => input.make_optional(position, None),
            _ => input.withdraw(position),
        };
        done.push(argument);
        supplied.extend(path.map(|argument| SuppliedArgument { argument, supply }));
    }
    supplied
}

fn problem(setting: &ParameterSetting, message: String) -> Diagnostic {
    Diagnostic::new(Code::ExtensionInvalid, setting.location.clone(), message).with_help(HELP)
}

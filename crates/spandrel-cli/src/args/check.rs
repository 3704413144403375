use std::str::FromStr;

use clap::{Args, ValueEnum};
use spandrel::openapi::{Code, Diagnostic, Severity};

use super::SpecArguments;

const AFTER_HELP: &str = "\
Exits with 1 if there is an error, or a finding that --deny names.

Examples:
  spandrel check openapi.yaml
  spandrel check openapi.yaml --deny warnings
  spandrel check openapi.yaml --format github      Annotate a pull request
  spandrel check openapi.yaml --format json | jq '.findings[] | select(.severity == \"error\")'";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) spec: SpecArguments,

    /// How to print findings
    #[arg(long, help_heading = "Output", value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,

    /// Exit with 1 for these too: `warnings`, or the code of a finding
    #[arg(long, value_name = "WHAT", help_heading = "Output")]
    pub(crate) deny: Vec<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
    /// Workflow commands of GitHub Actions
    Github,
}

/// What is treated as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deny {
    Warnings,
    Code(Code),
}

impl Deny {
    pub(crate) fn denies(self, finding: &Diagnostic) -> bool {
        match self {
            Self::Warnings => finding.severity == Severity::Warning,
            Self::Code(code) => finding.code == code,
        }
    }
}

impl FromStr for Deny {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "warnings" {
            return Ok(Self::Warnings);
        }
        let code = Code::ALL.iter().copied().find(|code| code.as_str() == text);
        code.map(Self::Code).ok_or_else(|| "write `warnings`, or a code such as missing-field".to_owned())
    }
}

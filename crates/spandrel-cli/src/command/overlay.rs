//! `spandrel overlay`: an overlay to start from, and what overlays make of a document.

use std::process::ExitCode;

use crate::args::{OverlayArguments, OverlayCommand};
use crate::output;
use crate::specification::{Specification, told};
use crate::starting_overlay;

pub(crate) async fn run(arguments: &OverlayArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let (OverlayCommand::Init(spec) | OverlayCommand::Apply(spec)) = &arguments.command;
    let specification = Specification::load(spec).await?;
    specification.need_document()?;
    match &arguments.command {
        OverlayCommand::Init(_) => output::result(&starting_overlay::written(&specification.compiled))?,
        OverlayCommand::Apply(_) => output::result(&output::json_text(specification.set.root())?)?,
    }
    if !quiet {
        specification.option_warnings().for_each(|finding| output::warning(told(finding)));
    }
    Ok(ExitCode::SUCCESS)
}

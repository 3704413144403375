//! The parts of `spandrel call`: arguments from the command line, the request of a dry run, the
//! result.

pub(crate) mod arguments;
pub(crate) mod dry_run;
pub(crate) mod result;

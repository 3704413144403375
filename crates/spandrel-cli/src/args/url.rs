//! URLs on the command line.

use std::ffi::OsStr;
use std::fmt::Display;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use spandrel::BaseUrl;

/// Reads a URL with a function. Unlike the errors of clap's own parsers, its errors do not repeat
/// what was typed, which may hold a password.
#[derive(Debug, Clone)]
pub(crate) struct UrlParser<E>(pub(crate) fn(&str) -> Result<BaseUrl, E>);

impl<E: Display + Clone + Send + Sync + 'static> TypedValueParser for UrlParser<E> {
    type Value = BaseUrl;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<BaseUrl, Error> {
        let name = arg.and_then(Arg::get_long).unwrap_or_default();
        let error = |message: &dyn Display| {
            Error::raw(ErrorKind::ValueValidation, format!("--{name}: {message}\n")).with_cmd(command)
        };
        let text = value.to_str().ok_or_else(|| error(&"this is not UTF-8"))?;
        (self.0)(text).map_err(|reason| error(&reason))
    }
}

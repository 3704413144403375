//! Prints the peak memory of compiling documents, beside that of reading the same bytes with
//! `serde_json`. Each is measured in a process of its own; Linux only. A YAML document is compared
//! with the JSON that says the same.
//!
//! ```text
//! cargo run --release -p spandrel-compiler --example memory -- DOCUMENT…
//! ```
//!
//! Fails where a JSON document of more than a megabyte takes more than [`MOST`] times as much.
#![allow(clippy::print_stdout, reason = "this program exists to print")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "measuring reads files and starts processes"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;

type Failure = Box<dyn std::error::Error>;

/// How much more memory than its `serde_json::Value` a document may take on its way to a catalog.
const MOST: f64 = 3.0;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [mode, path] if mode.starts_with("--") => print_peak(mode, path),
        documents => compare(documents),
    }
}

fn compare(documents: &[String]) -> Result<(), Failure> {
    println!("{:28} {:>9} {:>9} {:>9} {:>7}", "document", "bytes kB", "json kB", "all kB", "ratio");
    let mut too_much = Vec::new();
    for path in documents {
        let bytes = std::fs::read(path)?;
        let is_json = bytes.starts_with(b"{");
        let same = if is_json { None } else { Some(SameInJson::write(&bytes)?) };
        let json_path = same.as_ref().map_or(Path::new(path), |same| &same.0);
        // What the process takes before it reads anything is no part of either figure.
        let empty = peak("--nothing", json_path)?;
        let json = peak("--json", json_path)?.saturating_sub(empty);
        let whole = peak("--compile", Path::new(path))?.saturating_sub(empty);
        let ratio = f64::from(u32::try_from(whole)?) / f64::from(u32::try_from(json)?.max(1));
        let name = path.rsplit('/').next().unwrap_or_default();
        println!("{name:28} {:9} {json:9} {whole:9} {ratio:7.2}", bytes.len() / 1024);
        if is_json && bytes.len() > 1_000_000 && ratio > MOST {
            too_much.push(name);
        }
    }
    if too_much.is_empty() { Ok(()) } else { Err(format!("more than {MOST} times: {too_much:?}").into()) }
}

/// A file with the JSON that a YAML document says; gone when this is dropped.
struct SameInJson(PathBuf);

impl SameInJson {
    fn write(yaml: &[u8]) -> Result<Self, Failure> {
        let set = DocumentSet::new("file:///document".parse()?, yaml)?;
        let path = std::env::temp_dir().join(format!("spandrel-memory-{}.json", std::process::id()));
        std::fs::write(&path, set.root().to_string())?;
        Ok(Self(path))
    }
}

impl Drop for SameInJson {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The peak memory in kB of a process of this program in `mode`.
fn peak(mode: &str, path: &Path) -> Result<u64, Failure> {
    let output = Command::new(std::env::current_exe()?).arg(mode).arg(path).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn print_peak(mode: &str, path: &str) -> Result<(), Failure> {
    match mode {
        "--json" => drop(serde_json::from_slice::<serde_json::Value>(&std::fs::read(path)?)?),
        "--compile" => {
            let set = DocumentSet::new("file:///document".parse()?, &std::fs::read(path)?)?;
            drop(compile(&set, &Options::default()));
        }
        _ => {}
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}

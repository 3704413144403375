//! Prints the peak memory of compiling documents, beside that of reading the same bytes with
//! `serde_json`. Each is measured in a process of its own; Linux only.
//!
//! ```text
//! cargo run --release -p spandrel-compiler --example memory -- DOCUMENT…
//! ```
#![allow(clippy::print_stdout, reason = "this program exists to print")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "measuring reads files and starts processes"
)]

use std::process::Command;

use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [mode, path] if mode.starts_with("--") => print_peak(mode, path),
        documents => compare(documents),
    }
}

fn compare(documents: &[String]) -> Result<(), Failure> {
    println!("{:28} {:>9} {:>9} {:>9} {:>7}", "document", "bytes kB", "json kB", "all kB", "ratio");
    for path in documents {
        let peak = |mode: &str| -> Result<u64, Failure> {
            let output = Command::new(std::env::current_exe()?).args([mode, path]).output()?;
            Ok(String::from_utf8(output.stdout)?.trim().parse()?)
        };
        // What the process takes before it reads anything is no part of either figure.
        let empty = peak("--nothing")?;
        let (json, whole) = (peak("--json")? - empty, peak("--compile")? - empty);
        let size = std::fs::metadata(path)?.len() / 1024;
        let name = path.rsplit('/').next().unwrap_or_default();
        let ratio = f64::from(u32::try_from(whole)?) / f64::from(u32::try_from(json)?.max(1));
        println!("{name:28} {size:9} {json:9} {whole:9} {ratio:7.2}");
    }
    Ok(())
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

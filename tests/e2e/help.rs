use crate::binary::{run, seen, spandrel, stdout};

#[test]
fn help_of_every_command() {
    insta::assert_snapshot!("help", stdout(&run(spandrel("--help"))));
    for command in ["serve", "call", "inspect", "search", "check", "selftest", "compile", "diff", "new"] {
        let output = run(spandrel(&format!("{command} --help")));
        insta::assert_snapshot!(format!("help-{command}"), stdout(&output));
    }
}

#[test]
fn wrong_usage_is_told() {
    for arguments in ["serve", "nothing", "serve a.yaml --include nonsense", "call pets.yaml"] {
        let output = run(spandrel(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    }
    insta::assert_snapshot!(seen(&run(spandrel("compile pets.yaml --include pets"))));
}

#[test]
fn version() {
    let expected = format!("spandrel {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(&run(spandrel("--version"))), expected);
}

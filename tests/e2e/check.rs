use crate::binary::{folder, portable, run, seen, spandrel, spandrel_with, stderr, stdout};

#[test]
fn findings_for_people() {
    insta::assert_snapshot!(seen(&run(spandrel("check flawed.yaml"))));
}

#[test]
fn findings_for_programs() {
    let as_json = stdout(&run(spandrel("check flawed.yaml --format json")));
    insta::assert_snapshot!("findings_as_json", portable(&as_json));
    let for_github = stdout(&run(spandrel("check flawed.yaml --format github")));
    insta::assert_snapshot!("findings_for_github", portable(&for_github));
}

#[test]
fn nothing_found() {
    insta::assert_snapshot!(seen(&run(spandrel("check pets.yaml"))));
}

#[test]
fn exit_codes() {
    let table = [
        ("pets.yaml", 0),
        ("pets.yaml --deny warnings", 0),
        ("flawed.yaml", 1),
        ("flawed.yaml --exclude path:/b*", 1),
        ("pets.yaml --include tag:dogs", 0),
        ("pets.yaml --include tag:dogs --deny warnings", 1),
        ("pets.yaml --include tag:dogs --deny selection-unmatched", 1),
        ("pets.yaml --include tag:dogs --deny missing-field", 0),
        ("pets.yaml --deny nonsense", 2),
        ("nothing.yaml", 2),
    ];
    for (arguments, expected) in table {
        let output = run(spandrel(&format!("check {arguments}")));
        assert_eq!(output.status.code(), Some(expected), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn colours_on_request() {
    let mut command = spandrel_with(&["check", "flawed.yaml", "--color", "always"]);
    let output = command.env_remove("NO_COLOR").output().unwrap();
    assert!(stdout(&output).contains("\u{1b}["));
    assert!(!stdout(&run(spandrel("check flawed.yaml"))).contains('\u{1b}'));
}

#[test]
fn the_example_documents_are_clean() {
    let specs = std::fs::read_dir(folder().join("../../specs")).unwrap();
    for spec in specs.map(|entry| entry.unwrap().path()) {
        let output = run(spandrel_with(&["check", &spec.display().to_string(), "--deny", "warnings"]));
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    }
}

use crate::binary::{run, spandrel, stderr, stdout};

const OVERLAY: &str = r#"
overlay: 1.1.0
info: {title: Fewer, version: "1"}
actions:
  - target: $.paths[*].delete
    remove: true
  - target: $.paths['/pets'].get
    update: {x-mcp: {name: all_pets}}
  - target: $.nowhere
    remove: true
"#;

fn file(text: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("overlay.yaml");
    std::fs::write(&path, text).unwrap();
    (directory, path.display().to_string())
}

#[test]
fn overlays_change_the_document_before_all_else() {
    let (_directory, overlay) = file(OVERLAY);
    let output = run(spandrel(&format!("compile pets.yaml --overlay {overlay}")));
    let listing: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let tools = listing["tools"].as_array().unwrap();
    assert!(tools.iter().any(|tool| tool["name"] == "all_pets"));
    assert!(tools.iter().all(|tool| tool["operation"]["method"] != "DELETE"));
    assert!(stderr(&output).contains("action 3 changes nothing: `$.nowhere` selects nothing"));
}

#[test]
fn what_an_overlay_makes_can_be_seen() {
    let (_directory, overlay) = file(OVERLAY);
    let output = run(spandrel(&format!("overlay apply pets.yaml -q --overlay {overlay}")));
    let document: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(document["paths"]["/pets"]["get"]["x-mcp"]["name"], "all_pets");
}

#[test]
fn the_overlay_to_start_from_is_one_and_leaves_the_tools_be() {
    let started = stdout(&run(spandrel("overlay init pets.yaml")));
    let (_directory, overlay) = file(&started);
    let plain = run(spandrel("inspect pets.yaml --format json"));
    let changed = run(spandrel(&format!("inspect pets.yaml --format json --overlay {overlay}")));
    assert_eq!((changed.status.code(), stdout(&changed)), (Some(0), stdout(&plain)));
}

#[test]
fn overlays_that_cannot_be_used_say_why() {
    let table = [
        ("overlay: 2.0.0", "it is \"2.0.0\""),
        ("overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: []", "at least one action"),
        (
            "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: [{target: $.info, update: 7}]",
            "action 1, `$.info`: at `/info`, a primitive value cannot be merged with an object",
        ),
        ("overlay: [", "not valid YAML"),
    ];
    for (text, expected) in table {
        let (_directory, overlay) = file(text);
        let output = run(spandrel(&format!("check pets.yaml --overlay {overlay}")));
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(expected), "{text}: {}", stderr(&output));
    }
    let output = run(spandrel("check pets.yaml --overlay nowhere.yaml"));
    assert!(stderr(&output).contains("nowhere.yaml: no such file"), "{}", stderr(&output));
}

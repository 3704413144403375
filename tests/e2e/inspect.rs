use crate::binary::{run, seen, spandrel, stdout};

#[test]
fn overview() {
    insta::assert_snapshot!(seen(&run(spandrel("inspect pets.yaml"))));
}

#[test]
fn one_tool() {
    insta::assert_snapshot!(seen(&run(spandrel("inspect pets.yaml createPet"))));
    insta::assert_snapshot!(
        "grouped",
        seen(&run(spandrel("inspect pets.yaml listPets --arguments grouped")))
    );
}

#[test]
fn json() {
    let overview: serde_json::Value =
        serde_json::from_str(&stdout(&run(spandrel("inspect pets.yaml --format json")))).unwrap();
    assert_eq!(overview["total"]["tools"], 6);
    assert_eq!(overview["tools"][0]["name"], "listPets");
    let tool: serde_json::Value =
        serde_json::from_str(&stdout(&run(spandrel("inspect pets.yaml getPet --format json")))).unwrap();
    assert_eq!(tool["inputSchema"]["properties"]["petId"]["type"], "integer");
}

#[test]
fn unknown_tools() {
    insta::assert_snapshot!(seen(&run(spandrel("inspect pets.yaml listpet"))));
    insta::assert_snapshot!("nothing_like_it", seen(&run(spandrel("inspect pets.yaml zzz"))));
}

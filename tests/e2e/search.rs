use std::path::Path;

use serde_json::{Value, json};

use crate::binary::{run, run_with_input, seen, spandrel, stdout};

#[test]
fn tools_are_found_for_people() {
    insta::assert_snapshot!(
        "found",
        seen(&run(spandrel("search ../../specs/bookshop.yaml look at an order --limit 3")))
    );
    insta::assert_snapshot!("nothing_found", seen(&run(spandrel("search ../../specs/bookshop.yaml zzzz"))));
}

#[test]
fn a_script_is_told_the_operation_as_the_document_writes_it() {
    let command = "search ../../specs/bookshop.yaml cancel an order --limit 1 --format json";
    let answer: Value = serde_json::from_str(&stdout(&run(spandrel(command)))).unwrap();
    assert_eq!(answer["query"], "cancel an order");
    let found = &answer["ranked"][0];
    assert_eq!(found["tool"], "cancelOrder");
    assert_eq!(found["operation"], json!({"method": "DELETE", "path": "/orders/{orderId}"}));
    assert!(found["score"].as_f64().unwrap() > 0.0);
}

#[test]
fn filters_narrow_a_search() {
    let command = "search ../../specs/bookshop.yaml orders --method GET --tag orders --format json";
    let answer: Value = serde_json::from_str(&stdout(&run(spandrel(command)))).unwrap();
    let ranked = answer["ranked"].as_array().unwrap();
    assert!(!ranked.is_empty());
    for found in ranked {
        assert_eq!(found["operation"]["method"], "GET");
        assert!(found["operation"]["path"].as_str().unwrap().starts_with("/orders"), "{found}");
    }
}

#[test]
fn each_line_of_standard_input_is_answered_with_one_of_json() {
    let command = spandrel("search ../../specs/bookshop.yaml - --limit 1");
    let output = run_with_input(command, "find books\n\ncancel an order");
    let answers: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let queries: Vec<&Value> = answers.iter().map(|answer| &answer["query"]).collect();
    assert_eq!(queries, ["find books", "", "cancel an order"]);
    assert_eq!(answers[0]["ranked"][0]["tool"], "listBooks");
    assert_eq!(answers[1]["ranked"], json!([]));
    assert_eq!(answers[2]["ranked"][0]["tool"], "cancelOrder");
}

/// A static model of four words: `gadget` means what `categories` means.
fn write_model(folder: &Path) {
    let words = json!({"?": 0, "categories": 1, "gadget": 2, "books": 3});
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "unk_token": "?", "vocab": words},
    });
    std::fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    let header =
        json!({"embeddings": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]}}).to_string();
    let numbers = [0.0_f32, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    let mut weights = (header.len() as u64).to_le_bytes().to_vec();
    weights.extend(header.bytes());
    weights.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    std::fs::write(folder.join("model.safetensors"), weights).unwrap();
}

#[test]
fn a_model_finds_what_shares_no_word() {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path());
    let search = |model: bool| {
        let mut command = spandrel("search ../../specs/bookshop.yaml gadget --limit 1 --format json");
        command.env("XDG_CACHE_HOME", folder.path().join("cache"));
        if model {
            command.arg("--search-model").arg(folder.path());
        }
        let answer: Value = serde_json::from_str(&stdout(&run(command))).unwrap();
        answer["ranked"].clone()
    };
    assert_eq!(search(false), json!([]), "no word in common");
    let found = search(true);
    assert_eq!(found[0]["tool"], "listCategories");
    let kept = std::fs::read_dir(folder.path().join("cache/spandrel/vectors")).unwrap().count();
    assert_eq!(kept, 1, "vectors are kept for the next time");
    assert_eq!(search(true), found);

    let missing = run(spandrel("search ../../specs/bookshop.yaml gadget --search-model nowhere"));
    assert_eq!(missing.status.code(), Some(2));
    assert!(seen(&missing).contains("nowhere/model.safetensors"), "{}", seen(&missing));
}

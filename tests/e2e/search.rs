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

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::{EnvironmentValue, SuppliedArgument, SuppliedValue, Supply};
use crate::test_plan::{any_object, arguments, optional, parameter, plan, style, tool};
use crate::{Api, ArgumentPath, CallErrorKind, Catalog, OperationPlan, Style};

fn supplied(path: &[&str], supply: Supply) -> SuppliedArgument {
    let argument = ArgumentPath(path.iter().map(|&key| key.to_owned()).collect());
    SuppliedArgument { argument, supply }
}

fn fixed(value: Value) -> Supply {
    Supply::Fixed(SuppliedValue::Json(value))
}

fn default(value: Value) -> Supply {
    Supply::Default(SuppliedValue::Json(value))
}

fn environment(variable: &str, is_text: bool) -> Supply {
    Supply::Fixed(SuppliedValue::Environment(EnvironmentValue::new(variable, is_text)))
}

fn with(supplied: Vec<SuppliedArgument>) -> OperationPlan {
    let form = || style(Style::Form, true);
    let query = vec![parameter("tenant", form()), optional("limit", form())];
    OperationPlan { query, supplied, ..plan() }
}

#[test]
fn the_model_overrides_defaults_only() {
    let table = [
        (supplied(&["tenant"], fixed(json!("acme"))), json!({}), "tenant=acme"),
        (supplied(&["tenant"], fixed(json!("acme"))), json!({"tenant": "evil"}), "tenant=acme"),
        (supplied(&["limit"], default(json!(20))), json!({"tenant": 1}), "tenant=1&limit=20"),
        (supplied(&["limit"], default(json!(20))), json!({"tenant": 1, "limit": 5}), "tenant=1&limit=5"),
        (supplied(&["limit"], Supply::Hidden), json!({"tenant": 1, "limit": 5}), "tenant=1"),
        (supplied(&["limit"], Supply::Hidden), json!({"tenant": 1}), "tenant=1"),
        (supplied(&["elsewhere"], Supply::Hidden), json!({"tenant": 1}), "tenant=1"),
    ];
    for (argument, given, expected) in table {
        let request = with(vec![argument.clone()]).render(&arguments(given)).unwrap();
        assert_eq!(request.uri().query(), Some(expected), "{argument:?}");
    }
}

#[test]
fn groups_are_made_where_they_are_missing() {
    let mut tenant = parameter("tenant", style(Style::Form, true));
    tenant.argument = ArgumentPath(vec!["query".into(), "tenant".into()]);
    let supplied = vec![supplied(&["query", "tenant"], fixed(json!("acme")))];
    let plan = OperationPlan { query: vec![tenant], supplied, ..plan() };
    for given in [json!({}), json!({"query": {}}), json!({"query": {"tenant": "x"}}), json!({"query": 7})] {
        assert_eq!(plan.render(&arguments(given)).unwrap().uri().query(), Some("tenant=acme"));
    }
}

#[test]
fn environment_values_are_given_from_outside_and_never_shown() {
    let rows =
        [("s3cret", true, "s3cret"), ("7", true, "7"), ("7", false, "7"), ("[1,2]", false, "1&tenant=2")];
    for (text, is_text, sent) in rows {
        let plan = with(vec![supplied(&["tenant"], environment("TENANT", is_text))]);
        let missing = plan.render(&arguments(json!({"tenant": "x"}))).unwrap_err();
        assert_eq!(missing.kind, CallErrorKind::ValueMissing);
        assert!(missing.message.contains("environment variable TENANT"), "{missing}");
        let catalog = Catalog::new(Api::default(), vec![tool(plan, &any_object(), None)]);
        assert_eq!(catalog.environment_variables().into_keys().collect::<Vec<_>>(), ["TENANT"]);
        catalog.set_environment(|name| (name == "OTHER").then(|| "x".to_owned()));
        assert!(!catalog.environment_variables().is_empty());
        catalog.set_environment(|name| (name == "TENANT").then(|| text.to_owned()));
        assert!(catalog.environment_variables().is_empty());
        let plan = &catalog.get("get_thing").unwrap().plan;
        let request = plan.render(&arguments(json!({"tenant": "x"}))).unwrap();
        assert_eq!(request.uri().query(), Some(format!("tenant={sent}").as_str()));
        assert!(!format!("{plan:?}").contains("s3cret"));
    }
}

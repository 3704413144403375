#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod properties;
mod round_trips;
mod shadowing;

use serde_json::{Value, json};

use crate::test_plan::{arguments, literal, optional, parameter, plan, style};
use crate::{CallErrorKind, OperationPlan, ParameterPlan, PathPlan, PathSegment, Serialization, Style};

/// The value of each column of the specification's "Style Examples".
fn columns() -> [Value; 4] {
    [json!(""), json!("blue"), json!(["blue", "black", "brown"]), json!({"R": 100, "G": 200, "B": 150})]
}

fn in_path(parameter: ParameterPlan) -> OperationPlan {
    let segments = vec![literal("/a"), PathSegment::Variable(parameter), literal("/z")];
    OperationPlan { path: PathPlan { segments }, ..plan() }
}

/// What stands for the variable in `/v1/a{color}/z`.
fn path(serialization: Serialization, value: &Value) -> Result<String, CallErrorKind> {
    let request = in_path(parameter("color", serialization))
        .render(&arguments(json!({"color": value})))
        .map_err(|error| error.kind)?;
    let path = request.uri().path().to_owned();
    Ok(path.strip_prefix("/v1/a").unwrap().strip_suffix("/z").unwrap().to_owned())
}

fn query(serialization: Serialization, value: &Value) -> String {
    let plan = OperationPlan { query: vec![optional("color", serialization)], ..plan() };
    let request = plan.render(&arguments(json!({"color": value}))).unwrap();
    request.uri().query().unwrap_or_default().to_owned()
}

fn header(serialization: Serialization, value: &Value) -> Result<String, CallErrorKind> {
    let plan = OperationPlan { headers: vec![parameter("X-Color", serialization)], ..plan() };
    let request = plan.render(&arguments(json!({"X-Color": value}))).map_err(|error| error.kind)?;
    Ok(String::from_utf8(request.headers()["x-color"].as_bytes().to_vec()).unwrap())
}

fn cookie(serialization: Serialization, value: &Value) -> Result<String, CallErrorKind> {
    let plan = OperationPlan { cookies: vec![optional("color", serialization)], ..plan() };
    let request = plan.render(&arguments(json!({"color": value}))).map_err(|error| error.kind)?;
    let header = request.headers().get("cookie");
    Ok(header.map(|value| String::from_utf8(value.as_bytes().to_vec()).unwrap()).unwrap_or_default())
}

#[test]
fn the_style_examples_of_the_specification_in_a_path() {
    let table = [
        (
            Style::Matrix,
            false,
            [";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
        ),
        (
            Style::Matrix,
            true,
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
        ),
        (Style::Label, false, [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"]),
        (Style::Label, true, [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"]),
    ];
    for (kind, explode, expected) in table {
        for (value, expected) in columns().iter().zip(expected) {
            assert_eq!(
                path(style(kind, explode), value).as_deref(),
                Ok(expected),
                "{kind:?} {explode} {value}"
            );
        }
    }
    let table = [
        (false, ["blue", "blue,black,brown", "R,100,G,200,B,150"]),
        (true, ["blue", "blue,black,brown", "R=100,G=200,B=150"]),
    ];
    for (explode, expected) in table {
        for (value, expected) in columns()[1..].iter().zip(expected) {
            assert_eq!(path(style(Style::Simple, explode), value).as_deref(), Ok(expected));
            assert_eq!(header(style(Style::Simple, explode), value).as_deref(), Ok(expected));
        }
        assert_eq!(path(style(Style::Simple, explode), &json!("")), Err(CallErrorKind::InvalidArguments));
        assert_eq!(header(style(Style::Simple, explode), &json!("")).as_deref(), Ok(""));
    }
}

#[test]
fn the_style_examples_of_the_specification_in_a_query() {
    let form = ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"];
    let exploded = ["color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"];
    let space = ["color=", "color=blue", "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"];
    let pipe = ["color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"];
    let tab = ["color=", "color=blue", "color=blue%09black%09brown", "color=R%09100%09G%09200%09B%09150"];
    let table = [
        (Style::Form, false, form),
        (Style::Form, true, exploded),
        (Style::SpaceDelimited, false, space),
        (Style::SpaceDelimited, true, exploded),
        (Style::PipeDelimited, false, pipe),
        (Style::PipeDelimited, true, exploded),
        (Style::TabDelimited, false, tab),
        (
            Style::DeepObject,
            true,
            [
                "color=",
                "color=blue",
                "color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown",
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ],
        ),
    ];
    for (kind, explode, expected) in table {
        for (value, expected) in columns().iter().zip(expected) {
            assert_eq!(query(style(kind, explode), value), expected, "{kind:?} {explode} {value}");
        }
    }
}

#[test]
fn the_style_examples_of_the_specification_in_a_cookie() {
    let table = [
        (false, ["color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"]),
        (true, ["color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"]),
    ];
    for (explode, expected) in table {
        for (value, expected) in columns().iter().zip(expected) {
            for kind in [Style::Form, Style::Cookie] {
                assert_eq!(
                    cookie(style(kind, explode), value).as_deref(),
                    Ok(expected),
                    "{kind:?} {explode}"
                );
            }
        }
    }
}

#[test]
fn delimited_styles_of_version_2_outside_the_query() {
    let list = json!(["a b", "c"]);
    let table = [
        (Style::SpaceDelimited, "a%20b%20c", "a%20b c"),
        (Style::PipeDelimited, "a%20b%7Cc", "a b|c"),
        (Style::TabDelimited, "a%20b%09c", "a b\tc"),
        (Style::Simple, "a%20b,c", "a b,c"),
    ];
    for (kind, in_path, in_header) in table {
        assert_eq!(path(style(kind, false), &list).as_deref(), Ok(in_path));
        assert_eq!(header(style(kind, false), &list).as_deref(), Ok(in_header));
    }
}

/// RFC 6570, section 3.2, with the variables of its section 3.2.1; `keys` is
/// `{"semi":";","dot":".","comma":","}`, which JSON keeps in order.
#[test]
fn expansions_of_rfc_6570_that_openapi_has_styles_for() {
    let keys = json!({"semi": ";", "dot": ".", "comma": ","});
    let list = json!(["red", "green", "blue"]);
    let table = [
        (Style::Simple, false, json!("50%"), "50%25"),
        (Style::Simple, false, json!("Hello World!"), "Hello%20World%21"),
        (Style::Simple, false, keys.clone(), "semi,%3B,dot,.,comma,%2C"),
        (Style::Simple, true, keys.clone(), "semi=%3B,dot=.,comma=%2C"),
        (Style::Label, false, json!("fred"), ".fred"),
        (Style::Label, false, list.clone(), ".red,green,blue"),
        (Style::Label, true, list.clone(), ".red.green.blue"),
        (Style::Label, false, keys.clone(), ".semi,%3B,dot,.,comma,%2C"),
        (Style::Label, true, keys.clone(), ".semi=%3B.dot=..comma=%2C"),
        (Style::Matrix, false, list.clone(), ";color=red,green,blue"),
        (Style::Matrix, true, list.clone(), ";color=red;color=green;color=blue"),
        (Style::Matrix, false, keys.clone(), ";color=semi,%3B,dot,.,comma,%2C"),
        (Style::Matrix, true, keys.clone(), ";semi=%3B;dot=.;comma=%2C"),
    ];
    for (kind, explode, value, expected) in table {
        assert_eq!(path(style(kind, explode), &value).as_deref(), Ok(expected));
    }
    assert_eq!(query(style(Style::Form, false), &keys), "color=semi,%3B,dot,.,comma,%2C");
    assert_eq!(query(style(Style::Form, true), &keys), "semi=%3B&dot=.&comma=%2C");
}

#[test]
fn what_is_reserved_is_encoded_unless_it_may_stay() {
    let reserved = |kind| Serialization::Style { style: kind, explode: true, allow_reserved: true };
    let all = json!(":/?#[]@!$&'()*+,;=% %2c%zz\\\u{e9}\u{0}");
    assert_eq!(
        query(reserved(Style::Form), &all),
        "color=:/?%23%5B%5D@!$%26'()*%2B,;%3D%25%20%2c%25zz%5C%C3%A9%00"
    );
    assert_eq!(
        query(style(Style::Form, true), &all),
        "color=%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%25%20%252c%25zz%5C%C3%A9%00"
    );
    assert_eq!(
        path(reserved(Style::Simple), &all).as_deref(),
        Ok(":%2F%3F%23%5B%5D@!$&'()*+,;=%25%20%2c%25zz%5C%C3%A9%00")
    );
    let segments = vec![literal("/x?q="), PathSegment::Variable(parameter("color", reserved(Style::Simple)))];
    let in_template = OperationPlan { path: PathPlan { segments }, ..plan() };
    let request = in_template.render(&arguments(json!({"color": "a&b=1+/?"}))).unwrap();
    assert_eq!(request.uri().query(), Some("q=a%26b%3D1%2B/?"));
    assert_eq!(
        cookie(style(Style::Form, true), &json!("a b\",;\\%=/\u{e9}\n")).as_deref(),
        Ok("color=a%20b%22%2C%3B%5C%25=/%C3%A9%0A")
    );
    assert_eq!(cookie(style(Style::Cookie, true), &json!("a%20b==")).as_deref(), Ok("color=a%20b=="));
    assert_eq!(
        header(style(Style::Simple, true), &json!("a%20b, \"\u{e9}\"")).as_deref(),
        Ok("a%20b, \"%C3%A9\"")
    );
}

#[test]
fn values_keep_their_text_and_null_is_nothing() {
    let number: Value = serde_json::from_str("[1.10, 12345678901234567890123, -0, 1e-7]").unwrap();
    assert_eq!(query(style(Style::Form, false), &number), "color=1.10,12345678901234567890123,-0,1e-7");
    let integers: Value = serde_json::from_str(
        "[1.0, 1e3, -12.50E1, 0.0, -0.0e5, 0.01e2, 1e17, 1e18, 1.5, 15e-1, 1e999999999999, 100e-2]",
    )
    .unwrap();
    assert_eq!(
        query(style(Style::Form, false), &integers),
        "color=1,1000,-125,0,0,1,100000000000000000,1e%2B18,1.5,15e-1,1e%2B999999999999,1"
    );
    assert_eq!(header(style(Style::Simple, false), &integers[0]).as_deref(), Ok("1"));
    assert_eq!(path(style(Style::Simple, false), &integers[1]).as_deref(), Ok("1000"));
    let table = [
        (json!([null, 1, null]), true, "color=1"),
        (json!([null, 1, null]), false, "color=1"),
        (json!([]), true, ""),
        (json!([]), false, ""),
        (json!([null]), true, ""),
        (json!({}), true, ""),
        (json!({"a": null}), false, ""),
        (json!({"a": null, "b": true}), true, "b=true"),
        (json!([""]), true, "color="),
        (json!(["", "a"]), false, "color=,a"),
        (json!([["x"], {"y": 1}]), true, "color=%5B%22x%22%5D&color=%7B%22y%22%3A1%7D"),
        (json!({"a": [1, 2], "b": {"c": 3}}), true, "a=1&a=2&b=%7B%22c%22%3A3%7D"),
        (json!(null), true, ""),
    ];
    for (value, explode, expected) in table {
        assert_eq!(query(style(Style::Form, explode), &value), expected, "{value} {explode}");
    }
}

#[test]
fn deep_objects_go_deeper() {
    let value = json!({"a": {"b": {"c": 1}}, "d": [1, 2], "e": [{"f": 1, "g": [true]}, {"f": 2}], "h": null, "x": ""});
    let decoded = query(style(Style::DeepObject, true), &value).replace("%5B", "[").replace("%5D", "]");
    assert_eq!(
        decoded,
        "color[a][b][c]=1&color[d][]=1&color[d][]=2&color[e][0][f]=1&color[e][0][g][]=true&color[e][1][f]=2&color[x]="
    );
}

#[test]
fn required_and_undefined_is_empty_and_optional_is_absent() {
    for value in [json!(null), json!([]), json!({})] {
        let arguments = arguments(json!({"color": value}));
        let plan = |parameter| OperationPlan { query: vec![parameter], ..plan() };
        let form = style(Style::Form, true);
        let request = plan(parameter("color", form.clone())).render(&arguments).unwrap();
        assert_eq!(request.uri().query(), Some("color="));
        let request = plan(optional("color", form)).render(&arguments).unwrap();
        assert_eq!(request.uri().query(), None);
    }
    let plan = OperationPlan { query: vec![parameter("color", style(Style::Form, true))], ..plan() };
    let error = plan.render(&arguments(json!({}))).unwrap_err();
    assert_eq!(error.message, "`color`: required, but missing");
}

#[test]
fn content_parameters_and_whole_querystrings() {
    let json_content = || Serialization::Content { media_type: "application/json".to_owned() };
    let value = json!({"a": ["\u{e9}", 1.5]});
    let encoded = "%7B%22a%22%3A%5B%22%C3%A9%22%2C1.5%5D%7D";
    assert_eq!(query(json_content(), &value), format!("color={encoded}"));
    assert_eq!(path(json_content(), &value).as_deref(), Ok(encoded));
    assert_eq!(header(json_content(), &value).as_deref(), Ok("{\"a\":[\"\\u00e9\",1.5]}"));
    assert_eq!(cookie(json_content(), &value).as_deref(), Ok("color={%22a%22:[%22%C3%A9%22%2C1.5]}"));
    let text = Serialization::Content { media_type: "text/plain".to_owned() };
    assert_eq!(query(text, &json!("a b")), "color=a%20b");

    let whole = |media_type: &str| Serialization::Querystring {
        media_type: media_type.to_owned(),
        form: crate::FormPlan::default(),
    };
    assert_eq!(query(whole("application/json"), &value), encoded);
    assert_eq!(
        query(whole("application/x-www-form-urlencoded"), &json!({"a b": [1, 2], "c": {"d": 1}, "e": null})),
        "a%20b=1&a%20b=2&c=%7B%22d%22%3A1%7D"
    );
    let mut form = crate::FormPlan::default();
    let serialization = style(Style::PipeDelimited, false);
    form.fields.insert("ids".to_owned(), crate::FieldPlan { serialization });
    let planned =
        Serialization::Querystring { media_type: "application/x-www-form-urlencoded".to_owned(), form };
    assert_eq!(query(planned, &json!({"ids": [1, 2], "x": 3})), "ids=1%7C2&x=3");
    let form = Serialization::Content { media_type: "application/x-www-form-urlencoded".to_owned() };
    assert_eq!(query(form, &json!({"a": "b c"})), "color=a%3Db%2520c");
    assert_eq!(query(whole("application/jsonpath"), &json!("$.a.b[1:1]")), "%24.a.b%5B1%3A1%5D");
}

#[test]
fn no_value_leaves_its_segment() {
    for (kind, value) in [
        (Style::Simple, json!("a/../b?c#d\\..")),
        (Style::Simple, json!("%2e%2e%2f")),
        (Style::Matrix, json!("../..")),
    ] {
        let rendered = path(style(kind, false), &value).unwrap();
        assert!(!rendered.contains(['/', '?', '#', '\\']), "{rendered}");
    }
    let alone = |parameter: ParameterPlan| {
        let segments = vec![literal("/a/"), PathSegment::Variable(parameter), literal("/z")];
        OperationPlan { path: PathPlan { segments }, ..plan() }
    };
    let refused = [
        (Style::Simple, false, "."),
        (Style::Simple, false, ".."),
        (Style::Simple, true, "%2e."),
        (Style::Simple, true, "%2E%2e"),
        (Style::Simple, true, "..;x=y"),
        (Style::Simple, false, ""),
        (Style::Label, false, "."),
        (Style::Label, false, ""),
    ];
    for (kind, allow_reserved, value) in refused {
        let serialization = Serialization::Style { style: kind, explode: false, allow_reserved };
        let error = alone(parameter("p", serialization)).render(&arguments(json!({"p": value}))).unwrap_err();
        assert_eq!(error.kind, CallErrorKind::InvalidArguments, "{value}");
        assert!(error.message.starts_with("`p`: "), "{}", error.message);
    }
    for (value, expected) in
        [("...", "/v1/a/.../z"), ("%2e%2e", "/v1/a/%252e%252e/z"), ("a..", "/v1/a/a../z")]
    {
        let request = alone(parameter("p", style(Style::Simple, false)))
            .render(&arguments(json!({"p": value})))
            .unwrap();
        assert_eq!(request.uri().path(), expected);
    }
}

#[test]
fn headers_that_are_not_for_parameters_and_values_that_are_not_for_headers() {
    let names =
        ["Host", "content-length", "Transfer-Encoding", "Connection", "Accept", "Content-Type", "Cookie"];
    let headers = names.iter().map(|name| parameter(name, style(Style::Simple, false))).collect();
    let values: Value =
        names.iter().map(|name| ((*name).to_owned(), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let request = OperationPlan { headers, ..plan() }.render(&arguments(values)).unwrap();
    assert_eq!(request.headers().len(), 1);
    assert_eq!(request.headers()["accept"], "application/json");
    for value in ["a\r\nX: b", "a\nb", "a\0", "\u{7f}"] {
        assert_eq!(header(style(Style::Simple, false), &json!(value)), Err(CallErrorKind::InvalidArguments));
        assert_eq!(cookie(style(Style::Cookie, false), &json!(value)), Err(CallErrorKind::InvalidArguments));
    }
    assert_eq!(cookie(style(Style::Cookie, true), &json!(["a; b=c"])), Err(CallErrorKind::InvalidArguments));
}

#[test]
fn items_of_a_header_stay_apart() {
    let table = [
        (false, json!(["a,b", "c%", "d%2F"]), "a%2Cb,c%,d%2F"),
        (false, json!(["a%2Cb", "%25", "%c3", "%,"]), "a%252Cb,%2525,%25c3,%%2C"),
        (false, json!("a%2Cb"), "a%2Cb"),
        (false, json!({"role": "user,admin,true"}), "role,user%2Cadmin%2Ctrue"),
        (true, json!({"a=b": "c=d,e"}), "a%3Db=c=d%2Ce"),
        (true, json!(["a=b"]), "a=b"),
        (false, json!("a,b"), "a,b"),
    ];
    for (explode, value, expected) in table {
        assert_eq!(header(style(Style::Simple, explode), &value).as_deref(), Ok(expected), "{value}");
    }
}

#[test]
fn requests_that_cannot_be_made() {
    let unknown = OperationPlan { base: None, ..plan() }.render(&arguments(json!({}))).unwrap_err();
    assert_eq!(unknown.kind, CallErrorKind::ServerUnknown);
    let long = OperationPlan { query: vec![optional("q", style(Style::Form, true))], ..plan() }
        .render(&arguments(json!({"q": "x".repeat(70_000)})))
        .unwrap_err();
    assert_eq!(long.kind, CallErrorKind::RequestNotRenderable);
}

#[test]
fn arguments_in_groups_and_under_other_names() {
    let mut grouped = parameter("filter[x]", style(Style::Form, true));
    grouped.argument = crate::ArgumentPath(vec!["query".to_owned(), "filter_x".to_owned()]);
    let request = OperationPlan { query: vec![grouped], ..plan() }
        .render(&arguments(json!({"query": {"filter_x": 1}})))
        .unwrap();
    assert_eq!(request.uri(), "https://api.example.com/v1/things?filter%5Bx%5D=1");
}

#[test]
fn servers_of_every_shape() {
    for (base, expected) in [
        ("http://[::1]:8080", "http://[::1]:8080/things"),
        ("https://b\u{fc}cher.example/a%20b/", "https://xn--bcher-kva.example/a%20b/things"),
        ("https://api.example.com:443", "https://api.example.com/things"),
    ] {
        let base = Some(crate::BaseUrl::parse(base).unwrap());
        let request = OperationPlan { base, ..plan() }.render(&arguments(json!({}))).unwrap();
        assert_eq!(request.uri(), expected);
    }
    for (template, expected) in [
        ("/things?action=list", "/v1/things?action=list&q=1"),
        ("/things?", "/v1/things?q=1"),
        ("/things?a&", "/v1/things?a&q=1"),
        ("/things#list", "/v1/things%23list?q=1"),
        ("/a b\"<>^`{}\\|[]\u{e9}\u{7f}", "/v1/a%20b%22%3C%3E%5E%60%7B%7D%5C%7C%5B%5D%C3%A9%7F?q=1"),
        ("/a%20b%zz%", "/v1/a%20b%25zz%25?q=1"),
        ("/a:b@c;d=e,f!$&'()*+~?g/h", "/v1/a:b@c;d=e,f!$&'()*+~?g/h&q=1"),
    ] {
        let path = PathPlan { segments: vec![literal(template)] };
        let query = vec![optional("q", style(Style::Form, true))];
        let request = OperationPlan { path, query, ..plan() }.render(&arguments(json!({"q": 1}))).unwrap();
        assert_eq!(request.uri().path_and_query().unwrap(), expected, "{template}");
    }
}

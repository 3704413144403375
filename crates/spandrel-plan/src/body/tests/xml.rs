//! XML bodies.

use serde_json::{Value, json};

use super::body_of;
use crate::{BodyEncoding, XmlNode, XmlPlan, XmlShape};

fn xml(shapes: Vec<XmlShape>, value: &Value) -> Result<String, String> {
    let plan = XmlPlan { root: "pet".to_owned(), shape: 0, shapes };
    let body = body_of("application/xml", BodyEncoding::Xml(plan), value)?;
    Ok(body.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#).unwrap().to_owned())
}

fn shape(name: Option<&str>) -> XmlShape {
    XmlShape { name: name.map(str::to_owned), ..XmlShape::default() }
}

#[test]
fn xml_without_shapes_and_with_hostile_values() {
    let table = [
        (
            json!({"a": "<&>\"'\r", "b": [1, true], "c": {"d": ""}}),
            Ok("<pet><a>&lt;&amp;&gt;\"'&#13;</a><b>1</b><b>true</b><c><d></d></c></pet>"),
        ),
        (
            json!({"a": null}),
            Ok(r#"<pet><a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></a></pet>"#),
        ),
        (json!([1, 2]), Ok("<pet><pet>1</pet><pet>2</pet></pet>")),
        (json!("x"), Ok("<pet>x</pet>")),
        (json!({"a": "\u{0}"}), Err("`a`: sent as XML, which cannot hold control characters")),
        (json!({"a><b": 1}), Err("`a><b`: cannot be the name of an XML element or attribute")),
    ];
    for (value, expected) in table {
        assert_eq!(xml(Vec::new(), &value), expected.map(str::to_owned).map_err(str::to_owned), "{value}");
    }
    let document = json!("<a>ready</a>");
    let encoding = BodyEncoding::Xml(XmlPlan::default());
    assert_eq!(body_of("application/xml", encoding, &document).unwrap(), "<a>ready</a>");
}

#[test]
fn xml_attributes_and_namespaces() {
    let mut root = shape(None);
    root.namespace = Some("https://example.com/schema".to_owned());
    root.prefix = Some("s".to_owned());
    root.properties.insert("id".to_owned(), 1);
    root.properties.insert("name".to_owned(), 2);
    let mut id = shape(Some("ID"));
    id.node = XmlNode::Attribute;
    let mut name = shape(None);
    name.prefix = Some("s".to_owned());
    name.namespace.clone_from(&root.namespace);
    let value = json!({"name": "Rex", "id": "a\"<\n"});
    assert_eq!(
        xml(vec![root, id, name], &value).unwrap(),
        r#"<s:pet xmlns:s="https://example.com/schema" ID="a&quot;&lt;&#10;"><s:name>Rex</s:name></s:pet>"#
    );
}

/// "Elements With Attributes And Text" and "Ordered Elements and Text" of OAS 3.2.
#[test]
fn xml_nodes_that_are_no_elements() {
    let node = |node| XmlShape { node, ..XmlShape::default() };
    let of = |members: &[(&str, usize)]| {
        let mut shape = shape(None);
        shape.properties.extend(members.iter().map(|(name, index)| ((*name).to_owned(), *index)));
        shape
    };
    let animal = vec![of(&[("kind", 1), ("name", 2)]), node(XmlNode::Attribute), node(XmlNode::Text)];
    assert_eq!(
        xml(animal, &json!({"name": "Fluffy", "kind": "Cat"})).unwrap(),
        r#"<pet kind="Cat">Fluffy</pet>"#
    );
    let document = || vec![of(&[("content", 1)]), node(XmlNode::Cdata)];
    assert_eq!(
        xml(document(), &json!({"content": "<b>]]>&</b>\r"})).unwrap(),
        "<pet><![CDATA[<b>]]]]><![CDATA[>&</b>]]>&#13;<![CDATA[]]></pet>"
    );
    assert!(xml(document(), &json!({"content": "\u{1}"})).is_err());
    let mut group = of(&[("id", 2), ("name", 3)]);
    group.node = XmlNode::None;
    let grouped = vec![of(&[("group", 1)]), group, node(XmlNode::Attribute), shape(None)];
    assert_eq!(
        xml(grouped, &json!({"group": {"id": 1, "name": "x"}})).unwrap(),
        r#"<pet id="1"><name>x</name></pet>"#
    );
    let report = XmlShape { first_items: vec![1, 2, 1], ..shape(None) };
    let report = vec![report, node(XmlNode::Text), shape(Some("data"))];
    assert_eq!(
        xml(report, &json!(["Before. ", 42, " After."])).unwrap(),
        "<pet>Before. <data>42</data> After.</pet>"
    );
}

/// "XML Arrays" of OAS 3.1.1, in its order.
#[test]
fn xml_arrays_of_the_specification() {
    let table = [
        (None, false, Some("animal"), "<animal>value</animal><animal>value</animal>"),
        (Some("aliens"), false, Some("animal"), "<animal>value</animal><animal>value</animal>"),
        (None, true, None, "<animals><animals>value</animals><animals>value</animals></animals>"),
        (None, true, Some("animal"), "<animals><animal>value</animal><animal>value</animal></animals>"),
        (
            Some("aliens"),
            true,
            Some("animal"),
            "<aliens><animal>value</animal><animal>value</animal></aliens>",
        ),
        (Some("aliens"), true, None, "<aliens><aliens>value</aliens><aliens>value</aliens></aliens>"),
    ];
    for (array_name, wrapped, item_name, expected) in table {
        let mut root = shape(None);
        root.properties.insert("animals".to_owned(), 1);
        let array = XmlShape { wrapped, items: Some(2), ..shape(array_name) };
        let shapes = vec![root, array, shape(item_name)];
        let value = json!({"animals": ["value", "value"]});
        assert_eq!(
            xml(shapes, &value).unwrap(),
            format!("<pet>{expected}</pet>"),
            "{array_name:?} {wrapped}"
        );
    }
}

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_precision_loss, reason = "tests")]

use std::collections::BTreeMap;

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::json;

use crate::{EmbeddingModel, ModelError, ModelFiles};

/// Weights of the given shapes, with numbers that tell each place from another.
fn weights(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let number = |tensor: usize, place: usize| ((place + 1) as f32 * 0.37 + tensor as f32 * 1.3).sin();
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .enumerate()
        .map(|(tensor, (_, shape))| {
            (0..shape.iter().product()).flat_map(|place| number(tensor, place).to_le_bytes()).collect()
        })
        .collect();
    file(tensors.iter().zip(&bytes).map(|((name, shape), bytes)| (*name, *shape, bytes.as_slice())))
}

fn file<'b>(tensors: impl Iterator<Item = (&'b str, &'b [usize], &'b [u8])>) -> Vec<u8> {
    let views: BTreeMap<&str, TensorView<'_>> = tensors
        .map(|(name, shape, bytes)| (name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap()))
        .collect();
    safetensors::serialize(views, None).unwrap()
}

/// A tokenizer of five words, the last two of which stand at the ends of a text.
fn tokenizer() -> Vec<u8> {
    let special = |id: u32, content: &str| {
        json!({"id": id, "content": content, "special": true, "single_word": false, "lstrip": false,
               "rstrip": false, "normalized": false})
    };
    let template = |id: &str| json!({"SpecialToken": {"id": id, "type_id": 0}});
    json!({
        "version": "1.0",
        "added_tokens": [special(3, "[CLS]"), special(4, "[SEP]")],
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [template("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, template("[SEP]")],
            "pair": [],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [3], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [4], "tokens": ["[SEP]"]},
            },
        },
        "model": {"type": "WordLevel", "unk_token": "?",
                  "vocab": {"?": 0, "delete": 1, "user": 2, "[CLS]": 3, "[SEP]": 4}},
    })
    .to_string()
    .into_bytes()
}

const BERT: &[(&str, &[usize])] = &[
    ("embeddings.word_embeddings.weight", &[5, 4]),
    ("embeddings.position_embeddings.weight", &[8, 4]),
    ("embeddings.token_type_embeddings.weight", &[2, 4]),
    ("embeddings.LayerNorm.weight", &[4]),
    ("embeddings.LayerNorm.bias", &[4]),
    ("encoder.layer.0.attention.self.query.weight", &[4, 4]),
    ("encoder.layer.0.attention.self.query.bias", &[4]),
    ("encoder.layer.0.attention.self.key.weight", &[4, 4]),
    ("encoder.layer.0.attention.self.key.bias", &[4]),
    ("encoder.layer.0.attention.self.value.weight", &[4, 4]),
    ("encoder.layer.0.attention.self.value.bias", &[4]),
    ("encoder.layer.0.attention.output.dense.weight", &[4, 4]),
    ("encoder.layer.0.attention.output.dense.bias", &[4]),
    ("encoder.layer.0.attention.output.LayerNorm.weight", &[4]),
    ("encoder.layer.0.attention.output.LayerNorm.bias", &[4]),
    ("encoder.layer.0.intermediate.dense.weight", &[6, 4]),
    ("encoder.layer.0.intermediate.dense.bias", &[6]),
    ("encoder.layer.0.output.dense.weight", &[4, 6]),
    ("encoder.layer.0.output.dense.bias", &[4]),
    ("encoder.layer.0.output.LayerNorm.weight", &[4]),
    ("encoder.layer.0.output.LayerNorm.bias", &[4]),
];

fn bert(heads: usize, pooling: Option<&[u8]>) -> Result<EmbeddingModel, ModelError> {
    let config = json!({"num_attention_heads": heads, "num_hidden_layers": 1}).to_string();
    let files = ModelFiles {
        weights: &weights(BERT),
        tokenizer: &tokenizer(),
        config: Some(config.as_bytes()),
        pooling,
    };
    EmbeddingModel::read(&files)
}

fn close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} is not {expected:?}");
}

const MEAN: [f32; 4] = [0.427_576_7, 0.462_621_3, 0.775_641_4, 0.039_245_01];
const FIRST: [f32; 4] = [0.421_548_38, 0.458_222_75, 0.782_313_4, -0.017_736_2];

/// The numbers are those of an independent calculation of the same layers.
#[test]
fn an_encoder_gives_the_vectors_that_another_calculation_gives() {
    close(&bert(2, None).unwrap().embed("delete user").unwrap(), &MEAN);
    let first = br#"{"pooling_mode_cls_token": true}"#;
    close(&bert(2, Some(first)).unwrap().embed("delete user").unwrap(), &FIRST);
}

#[test]
fn a_static_model_gives_the_mean_of_its_tokens() {
    let numbers: Vec<u8> =
        [9.0_f32, 9.0, 3.0, 0.0, 0.0, 4.0].iter().flat_map(|number| number.to_le_bytes()).collect();
    let weights = file([("embeddings", [3_usize, 2].as_slice(), numbers.as_slice())].into_iter());
    let files = ModelFiles { weights: &weights, tokenizer: &tokenizer(), config: None, pooling: None };
    let model = EmbeddingModel::read(&files).unwrap();
    close(&model.embed("delete user").unwrap(), &[0.6, 0.8]);
    close(&model.embed("").unwrap(), &[0.0, 0.0]);
}

#[test]
fn a_long_text_is_read_as_far_as_the_model_can() {
    let model = bert(2, None).unwrap();
    let vector = model.embed(&"delete user ".repeat(1_000)).unwrap();
    assert!(vector.iter().all(|value| value.is_finite()));
}

#[test]
fn what_is_no_such_model_is_refused() {
    let read = |weights: &[u8], tokenizer: &[u8], config: Option<&[u8]>| {
        EmbeddingModel::read(&ModelFiles { weights, tokenizer, config, pooling: None }).err().unwrap()
    };
    let (bytes, tokenizer) = (weights(BERT), tokenizer());
    assert!(matches!(read(b"nonsense", &tokenizer, None), ModelError::Weights(_)));
    assert!(matches!(read(&bytes, b"nonsense", None), ModelError::Tokenizer(_)));
    assert!(matches!(read(&bytes, &tokenizer, None), ModelError::Config(_)));
    assert!(matches!(read(&bytes, &tokenizer, Some(b"{}")), ModelError::Config(_)));
    assert!(matches!(read(&weights(&[("other", &[1])]), &tokenizer, None), ModelError::UnknownKind));
    let config = br#"{"num_attention_heads": 2, "num_hidden_layers": 1}"#;
    assert!(matches!(read(&weights(&BERT[..20]), &tokenizer, Some(config)), ModelError::Tensor { .. }));
    assert!(
        matches!(bert(3, None).err().unwrap(), ModelError::Tensor { .. }),
        "three heads for four columns"
    );
    assert!(matches!(bert(0, None).err().unwrap(), ModelError::Tensor { .. }));
}

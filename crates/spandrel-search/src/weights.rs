//! What each kind of evidence counts: every number of the ranking, in one place. They were found by trying
//! them on the intents of `fixtures/search/intents/tuning`.

use crate::evidence::Field;

/// The numbers of the ranking.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    /// What a word in the summary counts; the description's first sentence where there is none.
    pub(crate) title: f32,
    /// In the operation's name.
    pub(crate) name: f32,
    /// In the last segment of the path that is not a parameter.
    pub(crate) resource: f32,
    /// In the segments before it.
    pub(crate) ancestors: f32,
    /// In a tag.
    pub(crate) tag: f32,
    /// In the description.
    pub(crate) description: f32,
    /// In the name of an argument.
    pub(crate) argument: f32,
    /// In what is said of an argument.
    pub(crate) argument_text: f32,
    /// In the name of a property of the result.
    pub(crate) result: f32,
    /// In a value that an argument or a property can have.
    pub(crate) value: f32,
    /// How soon more of the same word says no more (the k1 of BM25).
    pub(crate) saturation: f32,
    /// What a meaning counts of a word that the document itself uses.
    pub(crate) meaning_of_known: f32,
    /// What a word counts that was not written but nearly.
    pub(crate) misspelt: f32,
    /// What a longer word counts that begins as the written one.
    pub(crate) begun: f32,
    /// What a part of a phrase counts beside the phrase.
    pub(crate) part_of_phrase: f32,
    /// What a part's own meanings count beside the phrase's.
    pub(crate) meaning_of_part: f32,
    /// What a word for what is to be done counts beside one for what it is done to.
    pub(crate) verb: f32,
    /// What it counts that the operation does what is asked for.
    pub(crate) action: f32,
    /// What it counts that the request speaks of all that heads the operation.
    pub(crate) heading: f32,
    /// What it counts that the operation has something of each thing that the request speaks of.
    pub(crate) coverage: f32,
    /// What each segment of the path takes away.
    pub(crate) depth: f32,
    /// What nearness of meaning counts beside words, where a model tells it: from 0 to 1.
    pub(crate) nearness: f32,
}

impl Weights {
    pub(crate) const TUNED: Self = Self {
        title: 4.0,
        name: 2.0,
        resource: 3.0,
        ancestors: 1.0,
        tag: 1.0,
        description: 1.0,
        argument: 0.6,
        argument_text: 0.25,
        result: 0.2,
        value: 0.25,
        saturation: 1.2,
        meaning_of_known: 0.6,
        misspelt: 0.8,
        begun: 0.5,
        part_of_phrase: 0.8,
        meaning_of_part: 0.6,
        verb: 0.7,
        action: 0.25,
        heading: 0.5,
        coverage: 0.3,
        depth: 0.02,
        nearness: 0.45,
    };

    /// What a word in `field` counts.
    pub(crate) fn of_field(&self, field: Field) -> f32 {
        match field {
            Field::Title => self.title,
            Field::Name => self.name,
            Field::Resource => self.resource,
            Field::Ancestors => self.ancestors,
            Field::Tag => self.tag,
            Field::Description => self.description,
            Field::Argument => self.argument,
            Field::ArgumentText => self.argument_text,
            Field::Result => self.result,
            Field::Value => self.value,
        }
    }
}

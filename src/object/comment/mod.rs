//! Comments on objects of any kind.

pub(crate) mod introspect;
pub(crate) mod parse;
pub(crate) mod render;

use serde::{Deserialize, Serialize};

use super::{Comparison, Definition, Kind, ObjectId, Visitor};

/// A comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// What it speaks about. For a constraint's index, see [`Kind::Index`].
    pub on: ObjectId,
    /// Its text.
    pub text: String,
}

/// A change of a comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentChange {
    /// `COMMENT ON ... IS`.
    Text(String),
}

impl Definition for Comment {
    type Change = CommentChange;

    fn id(&self) -> ObjectId {
        ObjectId::satellite(Kind::Comment, &self.on)
    }

    fn parent(&self) -> Option<ObjectId> {
        Some(self.on.clone())
    }

    fn visit(&mut self, _visitor: &mut dyn Visitor) {}

    fn rename(&mut self, to: &ObjectId) {
        if let Some(on) = &to.on {
            self.on = (**on).clone();
        }
    }

    fn compare(&self, desired: &Self) -> Comparison<CommentChange> {
        Comparison::of(if self.text == desired.text {
            vec![]
        } else {
            vec![CommentChange::Text(desired.text.clone())]
        })
    }

    fn apply(&mut self, change: &CommentChange) {
        match change {
            CommentChange::Text(text) => self.text.clone_from(text),
        }
    }
}

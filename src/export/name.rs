//! Names of files and classes.

use super::Segment;

const LONGEST: usize = 80;

/// Lower-case letters, digits and single underscores.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('_').to_owned()
}

/// The name of a migration: what it belongs to, the step, and what it does. It begins with a letter.
pub(super) fn migration(name: &str, segment: &Segment) -> String {
    let name = slug(name);
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
    let name = if name.is_empty() { "plan" } else { name };
    let step = slug(&segment.step);
    let mut text = format!("{name}_{step}_{}", slug(&segment.title.replace("public.", "")));
    text.truncate(LONGEST.max(name.len() + step.len() + 1));
    text.trim_end_matches('_').to_owned()
}

/// `add_column_2` as `AddColumn2`.
pub(super) fn class(slug: &str) -> String {
    slug.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        })
        .collect()
}

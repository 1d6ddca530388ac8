//! Lines for a terminal of a given width: broken at spaces, so that no word is cut, and what follows stands under the text it belongs to.

/// A text behind `head`, in lines of at most `width` characters, the later ones behind `hang` spaces. What stands between backticks is
/// there to be copied and stays on one line where one can hold it; a longer word stands out.
pub(crate) fn hanging(head: &str, text: &str, hang: usize, width: usize) -> String {
    let mut out = String::new();
    let mut line = head.to_owned();
    let mut length = head.chars().count();
    let mut is_empty = true;
    for unit in units(text, width.saturating_sub(hang)) {
        let long = unit.chars().count();
        if !is_empty && length + 1 + long > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(hang);
            length = hang;
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(&unit);
        length += long;
        is_empty = false;
    }
    out.push_str(line.trim_end());
    out
}

/// Lines of at most so many characters.
pub(crate) fn paragraph(text: &str, width: usize) -> String {
    hanging("", text, 0, width)
}

/// Each line of a text that is wider than `width`, broken. Lines behind four spaces and more are SQL, as in Markdown, and stay.
pub(crate) fn lines(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        if body.starts_with("    ") || body.chars().count() <= width {
            out.push_str(body);
        } else {
            let at = text_start(body);
            let (head, rest) = body.split_at(at);
            let hang = if head.trim().is_empty() {
                at + 2
            } else {
                head.chars().count()
            };
            out.push_str(&hanging(head, rest, hang, width));
        }
        out.push_str(end);
    }
    out
}

/// Labels are not wider, columns before a text not farther right.
const WIDEST_LABEL: usize = 9;
const LAST_COLUMN: usize = 45;

/// The byte at which the text of a line begins: behind its columns, which two spaces end, or behind a label such as `note:`.
fn text_start(line: &str) -> usize {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let starts_word = |at: &usize| *at > indent && line[..*at].ends_with("  ") && !line[*at..].starts_with(' ');
    let columns = line
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= LAST_COLUMN);
    columns.filter(starts_word).last().unwrap_or_else(|| {
        let first = line[indent..].split(' ').next().unwrap_or_default();
        if first.ends_with(':') && first.len() <= WIDEST_LABEL && line.len() > indent + first.len() {
            indent + first.len() + 1
        } else {
            indent
        }
    })
}

/// Words, those between backticks together where they fit in `most` characters.
fn units(text: &str, most: usize) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_odd = |word: &str| word.matches('`').count() % 2 == 1;
    let mut units = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let close = is_odd(words[at])
            .then(|| (at + 1..words.len()).find(|next| is_odd(words[*next])))
            .flatten();
        let together = close.map(|close| (close, words[at..=close].join(" ")));
        match together.filter(|(_, unit)| unit.chars().count() <= most) {
            Some((close, unit)) => {
                units.push(unit);
                at = close;
            }
            None => units.push(words[at].to_owned()),
        }
        at += 1;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_under_text() {
        for (line, broken) in [
            ("note: one two three four", "note: one two\n      three\n      four"),
            (" hint: one two three", " hint: one two\n       three"),
            (
                "a-rule   error    one two",
                "a-rule   error    one\n                  two",
            ),
            (
                "step-1     one two three",
                "step-1     one\n           two\n           three",
            ),
            ("one two three four", "one two three\n  four"),
            ("  one two three four", "  one two\n    three four"),
            ("say `a b c` now or never", "say `a b c`\n  now or never"),
            ("averyveryverylongword", "averyveryverylongword"),
            ("    SELECT 1 FROM somewhere", "    SELECT 1 FROM somewhere"),
            ("a ` alone is no quote", "a ` alone is\n  no quote"),
        ] {
            assert_eq!(lines(line, 14), broken, "{line}");
        }
        assert_eq!(lines("one\n\ntwo three\n", 5), "one\n\ntwo\n  three\n");
        assert_eq!(paragraph("one  two\nthree", 7), "one two\nthree");
    }
}

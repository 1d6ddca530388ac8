//! The form of last resort: the tokens of a text, spelled one way. Used where no tree can be built.

use super::print;
use super::token::{Kind, Token};
use super::words::is_key_word;

/// Tokens joined by single spaces: key words upper case, every other name quoted, strings in one style.
pub(super) fn flat(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    for token in tokens {
        if !out.is_empty() {
            out.push(' ');
        }
        match token.kind {
            Kind::Word if is_key_word(&token.text) => out.push_str(&token.text.to_ascii_uppercase()),
            Kind::Word | Kind::Quoted => print::quote_name(&mut out, &token.text),
            Kind::Text => print::quote_text(&mut out, &token.text),
            Kind::Bits => {
                let (prefix, digits) = token.text.split_at(1);
                out.push_str(prefix);
                print::quote_text(&mut out, digits);
            }
            Kind::Number => out.push_str(&print::number(&token.text)),
            Kind::Operator if token.text == "!=" => out.push_str("<>"),
            Kind::Param | Kind::Operator | Kind::Mark | Kind::Broken => out.push_str(&token.text),
        }
    }
    out
}

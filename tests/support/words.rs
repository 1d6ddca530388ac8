//! Lines of a shell as the words that a program gets.

/// The words of the first command in a line, without quotes; a comment, a pipe or a redirection ends it.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), letter) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '|' | '>' | ';' | '&') => break,
            (None, '#') if word.is_none() => break,
            (None, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// What the command line of pgphase says to a line of a shell, where it is not understood.
pub(crate) fn refusal(line: &str) -> Option<String> {
    use clap::Parser;
    let words = words(line);
    let refused = pgphase::cli::Cli::try_parse_from(&words).err()?;
    // `--help` and `--version` are no mistakes.
    refused.use_stderr().then(|| format!("{line}\n{words:?}\n{refused}"))
}

#[test]
fn a_line_becomes_words() {
    let line = "pgphase plan -d \"$URL\" --approve 'data-loss:column public.a' '' > out # why";
    let wanted = [
        "pgphase",
        "plan",
        "-d",
        "$URL",
        "--approve",
        "data-loss:column public.a",
        "",
    ];
    assert_eq!(words(line), wanted);
}

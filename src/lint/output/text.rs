//! Text with a piece of the source and a mark under what is meant.

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level as Shown, Renderer, Snippet};

use crate::lint::{Finding, Level, Report};
use crate::wrap::paragraph;

/// What stands beside the source: its number and the bar, and dots where it is cut.
const MARGIN: usize = 16;

/// In less, nothing can be read behind a label.
const NARROWEST: usize = 30;

/// The findings for a terminal, with colours, which whoever prints takes away where nobody sees them.
///
/// Messages are broken at `width` columns where one is given; lines of the source stay as they are.
pub fn text(report: &Report, width: Option<usize>) -> String {
    let renderer = Renderer::styled().term_width(width.unwrap_or(DEFAULT_TERM_WIDTH));
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&one(finding, report, &renderer, width));
        out.push_str("\n\n");
    }
    out
}

fn one(finding: &Finding, report: &Report, renderer: &Renderer, width: Option<usize>) -> String {
    let source = report.text(&finding.span.file);
    let (start, end) = (finding.span.start, finding.span.end);
    // Only the lines it is on: a long file is not looked through for each finding.
    let from = source
        .get(..start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let to = source
        .get(end..)
        .and_then(|after| after.find('\n'))
        .map_or(source.len(), |at| end + at);
    let window = source.get(from..to).unwrap_or_default();
    // A mark that is wider than the terminal would keep the line from being cut to it.
    let marked = source.get(start..end).unwrap_or_default();
    let most = width
        .unwrap_or(DEFAULT_TERM_WIDTH)
        .saturating_sub(MARGIN)
        .max(NARROWEST);
    let end = match marked.char_indices().nth(most) {
        Some((at, _)) if !marked.contains('\n') => start + at,
        _ => end,
    };
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info | Level::Off => Shown::INFO,
    };
    let snippet = Snippet::source(window)
        .line_start(finding.span.line)
        .path(&*finding.span.file)
        .annotation(AnnotationKind::Primary.span(start - from..end.max(start) - from));
    // The later lines stand under the first, which the renderer sees to.
    let broken = |text: &str, label: usize| match width {
        Some(width) => paragraph(text, width.saturating_sub(label).max(NARROWEST)),
        None => text.to_owned(),
    };
    let message = broken(&finding.message, format!("{}[{}]: ", finding.level, finding.rule).len());
    let digits = (finding.span.end_line).to_string().len();
    let fix = broken(&finding.fix, digits + " = help: ".len());
    let group = level
        .primary_title(message.as_str())
        .id(finding.rule)
        .element(snippet)
        .element(Shown::HELP.message(fix.as_str()));
    renderer.render(&[group])
}

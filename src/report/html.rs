//! The review as one page: no network, no scripts. What folds is `<details>`, what jumps is a link, so the keyboard reaches
//! everything; colours follow the reader's scheme.

use std::fmt::Write as _;

use super::applications::list;
use super::text::finds;
use super::{Duration, Phase, Report, Sees, StepReport, Undo, count, svg};
use crate::render::script::comment_text;

const STYLE: &str = include_str!("style.css");

/// The report as an HTML page.
pub fn html(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, report);
    out
}

/// A text as text, in elements and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

fn write(out: &mut String, report: &Report) -> std::fmt::Result {
    let name = escape(&report.name);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{name}: review</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{name}</h1>\n\
         <p class=\"verdict\">{} {}</p>",
        risk(report),
        escape(&report.verdict.summary)
    )?;
    losses(out, report)?;
    writeln!(out, "</header>")?;
    if !report.steps.is_empty() {
        writeln!(
            out,
            "<nav aria-label=\"Parts\"><a href=\"#deploy\">When to deploy</a> <a href=\"#hazards\">Hazards</a> \
             <a href=\"#steps\">Steps</a> <a href=\"#order\">Order</a> <a href=\"#locks\">Locks</a> \
             <a href=\"#tables\">Tables</a> <a href=\"#schema\">Schema</a> <a href=\"#notes\">Notes</a></nav>"
        )?;
    }
    writeln!(out, "<main>")?;
    if !report.steps.is_empty() {
        timeline(out, report)?;
        hazards(out, report)?;
        reach(out, report)?;
        steps(out, report)?;
        order(out, report)?;
        locks(out, report)?;
        tables(out, report)?;
        schema(out, report)?;
    }
    notes(out, report)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

fn risk(report: &Report) -> String {
    let word = report.verdict.risk.word();
    format!("<strong class=\"risk {word}\">risk: {word}</strong>")
}

fn losses(out: &mut String, report: &Report) -> std::fmt::Result {
    let going = [
        ("danger", "Data is lost for good", &report.destroys),
        ("replaced", "Replaced, with the same values", &report.replaces),
    ];
    for (class, title, list) in going.into_iter().filter(|(_, _, list)| !list.is_empty()) {
        writeln!(out, "<section class=\"{class}\">\n<h2>{title}</h2>\n<ul>")?;
        for loss in list {
            writeln!(
                out,
                "<li>{} ({}, {})</li>",
                escape(&loss.loses),
                link(&loss.step),
                approval(loss.approved)
            )?;
        }
        writeln!(out, "</ul>\n</section>")?;
    }
    Ok(())
}

fn approval(approved: bool) -> &'static str {
    if approved {
        "approved"
    } else {
        "<strong>not approved</strong>"
    }
}

fn link(step: &str) -> String {
    let id = escape(step);
    format!("<a href=\"#step-{id}\">{id}</a>")
}

fn timeline(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"deploy\">\n<h2>When to deploy</h2>")?;
    for sentence in &report.deploy {
        writeln!(out, "<p>{}</p>", escape(sentence))?;
    }
    writeln!(out, "<ol class=\"timeline\">")?;
    for phase in &report.phases {
        let lock = phase
            .strongest_lock
            .map_or_else(|| "none".to_owned(), |mode| format!("{mode} ({})", mode.waits()));
        writeln!(
            out,
            "<li><h3>{} {}</h3>\n<p>{}</p>\n<dl><dt>Steps</dt><dd>{}{}</dd><dt>Strongest lock</dt><dd>{lock}</dd>",
            phase.number,
            phase.phase,
            phase.when,
            phase.steps.len(),
            match phase.growing {
                0 => String::new(),
                1 => "; 1 grows with the data".to_owned(),
                some => format!("; {some} grow with the data"),
            }
        )?;
        if let Some(words) = phase.space_words() {
            writeln!(out, "<dt>Space</dt><dd>{words}</dd>")?;
        }
        if phase.phase != Phase::Contract {
            writeln!(
                out,
                "<dt>Then the old application</dt><dd>{}</dd>",
                seen(&phase.old_application)
            )?;
        }
        writeln!(
            out,
            "<dt>Then the new application</dt><dd>{}</dd></dl></li>",
            seen(&phase.new_application)
        )?;
    }
    writeln!(out, "</ol>\n</section>")
}

/// What an application sees, a line for each thing to know.
fn seen(sees: &Sees) -> String {
    let remarks: String = sees
        .remarks
        .iter()
        .map(|remark| {
            let objects = breakable(&comment_text(&list(&remark.objects)));
            format!("<li>{}: {objects}</li>", escape(&remark.what))
        })
        .collect();
    let remarks = if remarks.is_empty() {
        remarks
    } else {
        format!("<ul>{remarks}</ul>")
    };
    format!("{}{remarks}", finds(sees))
}

/// Text whose long names may be broken behind their dots and underscores.
fn breakable(text: &str) -> String {
    escape(text).replace('.', ".<wbr>").replace('_', "_<wbr>")
}

fn order(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"order\">\n<h2>What waits for what</h2>")?;
    if report.steps.len() > svg::SHOWN {
        writeln!(
            out,
            "<p>A picture of {} would not be readable.</p>",
            count(report.steps.len(), "step")
        )?;
    } else {
        let picture = svg::steps(report);
        writeln!(
            out,
            "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"The order of the steps\">{picture}</div>"
        )?;
    }
    writeln!(out, "</section>")
}

fn steps(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"steps\">\n<h2>Steps</h2>")?;
    for phase in &report.phases {
        writeln!(out, "<h3>{} {}</h3>", phase.number, phase.phase)?;
        for step in report.steps_of(phase.phase) {
            write_step(out, report, step)?;
        }
    }
    writeln!(out, "</section>")
}

fn write_step(out: &mut String, report: &Report, step: &StepReport) -> std::fmt::Result {
    let class = if step.hazards.is_empty() { "step" } else { "step hazard" };
    writeln!(
        out,
        "<article class=\"{class}\" id=\"step-{}\">\n<h4>{} <span>{}</span></h4>",
        escape(&step.id),
        escape(&step.id),
        escape(&step.title)
    )?;
    if let Some(why) = &step.why {
        writeln!(out, "<p>{}</p>", escape(why))?;
    }
    for hazard in report.hazards.iter().filter(|hazard| hazard.step == step.id) {
        writeln!(
            out,
            "<p class=\"warning\">{} ({})</p>",
            escape(&hazard.explanation),
            approval(hazard.approved)
        )?;
    }
    let undo = match &step.undo {
        Undo::Full => "rollback undoes it".to_owned(),
        Undo::Nothing => "nothing to undo".to_owned(),
        Undo::Lossy(what) => format!("rollback does not bring back {what}"),
        Undo::Impossible(why) => format!("cannot be undone: {why}"),
    };
    let mut facts = vec![
        step.duration_words.clone(),
        format!("transaction: {}", step.transaction),
        undo,
    ];
    facts.extend(
        step.sizes
            .iter()
            .map(|size| format!("{}: {}", size.table, size.words())),
    );
    writeln!(out, "<p class=\"facts\">{}</p>", escape(&facts.join("; ")))?;
    if !step.waits_for.is_empty() {
        let links: Vec<String> = step.waits_for.iter().map(|id| link(id)).collect();
        writeln!(out, "<p class=\"facts\">waits for {}</p>", links.join(", "))?;
    }
    writeln!(
        out,
        "<details><summary>SQL</summary><pre tabindex=\"0\"><code>{}</code></pre></details>\n</article>",
        escape(&step.sql)
    )
}

fn locks(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        out,
        "<section id=\"locks\">\n<h2>Locks on existing tables</h2>\n<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Locks\">\n<table>\n<thead><tr>\
         <th scope=\"col\">step</th><th scope=\"col\">table</th><th scope=\"col\">lock</th><th scope=\"col\">reads</th>\
         <th scope=\"col\">writes</th><th scope=\"col\">how long</th></tr></thead>\n<tbody>"
    )?;
    let wait = |waits: bool| {
        if waits {
            "<td class=\"waits\">wait</td>"
        } else {
            "<td>go on</td>"
        }
    };
    let mut any = false;
    for step in &report.steps {
        for lock in &step.locks {
            any = true;
            writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td>{}{}<td>{}</td></tr>",
                link(&step.id),
                escape(&lock.relation),
                lock.mode,
                wait(lock.mode.blocks_reads()),
                wait(lock.mode.blocks_writes()),
                match step.duration {
                    Duration::Short => "short",
                    Duration::Grows => "grows with the table",
                    Duration::Batches => "short, once per batch",
                }
            )?;
        }
    }
    if !any {
        writeln!(out, "<tr><td colspan=\"6\">none</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>\n</section>")
}

fn tables(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"tables\">\n<h2>Tables</h2>")?;
    match report.tables.len() {
        0 => writeln!(out, "<p>No table changes.</p>")?,
        some if some > svg::SHOWN => writeln!(
            out,
            "<p>A picture of {} would not be readable.</p>",
            count(some, "table")
        )?,
        _ => {
            for (side, after) in [("Before", false), ("After", true)] {
                writeln!(
                    out,
                    "<h3>{side}</h3>\n<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Tables {}\">{}</div>",
                    side.to_lowercase(),
                    svg::tables(report, after)
                )?;
            }
        }
    }
    writeln!(out, "</section>")
}

fn schema(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"schema\">\n<h2>Schema</h2>")?;
    for definition in &report.schema_diff {
        write!(
            out,
            "<details open><summary>{} ({})</summary><pre class=\"diff\" tabindex=\"0\"><code>",
            escape(&definition.object),
            definition.mark.word()
        )?;
        for line in definition.diff.lines() {
            let class = match line.as_bytes().first() {
                Some(b'+') => "added",
                Some(b'-') => "removed",
                _ => "same",
            };
            // Each is a line of its own: a line break between them would be one more.
            write!(out, "<span class=\"{class}\">{}</span>", escape(line))?;
        }
        writeln!(out, "</code></pre></details>")?;
    }
    if report.schema_diff.is_empty() {
        writeln!(
            out,
            "<p>No definition changes, or the plan does not hold the ones before.</p>"
        )?;
    }
    writeln!(out, "</section>")
}

fn reach(out: &mut String, report: &Report) -> std::fmt::Result {
    if report.reach.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"reach\">\n<h2>What else it reaches</h2>\n<ul>")?;
    for reach in &report.reach {
        writeln!(out, "<li>{}: {}</li>", link(&reach.step), escape(&reach.says))?;
    }
    writeln!(out, "</ul>\n</section>")
}

fn hazards(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"hazards\">\n<h2>Hazards</h2>")?;
    if report.hazards.is_empty() {
        writeln!(out, "<p>None.</p>")?;
    } else {
        writeln!(
            out,
            "<p>No phase runs while one of its hazards is not approved: put the id into <code>approvals</code> in <code>plan.yaml</code>, or give it to <code>pgphase plan</code>.</p>\n<ul>"
        )?;
        for hazard in &report.hazards {
            writeln!(
                out,
                "<li>{}, {}: {}<br><code>{}</code><br>{}</li>",
                approval(hazard.approved),
                link(&hazard.step),
                escape(&hazard.explanation),
                escape(&hazard.approve_with),
                escape(&hazard.meaning)
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")
}

fn notes(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "<section id=\"notes\">\n<h2>Not analysed, and other notes</h2>")?;
    if report.notes.is_empty() {
        writeln!(out, "<p>None.</p>")?;
    } else {
        writeln!(out, "<ul>")?;
        for note in &report.notes {
            writeln!(out, "<li>{}</li>", escape(note))?;
        }
        writeln!(out, "</ul>")?;
    }
    let from = match &report.basis.fingerprint {
        Some(text) => format!(", from a schema with fingerprint <code>{}</code>", escape(text)),
        None => String::new(),
    };
    writeln!(
        out,
        "</section>\n<footer><p>Plan <code>{}</code>, made for PostgreSQL {}{from}. {}</p></footer>",
        escape(&report.id),
        report.basis.server_version,
        escape(&report.basis.staleness)
    )
}

//! The pictures of the HTML page: the order of the steps, and the changed tables. Colours come from the page's style.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::entities::Entity;
use super::graph::short;
use super::html::escape;
use super::layout::places;
use super::{Mark, Phase, Report, count};

const BOX_WIDTH: usize = 270;
const BOX_HEIGHT: usize = 46;
const GAP_X: usize = 50;
const GAP_Y: usize = 14;
const BAND_HEAD: usize = 34;
const MARGIN: usize = 16;

/// Beyond this many steps or tables a picture is not readable, and the lists say it better.
pub(super) const SHOWN: usize = 150;

/// The steps and what they wait for; each box leads to its row in the list.
pub(super) fn steps(report: &Report) -> String {
    let mut out = String::new();
    let _ = write_steps(&mut out, report);
    out
}

fn write_steps(out: &mut String, report: &Report) -> std::fmt::Result {
    let places = places(report);
    let mut at: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut bands = Vec::new();
    let (mut top, mut width) = (MARGIN, 0);
    for phase in Phase::ALL {
        let mut rows = 0;
        for step in report.steps_of(phase) {
            let Some(place) = places.get(step.id.as_str()) else {
                continue;
            };
            let x = MARGIN * 2 + place.column * (BOX_WIDTH + GAP_X);
            let y = top + BAND_HEAD + place.row * (BOX_HEIGHT + GAP_Y);
            at.insert(&step.id, (x, y));
            rows = rows.max(place.row + 1);
            width = width.max(x + BOX_WIDTH + MARGIN * 2);
        }
        if rows > 0 {
            let height = BAND_HEAD + rows * (BOX_HEIGHT + GAP_Y) + MARGIN - GAP_Y;
            bands.push((phase, top, height));
            top += height + MARGIN;
        }
    }
    let title = format!("The order of {}", count(report.steps.len(), "step"));
    open(out, "order", (width, top), &title)?;
    for (phase, top, height) in bands {
        writeln!(
            out,
            "<rect class=\"band\" x=\"{MARGIN}\" y=\"{top}\" width=\"{}\" height=\"{height}\" rx=\"6\"/>\n\
             <text class=\"band-name\" x=\"{}\" y=\"{}\">{} {phase}</text>",
            width - MARGIN * 2,
            MARGIN * 2,
            top + 22,
            phase.number()
        )?;
    }
    for step in &report.steps {
        let Some((x, y)) = at.get(step.id.as_str()) else {
            continue;
        };
        for before in &step.waits_for {
            let Some((from_x, from_y)) = at.get(before.as_str()) else {
                continue;
            };
            let same_band = report
                .steps
                .iter()
                .any(|other| other.id == *before && other.phase == step.phase);
            if same_band {
                let (x1, y1) = (from_x + BOX_WIDTH, from_y + BOX_HEIGHT / 2);
                let (x2, y2) = (*x, y + BOX_HEIGHT / 2);
                let bend = GAP_X / 2;
                writeln!(
                    out,
                    "<path class=\"edge\" marker-end=\"url(#tip-order)\" d=\"M{x1} {y1} C{} {y1} {} {y2} {x2} {y2}\"/>",
                    x1 + bend,
                    x2.saturating_sub(bend)
                )?;
            } else {
                // Through the gap on the left of the boxes.
                let (y1, y2) = (from_y + BOX_HEIGHT / 2, y + BOX_HEIGHT / 2);
                let bend = GAP_X / 2;
                writeln!(
                    out,
                    "<path class=\"edge far\" marker-end=\"url(#tip-order)\" d=\"M{from_x} {y1} C{} {y1} {} {y2} {x} {y2}\"/>",
                    from_x.saturating_sub(bend),
                    x.saturating_sub(bend)
                )?;
            }
        }
    }
    for step in &report.steps {
        let Some((x, y)) = at.get(step.id.as_str()) else {
            continue;
        };
        let class = if step.hazards.is_empty() { "box" } else { "box hazard" };
        writeln!(
            out,
            "<a href=\"#step-{id}\"><title>{title}</title>\
             <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"5\"/>\
             <text class=\"strong\" x=\"{tx}\" y=\"{y1}\">{id}</text>\
             <text x=\"{tx}\" y=\"{y2}\">{short}</text></a>",
            id = escape(&step.id),
            title = escape(&step.title),
            short = escape(&short(&step.title, 38)),
            tx = x + 10,
            y1 = y + 19,
            y2 = y + 36,
        )?;
    }
    writeln!(out, "</svg>")
}

const ROW: usize = 20;
const HEAD: usize = 28;
const TABLE_WIDTH: usize = 330;
const TABLE_GAP: usize = 70;
const PER_ROW: usize = 3;

/// The tables before (`after` false) or after the plan, with what goes or comes marked.
pub(super) fn tables(report: &Report, after: bool) -> String {
    let mut out = String::new();
    let _ = write_tables(&mut out, report, after);
    out
}

fn is_there(mark: Mark, after: bool) -> bool {
    mark != if after { Mark::Removed } else { Mark::Added }
}

fn write_tables(out: &mut String, report: &Report, after: bool) -> std::fmt::Result {
    let tables: Vec<&Entity> = report
        .tables
        .iter()
        .filter(|table| is_there(table.mark, after))
        .collect();
    let rows = |table: &Entity| {
        table
            .columns
            .iter()
            .filter(|column| is_there(column.mark, after))
            .count()
    };
    let mut at: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut top = MARGIN;
    for line in tables.chunks(PER_ROW) {
        for (column, table) in line.iter().enumerate() {
            at.insert(&table.name, (MARGIN + column * (TABLE_WIDTH + TABLE_GAP), top));
        }
        top += HEAD + line.iter().map(|table| rows(table)).max().unwrap_or(0) * ROW + 50;
    }
    let columns = tables.len().clamp(1, PER_ROW);
    let width = MARGIN * 2 + columns * TABLE_WIDTH + (columns - 1) * TABLE_GAP + 40;
    let side = if after { "after" } else { "before" };
    let title = format!("{} {side} the plan", count(tables.len(), "table"));
    open(out, side, (width, top), &title)?;
    for table in &tables {
        let Some((x, y)) = at.get(table.name.as_str()) else {
            continue;
        };
        for key in table.keys.iter().filter(|key| is_there(key.mark, after)) {
            let Some((to_x, to_y)) = at.get(key.references.as_str()) else {
                continue;
            };
            let line = key
                .columns
                .first()
                .and_then(|column| {
                    let mut shown = table.columns.iter().filter(|column| is_there(column.mark, after));
                    shown.position(|other| other.name == *column)
                })
                .unwrap_or(0);
            let from = (*x, y + HEAD + line * ROW + ROW / 2);
            writeln!(
                out,
                "<path class=\"edge {}\" marker-end=\"url(#tip-{side})\" d=\"{}\"><title>{} references {}</title></path>",
                key.mark.word(),
                key_line(from, (*to_x, to_y + HEAD / 2)),
                escape(&key.name),
                escape(&key.references)
            )?;
        }
    }
    for table in &tables {
        let Some((x, y)) = at.get(table.name.as_str()) else {
            continue;
        };
        write_table(out, table, (*x, *y), after)?;
    }
    writeln!(out, "</svg>")
}

/// From the side of a row to the side of a head, on the sides that are next to each other.
fn key_line(from: (usize, usize), to: (usize, usize)) -> String {
    let (x1, x2, bend1, bend2) = match from.0.cmp(&to.0) {
        std::cmp::Ordering::Less => (from.0 + TABLE_WIDTH, to.0, 35, -35),
        std::cmp::Ordering::Greater => (from.0, to.0 + TABLE_WIDTH, -35, 35),
        std::cmp::Ordering::Equal => (from.0 + TABLE_WIDTH, to.0 + TABLE_WIDTH, 35, 35),
    };
    let shift = |x: usize, by: isize| x.saturating_add_signed(by);
    format!(
        "M{x1} {} C{} {} {} {} {x2} {}",
        from.1,
        shift(x1, bend1),
        from.1,
        shift(x2, bend2),
        to.1,
        to.1
    )
}

fn write_table(out: &mut String, table: &Entity, (x, y): (usize, usize), after: bool) -> std::fmt::Result {
    let columns: Vec<_> = table
        .columns
        .iter()
        .filter(|column| is_there(column.mark, after))
        .collect();
    let height = HEAD + columns.len() * ROW + 4;
    writeln!(
        out,
        "<g><title>{}: {}</title><rect class=\"box table {}\" x=\"{x}\" y=\"{y}\" width=\"{TABLE_WIDTH}\" height=\"{height}\" rx=\"5\"/>\
         <text class=\"strong\" x=\"{}\" y=\"{}\">{}</text>\
         <line class=\"rule\" x1=\"{x}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
        escape(&table.name),
        table.mark.word(),
        table.mark.word(),
        x + 10,
        y + 19,
        escape(&short(&table.name, 42)),
        x + TABLE_WIDTH,
        y + HEAD,
        y + HEAD
    )?;
    for (line, column) in columns.iter().enumerate() {
        let words = if after { &column.after } else { &column.before };
        let sign = match column.mark {
            Mark::Same => "",
            Mark::Added => "+ ",
            Mark::Removed => "\u{2212} ",
            Mark::Changed => "~ ",
        };
        let text = format!("{sign}{}  {}", column.name, words.as_deref().unwrap_or_default());
        let row = y + HEAD + line * ROW;
        writeln!(
            out,
            "<rect class=\"row {mark}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{ROW}\"/>\
             <text class=\"{mark}\" x=\"{}\" y=\"{}\"><title>{}</title>{}</text>",
            x + 1,
            row + 2,
            TABLE_WIDTH - 2,
            x + 10,
            row + 16,
            escape(&text),
            escape(&short(&text, 46)),
            mark = column.mark.word(),
        )?;
    }
    writeln!(out, "</g>")
}

/// The head of a picture, with the arrow tip of its edges.
fn open(out: &mut String, name: &str, (width, height): (usize, usize), title: &str) -> std::fmt::Result {
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{title}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <defs><marker id=\"tip-{name}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path class=\"tip\" d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>"
    )
}

//! What a run tells, as an OpenTelemetry trace: a span for the run, and one in it for each step. Where the collector is, and under
//! which trace, is said by the usual variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `TRACEPARENT`).

use std::cell::RefCell;
use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span, SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span as SdkSpan};

use super::error::CliError;
use crate::apply::progress::Event;
use crate::conn::Blocker;
use crate::plan::{Plan, Step};

/// Variables one of which names a collector.
const ENDPOINTS: &[&str] = &["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// The trace of one run.
pub(crate) struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    run: Context,
    step: RefCell<Option<SdkSpan>>,
}

impl Traces {
    /// Begins the span of a run, where a collector is named.
    pub(crate) fn begin(what: &str, plan: &Plan, dbname: &str) -> Result<Option<Self>, CliError> {
        let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !ENDPOINTS.iter().any(|name| set(&name)) {
            return Ok(None);
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .build()
            .map_err(|error| CliError::usage(format!("cannot send traces: {error}")))?;
        let mut resource = Resource::builder();
        if !set(&"OTEL_SERVICE_NAME") {
            resource = resource.with_service_name("pgphase");
        }
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        let tracer = provider.tracer("pgphase");
        let given: HashMap<String, String> = ["traceparent", "tracestate"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::env::var(name.to_uppercase()).ok()?)))
            .collect();
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &given);
        let span = tracer
            .span_builder(format!("{what} {}", plan.name))
            .with_kind(SpanKind::Client)
            .with_attributes([
                KeyValue::new("db.system.name", "postgresql"),
                KeyValue::new("db.namespace", dbname.to_owned()),
                KeyValue::new("pgphase.plan", plan.name.clone()),
            ])
            .start_with_context(&tracer, &parent);
        Ok(Some(Self {
            run: parent.with_span(span),
            provider,
            tracer,
            step: RefCell::default(),
        }))
    }

    fn begin_step(&self, step: &Step, undone: bool) {
        let name = if undone { "undo" } else { "step" };
        let span = self
            .tracer
            .span_builder(format!("{name} {}", step.id))
            .with_attributes([
                KeyValue::new("pgphase.step", step.id.clone()),
                KeyValue::new("pgphase.phase", step.phase.word()),
                KeyValue::new("pgphase.title", step.title.clone()),
            ])
            .start_with_context(&self.tracer, &self.run);
        self.step.replace(Some(span));
    }

    fn note(&self, what: &'static str, detail: String) {
        if let Some(span) = self.step.borrow_mut().as_mut() {
            span.add_event(what, vec![KeyValue::new("pgphase.detail", detail)]);
        }
    }

    /// Ends the run, with what went wrong, and sends what is not sent yet.
    pub(crate) fn end(self, error: Option<String>) {
        if let Some(mut step) = self.step.take() {
            if let Some(error) = &error {
                step.set_status(Status::error(error.clone()));
            }
            step.end();
        }
        let span = self.run.span();
        span.set_status(error.map_or(Status::Ok, Status::error));
        span.end();
        // A collector that is gone must not turn a good run into a bad one.
        if let Err(error) = self.provider.shutdown() {
            eprintln!("traces were not sent: {error}");
        }
    }

    /// Takes one event.
    pub(crate) fn event(&self, event: &Event<'_>) {
        match event {
            Event::Step(step) => self.begin_step(step, false),
            Event::Undo(step) => self.begin_step(step, true),
            Event::Done { rows, .. } => {
                if let Some(mut span) = self.step.take() {
                    span.set_attributes((*rows).map(|rows| KeyValue::new("pgphase.rows", rows)));
                    span.end();
                }
            }
            Event::Blocked { blockers, .. } => self.note("blocked", named(blockers)),
            Event::Gated { blockers, .. } => self.note("gated", named(blockers)),
            Event::Retry { reason, .. } => self.note("retry", reason.clone()),
            Event::Throttled { reason, .. } => self.note("rests", (*reason).to_owned()),
            _ => {}
        }
    }
}

fn named(blockers: &[Blocker]) -> String {
    blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

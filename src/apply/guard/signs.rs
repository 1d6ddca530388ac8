//! What the server shows of an old application: writes, definitions and sessions.

use std::collections::HashSet;
use std::time::Duration;

use tokio_postgres::{Client, Error};

use super::words;
use crate::apply::journal::Times;
use crate::kept::glob;
use crate::object::{Kind, ObjectId};
use crate::operation::Operation;
use crate::plan::bodies::is_told;
use crate::plan::old_names::Old;
use crate::plan::strategy::is_sign;
use crate::plan::{Phase, Plan};

/// Writes under an old name that the trigger of a twin has seen lately.
pub(super) async fn writes(client: &Client, plan: &Plan, quiet: Duration) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    for step in plan.phase(Phase::Contract) {
        let columns = || {
            step.operations.iter().filter_map(|operation| match operation {
                Operation::Drop { id, .. } | Operation::Rename { from: id, .. }
                    if id.kind == Kind::Column && !id.own_name().is_helper() =>
                {
                    Some(id.to_string())
                }
                _ => None,
            })
        };
        let signs = step.operations.iter().filter_map(|operation| match operation {
            Operation::Drop { id, .. } if is_sign(id) => Some(id),
            _ => None,
        });
        for sign in signs {
            let row = client
                .query_opt(
                    "SELECT pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) - pg_catalog.pg_sequence_last_value(oid::regclass)
                       FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
                    &[&sign.qualified().to_string()],
                )
                .await?;
            let age: Option<f64> = match row {
                Some(row) => row.try_get(0)?,
                None => None,
            };
            let age = age.map(|age| Duration::try_from_secs_f64(age).unwrap_or_default());
            if let Some(age) = age.filter(|age| *age < quiet) {
                seen.push(format!(
                    "somebody wrote under an old name {} ago, and nobody may have for {}: {}",
                    words(age),
                    words(quiet),
                    columns().collect::<Vec<_>>().join(" or ")
                ));
            }
        }
    }
    Ok(seen)
}

/// Objects that contract itself drops, makes or changes.
fn taken_along(plan: &Plan) -> HashSet<ObjectId> {
    let operations = plan.phase(Phase::Contract).flat_map(|step| &step.operations);
    operations.filter_map(Operation::subject).collect()
}

/// Views and routines that PostgreSQL knows to need an old name and that the plan does not take along: contract would fail at them.
pub(super) async fn dependants(client: &Client, plan: &Plan, names: &[Old]) -> Result<Vec<String>, Error> {
    let taken: HashSet<String> = taken_along(plan).iter().map(|id| id.qualified().to_string()).collect();
    let mut seen = Vec::new();
    for name in names {
        let column = name.column.as_ref().map(|column| column.as_str().to_owned());
        let rows = client
            .query(
                "WITH old AS (
                     SELECT c.oid, a.attnum FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = $2
                      WHERE c.oid = pg_catalog.to_regclass($1) AND ($2::text IS NULL OR a.attnum IS NOT NULL))
                 SELECT DISTINCT CASE WHEN v.oid IS NULL THEN 'routine' ELSE 'view' END,
                        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(coalesce(v.relname, p.proname))
                   FROM old JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = old.oid
                                                       AND (old.attnum IS NULL OR d.refobjsubid = old.attnum)
                        LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
                        LEFT JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
                        LEFT JOIN pg_catalog.pg_proc p ON d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid
                        JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(v.relnamespace, p.pronamespace)
                  WHERE v.oid IS DISTINCT FROM old.oid
                  ORDER BY 2",
                &[&name.relation.to_string(), &column],
            )
            .await?;
        for row in rows {
            let (kind, other): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            if !taken.contains(&other) {
                seen.push(format!(
                    "{kind} {other} needs {name}, and the plan does not take it along"
                ));
            }
        }
    }
    Ok(seen)
}

/// Routines whose bodies say an old name. PostgreSQL does not know what a body needs, so the words decide. What the plan itself
/// makes or changes is as the files want it, and a body that it told of is approved.
pub(super) async fn bodies(client: &Client, plan: &Plan, names: &[Old]) -> Result<Vec<String>, Error> {
    let own = plan.steps.iter().flat_map(|step| &step.operations);
    let taken: HashSet<String> = own
        .filter_map(Operation::subject)
        .filter(|id| matches!(id.kind, Kind::Function | Kind::Procedure))
        .map(|id| id.qualified().to_string())
        .collect();
    let words: Vec<String> = names.iter().map(|name| name.word().as_str().to_lowercase()).collect();
    let rows = client
        .query(
            "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname), p.prosrc,
                    (SELECT coalesce(pg_catalog.array_agg(pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(tc.relname)), '{}')
                       FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class tc ON tc.oid = t.tgrelid
                            JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace WHERE t.tgfoid = p.oid)
               FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
              WHERE l.lanname NOT IN ('internal', 'c') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
                AND p.proname !~ '^pgphase_' AND p.prosrc IS NOT NULL
                AND EXISTS (SELECT FROM pg_catalog.unnest($1::text[]) w WHERE pg_catalog.strpos(pg_catalog.lower(p.prosrc), w) > 0)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
              ORDER BY 1",
            &[&words],
        )
        .await?;
    let mut seen = Vec::new();
    for row in rows {
        let (routine, body, fired_by): (String, String, Vec<String>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if taken.contains(&routine) || is_told(&routine, &body, &plan.background.bodies) {
            continue;
        }
        if let Some(name) = names.iter().find(|name| name.is_said_by(&body, &fired_by)) {
            seen.push(format!("the body of routine {routine} says {name}"));
        }
    }
    Ok(seen)
}

/// Sessions that were there before the new application could be.
pub(super) struct Sessions {
    /// One line for each application.
    pub(super) old: Vec<String>,
    /// How many do not show their age to this role.
    pub(super) hidden: i64,
}

/// Sessions that began before expand was over. The new application is deployed behind it, so they are none of its.
pub(super) async fn sessions(client: &Client, times: &Times, tools: &[String]) -> Result<Sessions, Error> {
    let Some(expanded) = times.expanded else {
        return Ok(Sessions { old: vec![], hidden: 0 });
    };
    let rows = client
        .query(
            "SELECT coalesce(application_name, ''), coalesce(usename::text, '?'), pg_catalog.count(*),
                    coalesce(pg_catalog.to_char(pg_catalog.min(backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''),
                    backend_start IS NULL
               FROM pg_catalog.pg_stat_activity
              WHERE datname = pg_catalog.current_database() AND (backend_type = 'client backend' OR backend_start IS NULL)
                AND pid <> pg_catalog.pg_backend_pid() AND application_name IS DISTINCT FROM 'pgphase'
                AND (backend_start IS NULL OR backend_start < pg_catalog.to_timestamp($1))
              GROUP BY 1, 2, 5 ORDER BY 1, 2",
            &[&expanded],
        )
        .await?;
    let mut found = Sessions { old: vec![], hidden: 0 };
    for row in rows {
        let (application, user, count, since): (String, String, i64, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        if row.try_get(4)? {
            found.hidden += count;
        } else if !tools.iter().any(|tool| glob(tool, &application)) {
            let name = if application.is_empty() {
                "without a name"
            } else {
                &application
            };
            found.old.push(format!(
                "sessions of application {name}, user {user}, are from before expand was over: {count}, the oldest since {since}"
            ));
        }
    }
    Ok(found)
}

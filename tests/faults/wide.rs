//! The story of the random kills: the usual one, and beside it what every other way of changing something asks for.

use super::{AFTER, BEFORE, COMMON, Cut, LIMIT, Scene, Story, When};
use crate::support::pgphase;
use crate::support::run::run;

/// All rows of everything whose rows are not told by the clock or at random.
const ROWS: &str = "select string_agg(c.relname || ' ' || md5(query_to_xml(
        format('select r::text from only %s r order by (r::text) collate \"C\"', c.oid::regclass), true, false, '')::text), ', ' order by c.relname)
    from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'm') and relname not in ('users', 'orders')";

const LOST: &[&str] = &[
    "select 1000 - count(*) from event",
    "select 500 - count(*) from rooms",
    // A bio that is null, with the usual number of visits, needs no row.
    "select 1000 - count(*) from people left join profiles on user_id = id where bio is not distinct from nullif('bio ' || id % 3, 'bio 0')",
    "select 1000 - count(*) filter (where value is not null and at is not null) from readings",
    "select 1000 - count(*) from sales join lines on sale_id = sales.id",
    "select 1000 - count(*) from jobs",
    "select 1000 - count(*) filter (where double is not null) from shares",
    "select 2000 - (select count(*) from remarks) - (select count(*) from words where word is not null)",
    "select 366 + 365 - (select count(*) from days) - (select count(*) from days_24)",
];

/// What the scripts say, each of a way that the others do not go.
const WAYS: &[&str] = &[
    "CREATE TABLE public.pgphase_event_new",
    "RENAME TO event;",
    "CREATE TABLE public.pgphase_rooms_new",
    "FUNCTION public.pgphase_people_bio_visits_moved()",
    "FUNCTION public.pgphase_readings_at_value_sync()",
    "FUNCTION public.pgphase_sales_amount_id_sync()",
    "ALTER TYPE public.pgphase_state_new RENAME TO state",
    "ALTER TYPE public.mood ADD VALUE",
    "CREATE MATERIALIZED VIEW public.pgphase_by_person_new",
    "ALTER TABLE public.logs ALTER COLUMN id ADD GENERATED",
    "ADD CONSTRAINT members_pkey PRIMARY KEY USING INDEX",
    "ALTER INDEX public.pgphase_members_lookup_new RENAME",
    "DETACH PARTITION public.days_24 CONCURRENTLY",
    "ATTACH PARTITION public.days_25",
    "ALTER DOMAIN public.percent VALIDATE",
    "CREATE TABLE public.pgphase_shares_new",
    "DROP TABLE public.leftovers",
    "CREATE FUNCTION public.pgphase_users_age",
    "FUNCTION public.pgphase_orders_state",
    "VALIDATE CONSTRAINT orders_user_id_fkey",
    "ADD CONSTRAINT users_email_key UNIQUE USING INDEX",
    "ALTER TABLE public.notes RENAME TO remarks",
    "select count(*) from public.remarks",
    "ALTER COLLATION public.bytes RENAME TO",
    "ALTER TABLE public.distant DROP COLUMN gone",
    "ALTER TABLE public.levels SET (fillfactor=90)",
    "ALTER COLUMN level SET STATISTICS 200",
    "CREATE TABLE public.fresh",
    "RENAME COLUMN state TO pgphase_state_old",
    "ALTER TABLE public.orders DROP COLUMN pgphase_state_old",
    "ALTER PUBLICATION news ADD TABLE",
    "CREATE SUBSCRIPTION far",
];

pub(super) fn story() -> Story {
    Story {
        before: format!("{BEFORE}{COMMON}{}", include_str!("wide/before.sql")),
        after: format!("{AFTER}{COMMON}{}", include_str!("wide/after.sql")),
        cool_down: Some("1s"),
        rows: [super::ROWS, &[ROWS]].concat(),
        lost: [super::LOST, LOST].concat(),
        counted: &["users", "orders"],
    }
}

/// What the random kills claim to reach is in the plan.
#[test]
fn the_plan_goes_every_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let [before, after] = ["before.sql", "after.sql"].map(|name| folder.path().join(name));
    let story = story();
    std::fs::write(&before, &story.before).expect("a file");
    std::fs::write(&after, &story.after).expect("a file");
    let mut command = pgphase::command();
    command.arg("plan").arg("--from").arg(before).arg("--to").arg(after);
    command.args(["--server-version", "15", "--format", "sql", "--cool-down", "1s"]);
    let planned = run(&mut command, LIMIT);
    let text = planned.stdout;
    for way in WAYS {
        assert!(text.contains(way), "no step says: {way}");
    }
}

/// A part of what the random kills do, quick enough for every day.
#[test]
fn cut_off_between_the_steps_of_every_way_the_end_is_the_same() {
    let scene = Scene::of(story());
    let cuts = scene.disturb("wide", Cut::Program, 6, |turn| match turn % 2 {
        0 => When::Before,
        _ => When::During(3 * turn),
    });
    assert!(cuts > 10, "only {cuts}");
    assert_eq!((scene.lost("wide"), scene.written_twice("wide")), (0, 0));
}

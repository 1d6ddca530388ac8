//! Words that messages use and that are no rules or hazards, for `explain`.

/// A word, the other forms in which messages say it, and what it means.
struct Topic {
    name: &'static str,
    also: &'static [&'static str],
    text: &'static str,
}

const TOPICS: &[Topic] = &[
    Topic {
        name: "phases",
        also: &["phase", "expand", "backfill", "validate", "contract"],
        text: "A plan has up to four phases, which run in this order. expand adds what the new application needs and takes nothing \
               from the old one: it runs before the deploy. backfill gives rows from before their new values, in batches, while \
               both applications run. validate adds rules and proves that every row keeps them: it runs when every running \
               application does. contract takes away what only the old application needs: it runs when that runs no more. Until \
               contract `pgphase rollback` leads back.",
    },
    Topic {
        name: "stale",
        also: &["staleness", "fingerprint"],
        text: "A plan is made from one schema and holds its fingerprint. When the schema of the database is another one, the plan is \
               stale: its steps were not thought through for what is there now. Nothing has run (exit code 4), and the message names \
               the objects that differ. Plan again; where the change was made by accident, undo it. Between two phases the same is \
               looked at for what the plan reaches.",
    },
    Topic {
        name: "in-flight",
        also: &["in flight", "flight", "unfinished"],
        text: "A plan is in flight from its first step until its last one has run, or until it is rolled back or abandoned. `pgphase \
               status` names it with the phase that is next. Plans that are made meanwhile begin where it ends, and drift is not \
               told of what it still has to do. Go on with `pgphase apply`, go back with `pgphase rollback`, or give it up with \
               `pgphase abandon`.",
    },
    Topic {
        name: "journal",
        also: &["reconcile"],
        text: "What the database remembers of runs, in namespace pgphase: each plan, each step, each batch. It is written in the \
               transaction of the step, so that a run that was cut off goes on where it was. `pgphase status --log` shows it; \
               `pgphase status --reconcile DIR` tells from the catalogs where there is none.",
    },
    Topic {
        name: "hazard",
        also: &["hazards", "approval", "approvals", "approve"],
        text: "A danger with an id, such as data-loss:column public.customers.fax. A phase that has one does not run until the id is \
               approved: in approvals of plan.yaml, with plan --approve ID, or for one run with apply --approve ID. `pgphase explain` \
               knows each kind.",
    },
    Topic {
        name: "drift",
        also: &[],
        text: "The database differs from what the files and the plans in flight say: somebody has changed it beside them. `pgphase \
               drift` names each difference, with the statements for either way.",
    },
    Topic {
        name: "twin",
        also: &["twins", "old-name"],
        text: "A second column beside one that is renamed or changes its type. A trigger keeps both the same, a backfill fills the rows \
               from before, and in contract the old column goes in one short transaction.",
    },
    Topic {
        name: "shadow-table",
        also: &["shadow table", "shadow"],
        text: "A second table beside one whose form cannot change in place, as when it becomes partitioned. Triggers carry every write \
               over, a backfill copies the rows from before, and in contract it takes the name of the old one.",
    },
    Topic {
        name: "cool-down",
        also: &["cool down", "cooldown"],
        text: "A time in which contract can be taken back: names are swapped, the old columns follow the new ones, and only when it is \
               over they are dropped. It is asked for with plan --cool-down, or cool_down in the policy.",
    },
];

/// What a word means; `None` where it is no topic.
pub(super) fn topic(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.to_lowercase();
    let named = |topic: &&Topic| topic.name == name || topic.also.contains(&name.as_str());
    TOPICS.iter().find(named).map(|topic| (topic.name, topic.text))
}

/// The topics by name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|topic| topic.name)
}

//! The server on which a plan is tried: a throw-away cluster, or one that was named. On either only databases made here are
//! touched, and they are dropped again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, Error};

use super::VerifyError;
use crate::apply::db_message;
use crate::cluster::Cluster;
use crate::conn::{Environment, Params, Session, Target, connect, conninfo, resolve};
use crate::name::Ident;
use crate::object::constraint::ConstraintRule;
use crate::object::role::is_word;
use crate::object::{Object, Visitor};
use crate::plan::file::PlanFolder;
use crate::plan::{Class, Phase, Wishes, make};
use crate::rename::Renamed;
use crate::render::script;
use crate::render::statements::statements;
use crate::schema::Schema;
use crate::settle::unify_with;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A server for trials.
pub struct Scratch {
    target: Target,
    admin: Session,
    /// The major version.
    pub server_version: u32,
    /// Keeps a cluster of our own running.
    cluster: Option<Cluster>,
}

/// A database made for a trial.
pub struct Trial {
    /// How to connect.
    pub target: Target,
    /// A session in it.
    pub session: Session,
}

impl Scratch {
    /// A throw-away cluster on this machine.
    pub async fn own() -> Result<Self, VerifyError> {
        let cluster = Cluster::start()?;
        let given = conninfo::parse(&cluster.conninfo("postgres"))?;
        let target = resolve(&Params::new(), &given, &Environment::default())?;
        Self::open(target, Some(cluster)).await
    }

    /// A server that somebody named, where the user may create databases.
    pub async fn given(target: Target) -> Result<Self, VerifyError> {
        Self::open(target, None).await
    }

    async fn open(target: Target, cluster: Option<Cluster>) -> Result<Self, VerifyError> {
        let admin = connect(&target).await?;
        let asked = VerifyError::server("cannot ask the scratch server what it is");
        let version = async {
            let sql = "SELECT pg_catalog.current_setting('server_version_num')::int / 10000";
            admin.client.query_one(sql, &[]).await?.try_get::<_, i32>(0)
        };
        let version = version.await.map_err(asked)?;
        Ok(Self {
            server_version: u32::try_from(version).unwrap_or(0),
            target,
            admin,
            cluster,
        })
    }

    /// A new, empty database.
    pub async fn database(&self) -> Result<Trial, VerifyError> {
        let name = format!(
            "pgphase_verify_{}_{}",
            std::process::id(),
            COUNTER.fetch_add(1, Ordering::Relaxed)
        );
        self.admin
            .client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await
            .map_err(VerifyError::server("cannot make a database on the scratch server"))?;
        let mut target = self.target.clone();
        target.dbname = name;
        let session = connect(&target).await?;
        Ok(Trial { target, session })
    }

    /// Drops a database that was made here.
    pub async fn drop(&self, trial: Trial) -> Result<(), VerifyError> {
        let Trial { target, session } = trial;
        // Subscriptions keep their database, and must not reach for their publisher.
        let free = "SELECT pg_catalog.format('ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE); \
                    DROP SUBSCRIPTION %1$I', subname) FROM pg_catalog.pg_subscription \
                    WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";
        for row in session.client.query(free, &[]).await.unwrap_or_default() {
            for statement in row.try_get::<_, &str>(0).unwrap_or_default().split("; ") {
                // A database that cannot be dropped is told below.
                let _ = session.client.batch_execute(statement).await;
            }
        }
        std::mem::drop(session);
        self.admin
            .client
            .batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", target.dbname))
            .await
            .map_err(VerifyError::server("cannot drop the database of the trial"))
    }

    /// Sees to it that the roles and tablespaces that a schema names are there: they belong to the server.
    pub async fn provide(&self, schema: &Schema) -> Result<(), VerifyError> {
        let (roles, tablespaces) = named(schema);
        let client = &self.admin.client;
        let missing = async {
            let roles = absent(client, "SELECT rolname::text FROM pg_catalog.pg_roles", &roles).await?;
            let spaces = absent(
                client,
                "SELECT spcname::text FROM pg_catalog.pg_tablespace",
                &tablespaces,
            )
            .await?;
            Ok::<_, Error>((roles, spaces))
        };
        let (roles, spaces) = missing
            .await
            .map_err(VerifyError::server("cannot look at the roles of the scratch server"))?;
        if self.cluster.is_none() && !(roles.is_empty() && spaces.is_empty()) {
            let names: Vec<String> = roles.iter().chain(&spaces).map(Ident::to_string).collect();
            return Err(VerifyError::Unsuitable {
                what: format!(
                    "the scratch server lacks roles or tablespaces that the schema names: {}",
                    names.join(", ")
                ),
                hint: "create them there, or leave out --scratch to use a throw-away cluster".into(),
            });
        }
        for role in roles {
            self.make_role(&role).await?;
        }
        for space in spaces {
            self.make("SET allow_in_place_tablespaces = on").await?;
            self.make(&format!("CREATE TABLESPACE {space} LOCATION ''")).await?;
        }
        Ok(())
    }

    /// Whether the server is a throw-away cluster, so that roles may be made on it.
    pub(super) fn is_own(&self) -> bool {
        self.cluster.is_some()
    }

    /// Makes a role.
    pub(super) async fn make_role(&self, role: &Ident) -> Result<(), VerifyError> {
        self.make(&format!("CREATE ROLE {role}")).await
    }

    async fn make(&self, statement: &str) -> Result<(), VerifyError> {
        self.admin
            .client
            .batch_execute(statement)
            .await
            .map_err(VerifyError::server(
                "cannot make what the schema names on the scratch server",
            ))
    }
}

async fn absent(client: &Client, query: &str, wanted: &BTreeSet<Ident>) -> Result<Vec<Ident>, Error> {
    let rows = client.query(query, &[]).await?;
    let there: BTreeSet<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    Ok(wanted
        .iter()
        .filter(|name| !there.contains(name.as_str()))
        .cloned()
        .collect())
}

/// Gathers roles.
struct Roles<'a>(&'a mut BTreeSet<Ident>);

impl Visitor for Roles<'_> {
    fn role(&mut self, role: &mut Ident) {
        self.0.insert(role.clone());
    }
}

/// The roles and tablespaces that a schema names.
fn named(schema: &Schema) -> (BTreeSet<Ident>, BTreeSet<Ident>) {
    let mut roles: BTreeSet<Ident> = BTreeSet::new();
    let mut spaces: BTreeSet<Ident> = BTreeSet::new();
    for (_, object) in schema.iter() {
        object.clone().visit(&mut Roles(&mut roles));
        match object {
            Object::Table(table) => spaces.extend(table.tablespace.clone()),
            Object::Index(index) => spaces.extend(index.tablespace.clone()),
            Object::Constraint(constraint) => {
                if let ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) = &constraint.rule {
                    spaces.extend(key.tablespace.clone());
                }
            }
            _ => {}
        }
    }
    roles.retain(|role| !matches!(role.as_str(), "" | "public") && !is_word(role) && !role.as_str().starts_with("pg_"));
    (roles, spaces)
}

/// Builds a schema in an empty database.
pub async fn build(client: &Client, empty: &Schema, schema: &Schema, server_version: u32) -> Result<(), VerifyError> {
    let failed = || VerifyError::server("cannot build the schema on the scratch server");
    let unified = unify_with(client, empty, schema.clone(), server_version)
        .await
        .map_err(failed())?;
    let renamed = Renamed {
        live: empty.clone(),
        operations: vec![],
    };
    let plan = make(
        "build",
        empty,
        &renamed,
        &unified.desired,
        server_version,
        &Wishes::default(),
    )?;
    let folder = PlanFolder::new(plan, empty, &statements);
    let settings: Vec<String> = folder.settings.iter().map(|setting| format!("SET {setting}")).collect();
    client.batch_execute(&settings.join(";\n")).await.map_err(failed())?;
    for step in Phase::ALL.iter().flat_map(|phase| folder.plan.phase(*phase)) {
        let text = folder.statements(step);
        let run = async {
            if step.class.in_transaction() || step.class == Class::Check {
                return client.batch_execute(&script::body(step, text)).await;
            }
            client.batch_execute(&script::opening(step)).await?;
            client.batch_execute(text).await
        };
        run.await.map_err(|error| VerifyError::Build {
            title: step.title.clone(),
            reason: db_message(&error),
        })?;
    }
    client.batch_execute("RESET ALL").await.map_err(failed())
}

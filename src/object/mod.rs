//! Everything PostgreSQL lets one create, alter, drop or depend on separately is an object; columns and constraints too.
//!
//! One folder per kind. `mod.rs` says what an object of the kind is, how two of them compare and how a change is applied;
//! beside it stand the stages: `parse.rs` (statement -> operations), `introspect.sql` and `introspect.rs` (catalog -> object)
//! and `render.rs` (operation -> SQL text). To add a kind: add its folder, and its line in `kinds!` below; the compiler names
//! the rest.
//!
//! Serde rule for every struct here: what is absent means `None`, `false` or empty, so that plan files hold no noise.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Query};
use crate::name::{Ident, QualifiedName};
use crate::types::TypeName;

pub mod access_method;
pub mod aggregate;
pub mod cast;
pub mod collation;
pub mod column;
pub mod comment;
pub mod composite_type;
pub mod constraint;
pub mod conversion;
pub mod default_privileges;
pub mod domain;
pub mod enum_type;
pub mod event_trigger;
pub mod extension;
pub mod foreign_data_wrapper;
pub mod grant;
pub mod id;
pub mod index;
pub mod language;
pub mod materialized_view;
pub mod namespace;
pub mod operator;
pub mod operator_class;
pub mod operator_family;
pub mod owner;
pub mod policy;
pub mod publication;
pub mod range_type;
pub mod role;
pub mod routine;
pub mod rule;
pub mod security_label;
pub mod sequence;
pub mod server;
pub mod statistics;
pub mod subscription;
pub mod table;
pub mod text_search_configuration;
pub mod text_search_dictionary;
pub mod text_search_parser;
pub mod text_search_template;
pub mod transform;
pub mod trigger;
pub mod user_mapping;
pub mod view;

pub use id::ObjectId;

/// How a live object differs from the desired one of the same id.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison<C> {
    /// Nothing differs.
    Same,
    /// These changes, in this order, turn the live object into the desired one.
    Altered(Vec<C>),
    /// PostgreSQL has no ALTER for the difference: the object must be made anew. The text says what differs.
    Replaced(String),
}

impl<C> Comparison<C> {
    /// `Same` when there is nothing to change.
    pub fn of(changes: Vec<C>) -> Self {
        if changes.is_empty() {
            Self::Same
        } else {
            Self::Altered(changes)
        }
    }

    fn map<D>(self, f: impl Fn(C) -> D) -> Comparison<D> {
        match self {
            Self::Same => Comparison::Same,
            Self::Altered(changes) => Comparison::Altered(changes.into_iter().map(f).collect()),
            Self::Replaced(why) => Comparison::Replaced(why),
        }
    }
}

/// What role a name plays inside an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRole {
    /// A table, view, materialized view, sequence or foreign table.
    Relation,
    /// An index.
    Index,
    /// A function, procedure or aggregate, without its arguments.
    Routine,
    /// A collation.
    Collation,
    /// An operator class.
    OperatorClass,
    /// An object of exactly this kind.
    Of(Kind),
}

/// Walks over the names, types and texts inside an object; used for references, resolution, renames and unification.
/// Every method may change what it is shown.
pub trait Visitor {
    /// A name of another object.
    fn name(&mut self, _role: NameRole, _name: &mut QualifiedName) {}
    /// A column of a relation, named apart from any text.
    fn column(&mut self, _relation: &QualifiedName, _column: &mut Ident) {}
    /// A type.
    fn type_name(&mut self, _type_name: &mut TypeName) {}
    /// An expression; `slot` tells the expressions of one object apart. `relation` is the table whose columns it may name.
    fn expr(&mut self, _slot: &str, _relation: Option<&QualifiedName>, _expr: &mut Expr) {}
    /// A query or rule action.
    fn query(&mut self, _slot: &str, _query: &mut Query) {}
    /// A role, or a word for whoever runs the statement ([`role`]); empty for `PUBLIC`.
    fn role(&mut self, _role: &mut Ident) {}
}

/// What every kind answers about itself.
pub trait Definition: Clone + PartialEq {
    /// The kind's own changes.
    type Change;
    /// The object's identity.
    fn id(&self) -> ObjectId;
    /// The object it lives in and dies with, if any.
    fn parent(&self) -> Option<ObjectId> {
        None
    }
    /// The texts by which PostgreSQL ties the object to columns of tables, so that those keep their types while it stands. Constraints
    /// and indexes have none: they change along.
    fn binding_texts(&self) -> Vec<&str> {
        Vec::new()
    }
    /// Shows every name, type and text to the visitor, the own name left out.
    fn visit(&mut self, visitor: &mut dyn Visitor);
    /// Moves the object to another id of the same kind (rename, or another namespace).
    fn rename(&mut self, to: &ObjectId);
    /// What turns `self` (live) into `desired`; both have the same id.
    fn compare(&self, desired: &Self) -> Comparison<Self::Change>;
    /// Applies one change.
    fn apply(&mut self, change: &Self::Change);
}

macro_rules! kinds {
    ($( $variant:ident($module:ident::$type:ident, $change:ident) ),+ $(,)?) => {
        /// One object of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Object {
            $( #[doc = concat!("See [`mod@", stringify!($module), "`].")] $variant($module::$type), )+
        }

        /// One change of an object of any kind; it carries the new value only.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Change {
            $( #[doc = concat!("See [`mod@", stringify!($module), "`].")] $variant($module::$change), )+
        }

        impl Object {
            /// The object's identity.
            pub fn id(&self) -> ObjectId {
                match self { $( Self::$variant(object) => object.id(), )+ }
            }
            /// The object it lives in and dies with, if any.
            pub fn parent(&self) -> Option<ObjectId> {
                match self { $( Self::$variant(object) => object.parent(), )+ }
            }
            /// The texts by which PostgreSQL ties it to columns of tables.
            pub fn binding_texts(&self) -> Vec<&str> {
                match self { $( Self::$variant(object) => object.binding_texts(), )+ }
            }
            /// Shows every name, type and text inside to the visitor.
            pub fn visit(&mut self, visitor: &mut dyn Visitor) {
                match self { $( Self::$variant(object) => object.visit(visitor), )+ }
            }
            /// Moves the object to another id of the same kind.
            pub fn rename(&mut self, to: &ObjectId) {
                match self { $( Self::$variant(object) => object.rename(to), )+ }
            }
            /// What turns `self` (live) into `desired`. Objects of different kinds are replaced.
            pub fn compare(&self, desired: &Self) -> Comparison<Change> {
                match (self, desired) {
                    $( (Self::$variant(live), Self::$variant(desired)) => live.compare(desired).map(Change::$variant), )+
                    _ => Comparison::Replaced("it is of another kind".into()),
                }
            }
            /// Applies one change; false when the change belongs to another kind.
            pub fn apply(&mut self, change: &Change) -> bool {
                match (self, change) {
                    $( (Self::$variant(object), Change::$variant(change)) => { object.apply(change); true } )+
                    _ => false,
                }
            }
        }

        $(
            impl From<$module::$type> for Object {
                fn from(object: $module::$type) -> Self { Self::$variant(object) }
            }
            impl From<$module::$change> for Change {
                fn from(change: $module::$change) -> Self { Self::$variant(change) }
            }
        )+
    };
}

kinds! {
    Namespace(namespace::Namespace, NamespaceChange),
    Extension(extension::Extension, ExtensionChange),
    Language(language::Language, LanguageChange),
    AccessMethod(access_method::AccessMethod, AccessMethodChange),
    Collation(collation::Collation, CollationChange),
    ForeignDataWrapper(foreign_data_wrapper::ForeignDataWrapper, ForeignDataWrapperChange),
    Server(server::Server, ServerChange),
    UserMapping(user_mapping::UserMapping, UserMappingChange),
    EnumType(enum_type::EnumType, EnumChange),
    CompositeType(composite_type::CompositeType, CompositeChange),
    RangeType(range_type::RangeType, RangeChange),
    Domain(domain::Domain, DomainChange),
    DomainConstraint(domain::DomainConstraint, DomainConstraintChange),
    Sequence(sequence::Sequence, SequenceChange),
    Table(table::Table, TableChange),
    Column(column::Column, ColumnChange),
    Constraint(constraint::Constraint, ConstraintChange),
    Index(index::Index, IndexChange),
    View(view::View, ViewChange),
    MaterializedView(materialized_view::MaterializedView, MaterializedViewChange),
    Routine(routine::Routine, RoutineChange),
    Aggregate(aggregate::Aggregate, AggregateChange),
    Conversion(conversion::Conversion, ConversionChange),
    Operator(operator::Operator, OperatorChange),
    OperatorFamily(operator_family::OperatorFamily, OperatorFamilyChange),
    OperatorClass(operator_class::OperatorClass, OperatorClassChange),
    Cast(cast::Cast, CastChange),
    TextSearchParser(text_search_parser::TextSearchParser, TextSearchParserChange),
    TextSearchTemplate(text_search_template::TextSearchTemplate, TextSearchTemplateChange),
    TextSearchDictionary(text_search_dictionary::TextSearchDictionary, TextSearchDictionaryChange),
    TextSearchConfiguration(text_search_configuration::TextSearchConfiguration, TextSearchConfigurationChange),
    Transform(transform::Transform, TransformChange),
    Trigger(trigger::Trigger, TriggerChange),
    Rule(rule::Rule, RuleChange),
    Policy(policy::Policy, PolicyChange),
    EventTrigger(event_trigger::EventTrigger, EventTriggerChange),
    Publication(publication::Publication, PublicationChange),
    Subscription(subscription::Subscription, SubscriptionChange),
    Statistics(statistics::Statistics, StatisticsChange),
    Comment(comment::Comment, CommentChange),
    SecurityLabel(security_label::SecurityLabel, SecurityLabelChange),
    Owner(owner::Owner, OwnerChange),
    Acl(grant::Acl, AclChange),
    DefaultPrivileges(default_privileges::DefaultPrivileges, DefaultPrivilegesChange),
}

macro_rules! kind_words {
    ($( $(#[$doc:meta])+ $kind:ident = $word:literal, $sql:literal; )+) => {
        /// The kind of an object; its `Display` is the word used in ids and reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $( $(#[$doc])+ $kind, )+
        }

        impl Kind {
            /// Every kind, in the order in which a schema is best read.
            pub const ALL: &'static [Kind] = &[ $( Kind::$kind, )+ ];

            /// The word for the kind.
            pub fn word(self) -> &'static str {
                match self { $( Kind::$kind => $word, )+ }
            }

            /// The words that stand for the kind in `DROP`, `COMMENT ON` and `ALTER ... OWNER TO`.
            pub fn sql(self) -> &'static str {
                match self { $( Kind::$kind => $sql, )+ }
            }
        }
    };
}

// The order is that in which a schema is best read, and made.
kind_words! {
    /// What PostgreSQL calls a schema.
    Namespace = "namespace", "SCHEMA";
    /// An installed extension.
    Extension = "extension", "EXTENSION";
    /// A procedural language.
    Language = "language", "LANGUAGE";
    /// An access method of tables or indexes.
    AccessMethod = "access method", "ACCESS METHOD";
    /// A collation.
    Collation = "collation", "COLLATION";
    /// A foreign data wrapper.
    ForeignDataWrapper = "foreign data wrapper", "FOREIGN DATA WRAPPER";
    /// A foreign server.
    Server = "server", "SERVER";
    /// How a role is known to a foreign server.
    UserMapping = "user mapping", "USER MAPPING";
    /// An enumerated type.
    EnumType = "enum", "TYPE";
    /// A free-standing composite type.
    CompositeType = "composite type", "TYPE";
    /// A range type.
    RangeType = "range type", "TYPE";
    /// A domain.
    Domain = "domain", "DOMAIN";
    /// A constraint of a domain.
    DomainConstraint = "domain constraint", "CONSTRAINT";
    /// A sequence that is not an identity column's own.
    Sequence = "sequence", "SEQUENCE";
    /// An ordinary or partitioned table, or a partition.
    Table = "table", "TABLE";
    /// A column of a table, or of a view (satellites only).
    Column = "column", "COLUMN";
    /// A table constraint.
    Constraint = "constraint", "CONSTRAINT";
    /// An index that no constraint owns.
    Index = "index", "INDEX";
    /// A view.
    View = "view", "VIEW";
    /// A materialized view.
    MaterializedView = "materialized view", "MATERIALIZED VIEW";
    /// A function.
    Function = "function", "FUNCTION";
    /// A procedure.
    Procedure = "procedure", "PROCEDURE";
    /// An aggregate function.
    Aggregate = "aggregate", "AGGREGATE";
    /// A conversion between encodings.
    Conversion = "conversion", "CONVERSION";
    /// An operator.
    Operator = "operator", "OPERATOR";
    /// A family of operator classes.
    OperatorFamily = "operator family", "OPERATOR FAMILY";
    /// An operator class: what an index does with a type.
    OperatorClass = "operator class", "OPERATOR CLASS";
    /// A cast from one type to another.
    Cast = "cast", "CAST";
    /// A transform between a type and a language.
    Transform = "transform", "TRANSFORM";
    /// A parser of text search.
    TextSearchParser = "text search parser", "TEXT SEARCH PARSER";
    /// A template of text search dictionaries.
    TextSearchTemplate = "text search template", "TEXT SEARCH TEMPLATE";
    /// A dictionary of text search.
    TextSearchDictionary = "text search dictionary", "TEXT SEARCH DICTIONARY";
    /// A configuration of text search.
    TextSearchConfiguration = "text search configuration", "TEXT SEARCH CONFIGURATION";
    /// A trigger on a relation.
    Trigger = "trigger", "TRIGGER";
    /// A rewrite rule.
    Rule = "rule", "RULE";
    /// A row security policy.
    Policy = "policy", "POLICY";
    /// An event trigger.
    EventTrigger = "event trigger", "EVENT TRIGGER";
    /// A publication of changes.
    Publication = "publication", "PUBLICATION";
    /// A subscription to publications.
    Subscription = "subscription", "SUBSCRIPTION";
    /// An extended statistics object.
    Statistics = "statistics", "STATISTICS";
    /// A comment on another object.
    Comment = "comment", "COMMENT";
    /// A security label on another object.
    SecurityLabel = "security label", "SECURITY LABEL";
    /// The owner of another object.
    Owner = "owner", "OWNER";
    /// The privileges granted on another object.
    Acl = "privileges", "GRANT";
    /// Privileges that future objects get.
    DefaultPrivileges = "default privileges", "DEFAULT PRIVILEGES";
}

impl Kind {
    /// Whether it says something about another object and has no life of its own.
    pub fn is_satellite(self) -> bool {
        matches!(self, Kind::Comment | Kind::SecurityLabel | Kind::Owner | Kind::Acl)
    }

    /// Whether objects of the kind live in a namespace.
    pub fn is_in_namespace(self) -> bool {
        !matches!(
            self,
            Kind::Cast
                | Kind::Transform
                | Kind::Language
                | Kind::AccessMethod
                | Kind::Subscription
                | Kind::Publication
                | Kind::ForeignDataWrapper
                | Kind::Server
                | Kind::UserMapping
                | Kind::Namespace
                | Kind::Extension
                | Kind::EventTrigger
        )
    }

    /// Whether objects of the kind share one name space per namespace with tables (`pg_class`).
    pub fn is_relation(self) -> bool {
        matches!(
            self,
            Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index
        )
    }

    /// Whether queries name objects of the kind.
    pub fn is_named_by_queries(self) -> bool {
        !self.is_satellite()
            && !matches!(
                self,
                Kind::Constraint
                    | Kind::DomainConstraint
                    | Kind::Index
                    | Kind::Trigger
                    | Kind::EventTrigger
                    | Kind::Rule
                    | Kind::Policy
                    | Kind::Statistics
                    | Kind::DefaultPrivileges
                    | Kind::Publication
                    | Kind::Subscription
                    | Kind::Cast
            )
    }

    /// Where objects of the kind stand in the definition of what they belong to: it comes first, then columns and constraints, so
    /// that they become part of CREATE TABLE, then what has statements of its own, at last satellites.
    pub fn place_in_definition(self) -> u8 {
        match self {
            Kind::Column => 1,
            Kind::Constraint => 2,
            Kind::DomainConstraint | Kind::Index | Kind::Trigger | Kind::Rule | Kind::Policy | Kind::Statistics => 3,
            kind if kind.is_satellite() => 4,
            _ => 0,
        }
    }

    /// Whether objects of the kind are types by name (`pg_type`), relations' row types left out.
    pub fn is_type(self) -> bool {
        matches!(
            self,
            Kind::EnumType | Kind::CompositeType | Kind::RangeType | Kind::Domain
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

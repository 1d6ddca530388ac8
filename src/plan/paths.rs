//! The search path that a step runs under.

use crate::expr::{Expr, Query, SearchPath};
use crate::name::{Ident, QualifiedName};
use crate::object::column::ColumnChange;
use crate::object::domain::DomainChange;
use crate::object::policy::PolicyChange;
use crate::object::routine::RoutineChange;
use crate::object::rule::RuleChange;
use crate::object::trigger::TriggerChange;
use crate::object::view::ViewChange;
use crate::object::{Change, Kind, NameRole, Object, Visitor};
use crate::operation::Operation;
use crate::plan::context::Context;
use crate::types::TypeName;

/// The search path for a step: that of its texts; texts from the catalog name everything in full and fit any. Names that only
/// an extension can provide are looked for where extensions are.
pub fn search_path(operations: &[Operation], context: &Context) -> SearchPath {
    #[derive(Default)]
    struct Finder {
        found: Option<SearchPath>,
        unresolved: bool,
    }
    impl Finder {
        fn see(&mut self, path: &SearchPath) {
            if self.found.is_none() && !path.is_empty() {
                self.found = Some(path.clone());
            }
        }
    }
    impl Visitor for Finder {
        fn expr(&mut self, _: &str, _: Option<&QualifiedName>, expr: &mut Expr) {
            self.see(&expr.path);
        }
        fn query(&mut self, _: &str, query: &mut Query) {
            self.see(&query.path);
        }
        fn name(&mut self, _: NameRole, name: &mut QualifiedName) {
            self.unresolved |= name.namespace.is_none();
        }
        fn type_name(&mut self, type_name: &mut TypeName) {
            self.unresolved |= type_name.namespace.is_none() && !type_name.is_builtin();
        }
    }
    let mut finder = Finder::default();
    for operation in operations {
        match operation {
            Operation::Create { object, .. } => {
                finder.unresolved |= object.id().kind == Kind::Extension;
                object.clone().visit(&mut finder);
            }
            Operation::Backfill { set, condition, .. } => {
                set.iter().for_each(|(_, expr)| finder.see(&expr.path));
                finder.see(&condition.path);
            }
            Operation::Check { query, .. } => finder.see(&query.path),
            Operation::UseIndex { constraint, .. } => Object::from(constraint.clone()).visit(&mut finder),
            Operation::Alter { change, .. } => {
                if let Change::Column(ColumnChange::Type { type_name, .. }) = change {
                    finder.type_name(&mut type_name.clone());
                }
                change_paths(change, &mut |path| finder.see(path));
            }
            Operation::CopyRows { condition, .. } => {
                condition.iter().for_each(|only| finder.see(&only.path));
            }
            Operation::Extend { key: Some(key), .. } => Object::from(key.clone()).visit(&mut finder),
            Operation::Extend { index, key: None } => Object::from(index.clone()).visit(&mut finder),
            Operation::Drop { .. }
            | Operation::Rename { .. }
            | Operation::Count { .. }
            | Operation::StartAfter { .. }
            | Operation::Lock { .. } => {}
        }
    }
    match finder.found {
        Some(path) => path,
        None if finder.unresolved => homes_of_extensions(context),
        None => SearchPath::default(),
    }
}

/// `public`, and the namespaces that the files put extensions into.
fn homes_of_extensions(context: &Context) -> SearchPath {
    let mut homes = vec![Ident::from("public")];
    for (_, object) in context.schemas.desired.of_kind(Kind::Extension) {
        if let Object::Extension(extension) = object {
            homes.extend(extension.namespace.clone().filter(|home| !homes.contains(home)));
        }
    }
    SearchPath::new(homes)
}

fn change_paths(change: &Change, see: &mut dyn FnMut(&SearchPath)) {
    struct Paths<'a>(&'a mut dyn FnMut(&SearchPath));
    impl Visitor for Paths<'_> {
        fn expr(&mut self, _: &str, _: Option<&QualifiedName>, expr: &mut Expr) {
            (self.0)(&expr.path);
        }
        fn query(&mut self, _: &str, query: &mut Query) {
            (self.0)(&query.path);
        }
    }
    let mut paths = Paths(see);
    match change {
        Change::Column(ColumnChange::Default(Some(expr)) | ColumnChange::Type { using: Some(expr), .. }) => {
            (paths.0)(&expr.path)
        }
        Change::Column(ColumnChange::Generated(Some(generated))) => (paths.0)(&generated.expr.path),
        Change::Domain(DomainChange::Default(Some(expr))) => (paths.0)(&expr.path),
        Change::Policy(PolicyChange::Using(expr) | PolicyChange::Check(expr)) => (paths.0)(&expr.path),
        Change::View(ViewChange::Replace(view)) => Object::from((**view).clone()).visit(&mut paths),
        Change::View(ViewChange::Default {
            default: Some(expr), ..
        }) => (paths.0)(&expr.path),
        Change::Routine(RoutineChange::Replace(routine)) => {
            Object::from((**routine).clone()).visit(&mut paths);
        }
        Change::Trigger(TriggerChange::Replace(trigger)) => {
            Object::from((**trigger).clone()).visit(&mut paths);
        }
        Change::Rule(RuleChange::Replace(rule)) => Object::from((**rule).clone()).visit(&mut paths),
        _ => {}
    }
}

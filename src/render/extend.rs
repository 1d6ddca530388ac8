//! SQL that gives an index or key of a partitioned table to partitions that have come since.

use crate::object::constraint::Constraint;
use crate::object::constraint::render::{unnamed, using_index};
use crate::object::index::Index;
use crate::object::index::render::shape;
use crate::sql::{dollar_quoted, literal};

/// What is run for a partition, as texts of `format` in which `%s` is its name.
struct Words {
    /// What all of it belongs to, for readers.
    whole: String,
    /// A query for the index of the table.
    index: String,
    /// Makes it on a partition that is partitioned itself.
    above: String,
    /// Makes it on one that holds no rows.
    empty: String,
    /// Lets an index of the partition become it; `%I` is the name. None where the index is it.
    over: Option<String>,
}

/// Looks up the partitions when it runs. `index` is, for a key, what a partition has before.
pub(super) fn extend(index: &Index, key: Option<&Constraint>) -> String {
    let table = format!("{}::pg_catalog.regclass", literal(&index.table.to_string()));
    let unique = if index.unique { "UNIQUE " } else { "" };
    let on_partition = shape(index).replace('%', "%%");
    let words = match key {
        Some(key) => {
            let rule = unnamed(key).replace('%', "%%");
            Words {
                whole: format!("constraint {}.{}", key.table, key.name),
                index: format!(
                    "SELECT conindid FROM pg_catalog.pg_constraint WHERE conrelid = {table} AND conname = {}",
                    literal(key.name.as_str())
                ),
                above: format!("ALTER TABLE ONLY %s ADD {rule}"),
                empty: format!("ALTER TABLE %s ADD {rule}"),
                over: Some(format!("ALTER TABLE %s ADD {}", using_index(key, "%I"))),
            }
        }
        None => Words {
            whole: format!("index {}", index.name),
            index: format!("SELECT {}::pg_catalog.regclass", literal(&index.name.to_string())),
            above: format!("CREATE {unique}INDEX ON ONLY %s {on_partition}"),
            empty: format!("CREATE {unique}INDEX ON %s {on_partition}"),
            over: None,
        },
    };
    let over = words.over.map_or_else(String::new, |over| {
        format!(
            "        ELSE
            EXECUTE pg_catalog.format({}, part.name, (SELECT relname FROM pg_catalog.pg_class WHERE oid = own));\n",
            literal(&over)
        )
    });
    let body = format!(
        "
DECLARE
    whole oid := ({whole_index});
    part record;
    parent pg_catalog.regclass;
    own pg_catalog.regclass;
    others oid[];
    filled boolean;
    lacking text[];
BEGIN
    FOR part IN
        SELECT tree.relid, tree.parentrelid, tree.isleaf, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_catalog.pg_partition_tree({table}) AS tree
        JOIN pg_catalog.pg_class c ON c.oid = tree.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE tree.level > 0 AND c.relkind <> 'f' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = tree.relid AND whole IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(i.indexrelid))
        )
        ORDER BY tree.level, tree.relid
    LOOP
        SELECT i.indexrelid INTO STRICT parent FROM pg_catalog.pg_index i
        WHERE i.indrelid = part.parentrelid
            AND whole IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(i.indexrelid));
        -- One that says the same, and belongs to nothing yet.
        SELECT i.indexrelid INTO own FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_index w ON w.indexrelid = whole
        WHERE i.indrelid = part.relid AND part.isleaf AND i.indisvalid AND NOT c.relispartition
            AND i.indisunique = w.indisunique
            AND pg_catalog.split_part(pg_catalog.pg_get_indexdef(i.indexrelid), ' USING ', 2)
                = pg_catalog.split_part(pg_catalog.pg_get_indexdef(whole), ' USING ', 2)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = i.indexrelid AND conrelid = part.relid)
        LIMIT 1;
        IF own IS NULL THEN
            IF part.isleaf THEN
                EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s)', part.name) INTO filled;
                IF filled THEN
                    lacking := lacking || part.name;
                    CONTINUE;
                END IF;
            END IF;
            others := ARRAY(SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = part.relid);
            EXECUTE pg_catalog.format(CASE WHEN part.isleaf THEN {empty} ELSE {above} END, part.name);
            SELECT indexrelid INTO STRICT own FROM pg_catalog.pg_index
            WHERE indrelid = part.relid AND indexrelid <> ALL (others);
{over}        END IF;
        EXECUTE pg_catalog.format('ALTER INDEX %s ATTACH PARTITION %s', parent, own);
    END LOOP;
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = {message},
            DETAIL = 'They hold rows: ' || pg_catalog.array_to_string(lacking, ', ') || '.',
            HINT = 'Run ' || (SELECT pg_catalog.string_agg(pg_catalog.format({build}, name), '; ') FROM pg_catalog.unnest(lacking) AS name) || '; then run the phase again.';
    END IF;
END
",
        whole_index = words.index,
        message = literal(&format!("partitions have come meanwhile that have no index for {}", words.whole)),
        build = literal(&format!("CREATE {unique}INDEX CONCURRENTLY ON %s {on_partition}")),
        empty = literal(&words.empty),
        above = literal(&words.above),
    );
    format!("DO {}", dollar_quoted(&body))
}

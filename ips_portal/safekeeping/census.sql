-- Every rule that guards the rows, as (name, text). One question for each kind, after the line that names it.

-- kind: guard of
SELECT relname, concat_ws(' ', 'secured', relrowsecurity, 'forced', relforcerowsecurity, 'owner', relowner::regrole,
    (SELECT string_agg(grantee::regrole || '=' || privilege_type, ',' ORDER BY grantee::regrole::text, privilege_type)
     FROM aclexplode(coalesce(relacl, acldefault('r', relowner)))))
FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace = 'public'::regnamespace

-- kind: column
SELECT attrelid::regclass || '.' || attname,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity::text, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped

-- kind: policy
SELECT tablename || '.' || policyname, concat_ws(' ', permissive, roles, cmd, qual, with_check)
FROM pg_policies WHERE schemaname = 'public'

-- kind: constraint
SELECT conrelid::regclass || '.' || conname,
    concat_ws(' ', pg_get_constraintdef(oid), condeferrable, condeferred, convalidated)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace

-- kind: trigger
SELECT tgrelid::regclass || '.' || tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace

-- kind: index
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'

-- kind: function
SELECT oid::regprocedure::text, concat_ws(' ', md5(pg_get_functiondef(oid)), proowner::regrole,
    (SELECT string_agg(grantee::regrole || '=' || privilege_type, ',' ORDER BY grantee::regrole::text, privilege_type)
     FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))))
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'

-- kind: view
SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'

-- kind: sequence
SELECT sequencename, concat_ws(' ', last_value, increment_by, min_value, max_value, cycle)
FROM pg_sequences WHERE schemaname = 'public'

-- kind: extension
SELECT extname, extversion FROM pg_extension

-- kind: grants to come on
SELECT concat_ws(' ', defaclrole::regrole, defaclobjtype), defaclacl::text FROM pg_default_acl

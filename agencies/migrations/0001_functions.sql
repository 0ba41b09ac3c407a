-- Functions of the second wall. Each definer function is on the list in tests/architecture/test_walls.py.

-- Whatever the owner creates from here on, the app role may use; Enclose and the statements below take back.
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};

-- The open memberships of a person in a state, each with the ids it reaches. The day is that of the statement, as the
-- portal's own clock has it: the day a long transaction began on may be over.
CREATE FUNCTION agencies_actors(for_person bigint, in_state bigint)
RETURNS TABLE (
    membership_id bigint, state_id bigint, role text, person_id bigint,
    agency_ids bigint[], team_ids bigint[], assigned_agency_ids bigint[], assigned_team_ids bigint[],
    seen_agency_ids bigint[], seen_team_ids bigint[], name text, place text, department text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH seat AS (
        SELECT m.*, p.name AS person_name, (statement_timestamp() AT TIME ZONE s.zone)::date AS today
        FROM agencies_membership m
        JOIN agencies_person p ON p.id = m.person_id AND p.is_active
        JOIN agencies_state s ON s.id = m.state_id
        WHERE m.person_id = for_person AND m.state_id = in_state
          AND m.started_on <= (statement_timestamp() AT TIME ZONE s.zone)::date
          AND (m.ended_on IS NULL OR m.ended_on > (statement_timestamp() AT TIME ZONE s.zone)::date)
    ),
    agency_teams AS (
        SELECT t.state_id, t.agency_id, t.id AS team_id FROM agencies_team t WHERE t.state_id = in_state
        UNION SELECT p.state_id, p.agency_id, p.team_id FROM agencies_teampartner p WHERE p.state_id = in_state
    ),
    reached AS (
        SELECT seat.*,
            ARRAY(SELECT seat.agency_id WHERE seat.agency_id IS NOT NULL) AS own_agencies,
            CASE WHEN seat.role = 'AL'
                THEN ARRAY(SELECT a.team_id FROM agency_teams a WHERE a.agency_id = seat.agency_id)
                -- Only while the team is the agency's: sight ends with a partnership, or when a team moves away.
                ELSE ARRAY(
                    SELECT mt.team_id FROM agencies_membershipteam mt
                    JOIN agency_teams a ON a.team_id = mt.team_id AND a.agency_id = seat.agency_id
                    WHERE mt.membership_id = seat.id
                )
            END AS own_teams,
            ARRAY(
                SELECT a.agency_id FROM agencies_assignment a
                WHERE a.membership_id = seat.id AND a.agency_id IS NOT NULL
                  AND a.starts_on <= seat.today AND (a.ends_on IS NULL OR a.ends_on >= seat.today)
                UNION
                SELECT c.agency_id FROM agencies_payercontract c
                WHERE c.payer_id = seat.payer_id
                  AND c.starts_on <= seat.today AND (c.ends_on IS NULL OR c.ends_on >= seat.today)
            ) AS assigned_agencies,
            ARRAY(
                SELECT a.team_id FROM agencies_assignment a
                WHERE a.membership_id = seat.id AND a.team_id IS NOT NULL
                  AND a.starts_on <= seat.today AND (a.ends_on IS NULL OR a.ends_on >= seat.today)
            ) AS assigned_teams
        FROM seat
    ),
    teams AS (
        SELECT reached.*,
            assigned_teams || ARRAY(
                SELECT a.team_id FROM agency_teams a WHERE a.agency_id = ANY (assigned_agencies)
            ) AS open_teams,
            own_teams || CASE WHEN role IN ('AL', 'SU')
                THEN ARRAY(SELECT a.team_id FROM agency_teams a WHERE a.agency_id = ANY (own_agencies))
                ELSE '{}'::bigint[]
            END AS home_teams
        FROM reached
    )
    SELECT id, teams.state_id, role, person_id,
        own_agencies, own_teams, assigned_agencies, open_teams,
        own_agencies || assigned_agencies || ARRAY(
            SELECT a.agency_id FROM agency_teams a WHERE a.team_id = ANY (home_teams || open_teams)
        ),
        home_teams || open_teams,
        person_name,
        coalesce(
            (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM agencies_team t
             WHERE role IN ('SU', 'ES') AND t.id = ANY (own_teams)),
            (SELECT a.name FROM agencies_agency a WHERE a.id = teams.agency_id),
            (SELECT y.name FROM agencies_payer y WHERE y.id = teams.payer_id),
            teams.department
        ),
        teams.department
    FROM teams
$$;

-- An invitation is found by the hash of its token alone; the token is the right to see it.
CREATE FUNCTION agencies_invitation_by_hash(token_hash text)
RETURNS TABLE (id bigint, state_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT i.id, i.state_id FROM agencies_invitation i WHERE i.token_sha256 = token_hash
$$;

-- The states a person belongs to, for the front door.
CREATE FUNCTION agencies_states_of(for_person bigint)
RETURNS TABLE (state_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT m.state_id FROM agencies_membership m
    JOIN agencies_state s ON s.id = m.state_id
    WHERE m.person_id = for_person
      AND (m.ended_on IS NULL OR m.ended_on > (statement_timestamp() AT TIME ZONE s.zone)::date)
$$;

-- History: one call per statement, whatever wrote it. The app role can neither call this nor write the table.
CREATE FUNCTION agencies_record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    person bigint := nullif(nullif(current_setting('app.person_id', true), ''), '0')::bigint;
    membership bigint := nullif(nullif(current_setting('app.membership_id', true), ''), '0')::bigint;
    tenant text := CASE TG_TABLE_NAME WHEN 'agencies_state' THEN 'id' ELSE 'state_id' END;
    why text := coalesce(current_setting('app.reason', true), '');
    who text := CASE
        WHEN person IS NOT NULL THEN 'person'
        WHEN coalesce(nullif(current_setting('app.state_id', true), ''), '0') <> '0' THEN 'system'
        ELSE 'migration' END;
BEGIN
    -- Bulk loads by the owner say so; nobody else can.
    IF current_setting('app.history', true) = 'off' AND session_user = current_user THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO agencies_change (state_id, table_name, row_id, kind, values, person_id, membership_id, actor, reason, at, transaction)
        SELECT (r ->> tenant)::bigint, TG_TABLE_NAME, (r ->> 'id')::bigint, 'insert',
            jsonb_strip_nulls(r - 'id' - 'state_id'), person, membership, who, why, clock_timestamp(), pg_current_xact_id()::text::bigint
        FROM (SELECT to_jsonb(n) AS r FROM new_rows n) rows WHERE r ->> tenant IS NOT NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO agencies_change (state_id, table_name, row_id, kind, values, person_id, membership_id, actor, reason, at, transaction)
        SELECT (b ->> tenant)::bigint, TG_TABLE_NAME, (b ->> 'id')::bigint, 'update',
            (SELECT jsonb_object_agg(e.key, jsonb_build_array(a -> e.key, e.value)) FROM jsonb_each(b) e
             WHERE e.value IS DISTINCT FROM a -> e.key),
            person, membership, who, why, clock_timestamp(), pg_current_xact_id()::text::bigint
        FROM (SELECT to_jsonb(o) AS a, to_jsonb(n) AS b FROM old_rows o JOIN new_rows n USING (id)) rows
        WHERE a <> b AND b ->> tenant IS NOT NULL;
    ELSE
        INSERT INTO agencies_change (state_id, table_name, row_id, kind, values, person_id, membership_id, actor, reason, at, transaction)
        SELECT (r ->> tenant)::bigint, TG_TABLE_NAME, (r ->> 'id')::bigint, 'delete',
            jsonb_strip_nulls(r - 'id' - 'state_id'), person, membership, who, why, clock_timestamp(), pg_current_xact_id()::text::bigint
        FROM (SELECT to_jsonb(o) AS r FROM old_rows o) rows WHERE r ->> tenant IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;

-- What a link of the chain is computed from: every column that must not change, in one fixed order.
CREATE FUNCTION agencies_seal_hash(in_state bigint, before text, of_seal bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT encode(sha256(convert_to(before || coalesce(string_agg(
        jsonb_build_array(id, state_id, table_name, row_id, kind, values, person_id, membership_id, actor, reason,
                          extract(epoch FROM at), transaction)::text, E'\n' ORDER BY id), ''), 'UTF8')), 'hex')
    FROM agencies_change WHERE state_id = in_state AND seal = of_seal
$$;

-- Seals what finished transactions left since the last link. Returns how many rows were sealed.
CREATE FUNCTION agencies_seal_changes(in_state bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    last agencies_seal;
    next_number bigint;
    sealed integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('agencies_seal'), in_state::integer);
    SELECT * INTO last FROM agencies_seal WHERE state_id = in_state ORDER BY number DESC LIMIT 1;
    next_number := coalesce(last.number, 0) + 1;
    UPDATE agencies_change SET seal = next_number
    WHERE state_id = in_state AND seal IS NULL
      AND transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    GET DIAGNOSTICS sealed = ROW_COUNT;
    IF sealed > 0 THEN
        INSERT INTO agencies_seal (state_id, number, rows, hash, at)
        VALUES (in_state, next_number, sealed,
                agencies_seal_hash(in_state, coalesce(last.hash, ''), next_number), clock_timestamp());
    END IF;
    RETURN sealed;
END $$;

-- The first broken link of a state's chain, or null when every link holds.
CREATE FUNCTION agencies_broken_seal(in_state bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    link agencies_seal;
    before text := '';
    expected bigint := 0;
BEGIN
    FOR link IN SELECT * FROM agencies_seal WHERE state_id = in_state ORDER BY number LOOP
        expected := expected + 1;
        IF link.number <> expected
            OR link.rows <> (SELECT count(*) FROM agencies_change c WHERE c.state_id = in_state AND c.seal = link.number)
            OR link.hash <> agencies_seal_hash(in_state, before, link.number) THEN
            RETURN expected;
        END IF;
        before := link.hash;
    END LOOP;
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION agencies_record_change(), agencies_seal_hash(bigint, text, bigint),
    agencies_seal_changes(bigint), agencies_broken_seal(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_seal_changes(bigint), agencies_broken_seal(bigint) TO {app};

-- History is read by those who see the row, and written by the trigger alone.
ALTER TABLE agencies_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE agencies_change FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON agencies_change TO CURRENT_USER USING (true) WITH CHECK (true);
REVOKE INSERT, UPDATE, DELETE ON agencies_change, agencies_seal FROM {app};
CREATE POLICY of_agencies_state ON agencies_change FOR SELECT TO {app} USING
    (table_name = 'agencies_state' AND row_id = (SELECT current_setting('app.state_id')::bigint)
     AND (SELECT current_setting('app.reach')) = 'state');
ALTER TABLE agencies_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE agencies_seal FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON agencies_seal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY tenant ON agencies_seal TO {app} USING
    (state_id = (SELECT current_setting('app.state_id')::bigint));

-- The tenants themselves: opened by the operator, never deleted, their changes recorded.
REVOKE DELETE ON agencies_state, agencies_person FROM {app};
CREATE TRIGGER history_insert AFTER INSERT ON agencies_state REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_record_change();
CREATE TRIGGER history_update AFTER UPDATE ON agencies_state REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agencies_record_change();

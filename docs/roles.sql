-- Run as a superuser, as often as you like: the owner of the tables, the role of web and worker, the role that backs up,
-- and the database.
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE ips_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ips_owner') \gexec
SELECT 'CREATE ROLE ips_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ips_app') \gexec
SELECT 'CREATE ROLE ips_backup' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ips_backup') \gexec
-- The owner must see every row, or migrations of data would change nothing under forced row-level security.
ALTER ROLE ips_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'owner';
ALTER ROLE ips_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT PASSWORD :'app';
-- A dump by a role that row-level security binds is empty and says nothing about it.
ALTER ROLE ips_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup';
GRANT pg_read_all_data TO ips_backup;
SELECT 'CREATE DATABASE ips OWNER ips_owner TEMPLATE template0'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ips') \gexec
REVOKE ALL ON DATABASE ips FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ips TO ips_app;
GRANT CONNECT ON DATABASE ips TO ips_backup;
\connect ips
ALTER SCHEMA public OWNER TO ips_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ips_app;

-- Run once as a superuser: the owner of the tables, the role of web and worker, and the database.
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE ips_owner LOGIN BYPASSRLS' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ips_owner') \gexec
SELECT 'CREATE ROLE ips_app LOGIN NOINHERIT' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ips_app') \gexec
ALTER ROLE ips_owner PASSWORD :'owner';
ALTER ROLE ips_app PASSWORD :'app';
SELECT 'CREATE DATABASE ips OWNER ips_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ips') \gexec
\connect ips
ALTER SCHEMA public OWNER TO ips_owner;

-- The truth. One row per event, keyed by its place; nothing is ever updated.
-- Columns are in the order that packs them best. Exactly one of payload and payload_ref is set.
create table journal (
  run_id      bigint   not null,
  at          bigint   not null, -- microseconds since 1970
  seq         int      not null,
  type        smallint not null,
  payload     text,
  payload_ref text,
  primary key (run_id, seq)
);

-- Texts that many events share, by hash: plans, and payloads too large for the journal's own rows.
create table attachment (
  hash text primary key,
  body text not null,
  -- true: body is a JSON string, because the text holds what the database's text cannot
  quoted boolean not null
);

create table event_type (
  code smallint primary key,
  name text not null unique
);

insert into event_type (code, name) values
  (1, 'run_created'), (2, 'plan_generated'), (3, 'execution_start'), (4, 'run_claimed'),
  (5, 'step_started'), (6, 'step_completed'), (7, 'step_failed'), (8, 'step_cancelled'),
  (9, 'step_skipped'), (10, 'step_expanded'), (11, 'step_waiting'), (12, 'step_unknown'),
  (13, 'step_resolved'), (14, 'approval_given'), (15, 'signal_received'), (16, 'run_paused'),
  (17, 'run_resumed'), (18, 'cancel_requested'), (19, 'deadline_passed'), (20, 'outputs_failed'),
  (21, 'compensation_started'), (22, 'compensation_attempted'), (23, 'step_compensated'),
  (24, 'compensation_failed'), (25, 'run_completed'), (26, 'run_failed'), (27, 'run_cancelled');

-- The journal as people read it.
create view journal_readable as
  select j.run_id, j.seq, t.name as type,
         to_timestamp(j.at / 1000000.0) as at,
         coalesce(j.payload, a.body) as payload
  from journal j
  join event_type t on t.code = j.type
  left join attachment a on a.hash = j.payload_ref;

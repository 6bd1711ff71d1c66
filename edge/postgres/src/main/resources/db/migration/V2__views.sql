-- A line per run, folded from the journal: may be dropped and made again at any time.
create table run_view (
  run_id         bigint primary key,
  owner          bigint not null,
  created_at     bigint not null, -- microseconds since 1970, as the others
  started_at     bigint,
  ended_at       bigint,          -- set exactly when the run has ended
  parent_run     bigint,
  forked_from    bigint,
  seq            int    not null, -- the last event that is folded in
  priority       int    not null,
  steps_total    int    not null,
  steps_done     int    not null,
  steps_failed   int    not null,
  tenant         text   not null,
  status         text   not null,
  name           text   not null,
  prompt         text,
  failure_code   text,
  failure_detail text
) with (fillfactor = 90);

create index run_view_of_tenant on run_view (tenant, run_id desc);
create index run_view_unfinished on run_view (run_id) where ended_at is null;
create index run_view_of_parent on run_view (parent_run, run_id) where parent_run is not null;

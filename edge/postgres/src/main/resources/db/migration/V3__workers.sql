-- A row per process that runs runs; one heartbeat each.
create table worker (
  id           bigint generated always as identity primary key,
  started_at   timestamptz not null default now(),
  beat_at      timestamptz not null default now(),
  expires_at   timestamptz not null,
  host         text   not null,
  pid          bigint not null,
  -- every run of this worker's up to this id is in run_view
  projected_to bigint not null,
  -- after its death: the views hold all that it wrote
  caught_up    boolean not null default false
);

-- What a caller's key for a request is tied to.
create table idempotency_key (
  tenant       text   not null,
  key          text   not null,
  run_id       bigint not null,
  request_hash text   not null,
  tied_at      timestamptz not null default now(),
  primary key (tenant, key)
);

-- What money is counted against. Amounts are picodollars, here and below.
create table ledger_account (
  id      bigint generated always as identity primary key,
  settled bigint not null default 0, -- spent, what dead processes may have spent included
  held    bigint not null default 0, -- drawn by living processes, and neither spent nor given back
  scope   text   not null,
  name    text   not null,
  period  text   not null,
  unique (scope, name, period)
) with (fillfactor = 70);

-- A process that draws money. Its last batch is told again to whoever did not hear the answer.
create table ledger_owner (
  id         bigint primary key,
  seq        bigint not null,
  lost       boolean not null default false, -- what it held is charged
  expires_at timestamptz not null,
  grants     bigint[]        -- of the last batch: an amount for each wish, -1 where it was declined
) with (fillfactor = 50);

-- What each process holds of each account: the sum of an account's rows is its held.
create table ledger_hold (
  owner   bigint not null,
  account bigint not null,
  amount  bigint not null,
  primary key (owner, account)
) with (fillfactor = 70);

-- What was held when a process's lease ended: charged, for it may have been spent. Taken back when it lives.
create table ledger_loss (
  owner   bigint not null,
  account bigint not null,
  amount  bigint not null,
  lost_at timestamptz not null default now(),
  primary key (owner, account)
);

-- The truth about money: one row for each attempt at a provider. settled = rows + losses, for every account.
create table ledger_row (
  id           bigint not null, -- of its reservation; grows with time
  owner        bigint not null,
  at           bigint not null, -- microseconds since 1970
  run_id       bigint,
  cost         bigint not null,
  reserved     bigint not null,
  input        bigint not null, -- tokens, cached ones included
  cached       bigint not null,
  cache_write  bigint not null,
  output       bigint not null,
  reasoning    bigint not null,
  tenant       text   not null,
  step         text   not null,
  agent        text   not null,
  key          text   not null,
  provider     text   not null,
  model        text   not null,
  how          text   not null, -- reported, received, unknown
  accounts     bigint[] not null,
  primary key (id, owner)
);

create index ledger_row_of_run on ledger_row (run_id) where run_id is not null;
-- Vendors that billed beyond their bound: few, and asked for at every start.
create index ledger_row_overbilled on ledger_row (provider, model) where cost > reserved;

create view ledger_readable as
  select id, to_timestamp(at / 1000000.0) as at, tenant, run_id, step, agent, key, provider, model,
         input, cached, cache_write, output, reasoning, cost / 1e12 as cost, reserved / 1e12 as reserved, how
  from ledger_row;

create view cost_by_run as
  select run_id, tenant, count(*) as calls, sum(input) as input, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_row where run_id is not null group by run_id, tenant;

create view cost_by_step as
  select run_id, step, count(*) as calls, sum(input) as input, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_row where run_id is not null group by run_id, step;

create view cost_by_agent as
  select tenant, run_id, agent, count(*) as calls, sum(input) as input, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_row where agent <> '' group by tenant, run_id, agent;

create view cost_by_model as
  select provider, model, count(*) as calls, sum(input) as input, sum(cached) as cached, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_row group by provider, model;

create view cost_by_tenant as
  select tenant, (to_timestamp(at / 1000000.0) at time zone 'utc')::date as day, count(*) as calls,
         sum(input) as input, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_row group by tenant, day;

-- What is charged because nobody knows what became of it.
create view ledger_lost as
  select a.scope, a.name, a.period, l.owner, l.amount / 1e12 as amount, l.lost_at
  from ledger_loss l join ledger_account a on a.id = l.account;

-- What was spent on days (of UTC) whose rows are not kept one by one any more. Amounts are picodollars.
create table ledger_day (
  day         date   not null,
  calls       bigint not null,
  cost        bigint not null,
  input       bigint not null,
  cached      bigint not null,
  cache_write bigint not null,
  output      bigint not null,
  reasoning   bigint not null,
  tenant      text   not null,
  key         text   not null,
  agent       text   not null,
  provider    text   not null,
  model       text   not null,
  primary key (tenant, day, provider, model, agent, key)
);

-- Rows come in the order of time, nearly: which blocks are old is known from a few bytes each.
create index ledger_row_at on ledger_row using brin (at);

-- What rows and days add up to: whoever is not asked about a run sees no difference between them.
create view ledger_spent as
  select tenant, key, agent, provider, model, (to_timestamp(at / 1000000.0) at time zone 'utc')::date as day,
         1::bigint as calls, input, cached, output, cost
  from ledger_row
  union all
  select tenant, key, agent, provider, model, day, calls, input, cached, output, cost
  from ledger_day;

create or replace view cost_by_model as
  select provider, model, sum(calls)::bigint as calls, sum(input) as input, sum(cached) as cached, sum(output) as output,
         sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_spent group by provider, model;

create or replace view cost_by_tenant as
  select tenant, day, sum(calls)::bigint as calls,
         sum(input) as input, sum(output) as output, sum(cost) as cost_pico, sum(cost) / 1e12 as cost
  from ledger_spent group by tenant, day;

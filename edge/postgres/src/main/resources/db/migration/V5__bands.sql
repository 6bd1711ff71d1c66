-- The journal and its attachments in bands of a week by run id, so that old runs are dropped as tables.
-- Run ids hold milliseconds in their high bits (21 bits below): a band is a range of ids. Bands are numbered by
-- weeks from Monday, 29 December 1969. The first one takes in everything older, such as what was written so far.
create table band (
  number     int         primary key,
  is_first   boolean     not null,
  made_at    timestamptz not null default now(),
  dropped_at timestamptz,
  emptied_at timestamptz -- when the other tables had nothing of a dropped band's runs left
);

drop view journal_readable;

alter table journal rename to journal_first;
alter index journal_pkey rename to journal_first_pkey;
alter table attachment rename to attachment_first;
alter table attachment_first drop constraint attachment_pkey;

create table journal (
  run_id      bigint   not null,
  at          bigint   not null, -- microseconds since 1970
  seq         int      not null,
  type        smallint not null,
  payload     text,
  payload_ref text,
  primary key (run_id, seq)
) partition by range (run_id);

-- Each band keeps a text of its own, even if another band has the same: so it can go with its runs.
create table attachment (
  hash   text    not null,
  body   text    not null,
  quoted boolean not null,
  band   int     not null,
  primary key (hash, band)
) partition by range (band);

do $$
declare
  newest bigint := greatest(
    (extract(epoch from now()) * 1000)::bigint, (select coalesce(max(run_id), 0) >> 21 from journal_first));
  first int := (newest + 259200000) / 604800000;
  ends bigint := (first + 1)::bigint * 604800000 - 259200000;
  above text := case when ends < 1::bigint << 42 then (ends << 21)::text else 'maxvalue' end;
begin
  insert into band (number, is_first) values (first, true);
  execute format('alter table attachment_first add column band int not null default %s', first);
  alter table attachment_first alter column band drop default;
  alter table attachment_first add constraint attachment_first_pkey primary key (hash, band);
  execute format('alter table journal attach partition journal_first for values from (minvalue) to (%s)', above);
  execute format(
    'alter table attachment attach partition attachment_first for values from (minvalue) to (%s)', first + 1);
end $$;

-- What falls outside every band made so far is kept here, until its band is made.
create table journal_default partition of journal default;
create table attachment_default partition of attachment default;

create function band_of(run bigint) returns int language sql stable as
  'select greatest(((run >> 21) + 259200000) / 604800000, (select number from band where is_first))::int';

-- The journal as people read it.
create view journal_readable as
  select j.run_id, j.seq, t.name as type,
         to_timestamp(j.at / 1000000.0) as at,
         coalesce(j.payload, a.body) as payload
  from journal j
  join event_type t on t.code = j.type
  left join attachment a on a.hash = j.payload_ref and a.band = band_of(j.run_id);

-- Keys go with their runs. They come in the order of ids, nearly, so this costs next to nothing.
create index idempotency_key_of_run on idempotency_key using brin (run_id);

-- Limits that several processes keep together. A gate is a limit; whoever draws from it locks its row.
create table limit_gate (
  key       text     not null,
  unit      smallint not null, -- 0 requests, 1 tokens
  window_us bigint   not null,
  primary key (key, unit, window_us)
);

-- What was drawn and when it leaves the window, in microseconds since 1970: a few hundred rows a gate at most.
create table limit_lot (
  key       text     not null,
  unit      smallint not null,
  window_us bigint   not null,
  lapses_at bigint   not null,
  amount    bigint   not null,
  primary key (key, unit, window_us, lapses_at)
);

-- Who was granted less than they asked for, and since when: what comes free is theirs in this order. Whoever does not
-- ask again for a second has gone.
create table limit_want (
  key       text     not null,
  unit      smallint not null,
  window_us bigint   not null,
  process   bigint   not null,
  amount    bigint   not null,
  since     bigint   not null,
  until     bigint   not null,
  primary key (key, unit, window_us, process)
);

-- Grants what the window has room for. What is granted may be used for valid_us from now on, so it is counted for that
-- long and a window, and up to another valid_us so that rows are few. By the server's clock alone.
create function limit_draw(
  process_id bigint, gate_key text, gate_unit smallint, gate_window bigint, most bigint, asked bigint, valid_us bigint,
  lots bigint[], backs bigint[], owed bigint)
returns table (granted bigint, lot bigint, free_in bigint)
language plpgsql as $$
declare
  now_us      bigint;
  used        bigint;
  first_lapse bigint;
  mine        bigint;
  before_me   bigint;
begin
  insert into limit_gate values (gate_key, gate_unit, gate_window) on conflict do nothing;
  perform 1 from limit_gate g
    where g.key = gate_key and g.unit = gate_unit and g.window_us = gate_window for update;
  now_us := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
  delete from limit_lot l
    where l.key = gate_key and l.unit = gate_unit and l.window_us = gate_window and l.lapses_at <= now_us;
  update limit_lot l set amount = greatest(0, l.amount - b.back)
    from unnest(lots, backs) as b (lot, back)
    where l.key = gate_key and l.unit = gate_unit and l.window_us = gate_window and l.lapses_at = b.lot;
  select coalesce(sum(l.amount), 0), min(l.lapses_at) filter (where l.amount > 0) into used, first_lapse
    from limit_lot l where l.key = gate_key and l.unit = gate_unit and l.window_us = gate_window;
  select coalesce(min(w.since) filter (where w.process = process_id), now_us) into mine
    from limit_want w where w.key = gate_key and w.unit = gate_unit and w.window_us = gate_window and w.until > now_us;
  select coalesce(sum(w.amount), 0) into before_me
    from limit_want w where w.key = gate_key and w.unit = gate_unit and w.window_us = gate_window and w.until > now_us
    and w.process <> process_id and w.since < mine;
  granted := least(asked, greatest(0, most - used - owed - before_me));
  lot := ((now_us + valid_us + gate_window) / greatest(1, valid_us) + 1) * greatest(1, valid_us);
  if granted + owed > 0 then
    insert into limit_lot as l values (gate_key, gate_unit, gate_window, lot, granted + owed)
      on conflict (key, unit, window_us, lapses_at) do update set amount = l.amount + excluded.amount;
  end if;
  delete from limit_want w where w.key = gate_key and w.unit = gate_unit and w.window_us = gate_window
    and (w.process = process_id and asked > 0 or w.until <= now_us);
  if granted < asked then
    insert into limit_want values (gate_key, gate_unit, gate_window, process_id, asked - granted,
      case when granted > 0 then now_us else mine end, now_us + 1000000);
  end if;
  -- What is kept for others is theirs at once; what they leave is to be had a moment later.
  free_in := case
    when granted = asked then 0
    when used + owed + granted < most then 50000
    else greatest(1000, coalesce(first_lapse, lot) - now_us) end;
  return next;
end
$$;

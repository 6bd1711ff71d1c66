-- When an account was last moved: those of runs and days that are over are forgotten by it. No index, for it changes with every batch.
alter table ledger_account add column used_at timestamptz not null default now();

create table todo_count (
  tenant  text   primary key,
  last_id bigint not null
);

create table todo (
  tenant     text    not null,
  id         bigint  not null,
  done       boolean not null,
  created_at bigint  not null, -- microseconds since 1970
  updated_at bigint  not null,
  text       text    not null,
  add_key    text    not null,
  delete_key text,             -- set when it is deleted
  primary key (tenant, id),
  unique (tenant, add_key)
);

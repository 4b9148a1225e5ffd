# packages: postgresql-15, postgresql-client-15
# A database server of many processes, which goes by another user, with shared memory and local sockets.
grep -q ^postgres: /etc/passwd || echo 'postgres:*:117:117::/var/lib/postgresql:/bin/sh' >> /etc/passwd
grep -q ^postgres: /etc/group || echo 'postgres:x:117:' >> /etc/group
PATH=/usr/lib/postgresql/15/bin:$PATH
data=$PWD/data
chmod 755 .
mkdir -p data /run/postgresql
chown postgres data /run/postgresql
as() { su postgres -c "PATH=$PATH; cd $data; $*"; }
as id -un
as initdb -D $data --no-sync -E UTF8 --locale=C > log 2>&1 || cat log
as "pg_ctl -D $data -o '-c listen_addresses= -c fsync=off' -w -l $data/log start" | tail -1
as psql -At << 'SQL'
create table words(id int primary key, word text not null);
insert into words select i, md5(i::text) from generate_series(1, 10000) i;
create index by_word on words(word);
analyze;
select count(*), min(word), max(word) from words;
select word from words where word like 'abc%' order by 1 limit 3;
begin; delete from words where id > 10; select count(*) from words; rollback;
select count(*) from words;
select sum(id) from words group by id % 3 order by 1;
SQL
for i in 1 2 3 4; do
    as "psql -qAt -c 'update words set word = word || $i where id = 1'" &
done
wait
as "psql -At -c 'select length(word) from words where id = 1'"
as "psql -At -c 'select 1 / 0'" 2>&1
as "pg_ctl -D $data -m fast stop" | tail -1
as "pg_controldata $data" | grep 'cluster state'

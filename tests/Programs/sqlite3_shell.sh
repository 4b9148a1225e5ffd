# packages: sqlite3
sqlite3 test.db << 'END'
pragma journal_mode=wal;
create table person(id integer primary key, name text not null unique, born int);
create table likes(person int references person(id) on delete cascade, what text);
insert into person(name, born) values('ann', 1990), ('bob', 1985), ('cid', 2001);
insert into likes select id, 'tea' from person where born < 2000;
.mode column
.headers on
select name, born, count(what) as likes from person left join likes on person.id = person group by name order by born;
.mode list
with recursive c(x) as (select 1 union all select x + 1 from c where x < 1000) select sum(x), group_concat(x, '') like '1234%' from c;
select name, rank() over (order by born desc) from person;
select json_extract('{"a":[1,2,{"b":3}]}', '$.a[2].b'), upper('x'), hex(zeroblob(3)), printf('%.3f', 2.0 / 3);
create virtual table docs using fts5(body); insert into docs values('the quick fox'), ('a slow fox'), ('dogs'); select count(*) from docs where docs match 'fox';
begin; delete from person; select count(*) from person; rollback; select count(*) from person;
END
echo "insert into person(name) values('ann');" | sqlite3 test.db 2>&1 | sed 's/.*: //'; sqlite3 test.db .dump | sha256sum | cut -c 1-16
for i in 1 2 3 4; do (for j in $(seq 20); do sqlite3 -cmd '.timeout 60000' test.db "insert into likes values($i, 'x$j')"; done) & done; wait
sqlite3 test.db "select count(*) from likes where what like 'x%'; pragma integrity_check; pragma wal_checkpoint(truncate);"
sqlite3 -csv test.db 'select * from person' > p.csv; cat p.csv; sqlite3 :memory: '.import --csv p.csv t' 'select count(*) from t'
sqlite3 test.db '.backup copy.db' && sqlite3 copy.db 'select name from person order by 1' | xargs; ls

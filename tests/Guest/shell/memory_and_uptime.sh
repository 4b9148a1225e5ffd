free | awk 'NR == 1 { print $1, $2, $3 } NR == 2 { print $1, ($2 > 16000), ($3 > 0), ($4 > 0) }'
uptime | sed 's/.*up.*load average.*/shape/'; awk '{ print NF, ($1 > 0) }' /proc/uptime
awk '{ print NF }' /proc/loadavg
uname -s; uname -m; [ -n "$(uname -r)" ] && echo release; nproc | awk '{ print ($1 > 0) }'
date +%Y | awk '{ print ($1 > 2000) }'; date -d @86400 +%F; date -u -d '2020-02-29 12:00' +%s

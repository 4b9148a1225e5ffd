echo hello > f; touch -d '2001-02-03 04:05:06' f; stat -c '%n %s %F %a %h %Y' f
date -r f '+%Y-%m-%d %H:%M:%S'
touch -r f g; stat -c %Y g; touch -c missing; ls missing
stat -c '%F' . /dev/null /proc/self; touch f; test f -nt g && echo newer
mkdir d; stat -c '%F %h' d; truncate -s 1000000 f; stat -c %s f; truncate -s 3 f; cat f; echo
stat -c '%t %T' /dev/null /dev/zero

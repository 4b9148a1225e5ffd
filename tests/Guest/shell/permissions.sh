umask 022; touch f; stat -c '%a %U %G' f; chmod 640 f; stat -c %a f; chmod u+x,g-r,o=w f
stat -c %A f
chmod -R a=r f; stat -c %A f; mkdir d; chmod 2755 d; stat -c %A d; umask 077; touch g
stat -c %a g; umask; umask -S
chown 1000:1000 g; stat -c '%u %g' g; chgrp 5 g; stat -c '%u %g' g; chmod 000 f; cat f; echo $?
chmod 640 f
as_user() { start-stop-daemon -S -c 1000:1000 -n nobody-by-this-name -a /bin/busybox -- "$@"; }
as_user cat f; echo $?; as_user id -u; as_user id -g; chmod 644 f; as_user cat f; echo $?
as_user touch f; echo $?; as_user chmod 777 f; echo $?

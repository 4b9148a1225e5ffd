# The shell's notices about jobs go to its standard error, and come when they come.
exec 2> /dev/null
set -m
sh -c 'kill -STOP $$; exit 6'
echo "stopped $?"
fg > /dev/null; echo "after fg $?"
sleep 0.2 & fg > /dev/null; echo "waited $?"
sh -c 'kill -TSTP $$; echo resumed > seen'
bg > /dev/null; wait; cat seen

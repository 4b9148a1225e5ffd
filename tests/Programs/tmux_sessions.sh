# packages: tmux, procps
export TERM=xterm LANG=C.UTF-8
t() { tmux -S "$PWD/socket" -f /dev/null "$@"; }
t new-session -d -s main -x 80 -y 24 'bash --norc --noprofile -i'; t has-session -t main; echo "session: $?"
wait_for() { for _ in $(seq 200); do t capture-pane -p -t "$2" | grep -q "$1" && return; sleep 0.1; done; echo "no $1"; }
t send-keys -t main 'PS1="ready> "' Enter; wait_for '^ready>' main
t send-keys -t main 'echo $((6 * 7)) $COLUMNS $LINES' Enter; wait_for '^42' main; t capture-pane -p -t main | grep '^42'
t split-window -t main -v 'cat'; t list-panes -t main -F '#{pane_index} #{pane_width} #{pane_current_command}' | sort; t send-keys -t main.1 'typed here' Enter; wait_for 'typed here' main.1; t capture-pane -p -t main.1 | grep -c 'typed here'
t select-pane -t main.0; t resize-pane -t main.0 -y 5; t send-keys -t main.0 'stty size' Enter; wait_for '^5 80' main.0; t capture-pane -p -t main.0 | grep '^5 80'
t new-window -t main -n second 'sleep 100'; t list-windows -t main -F '#{window_index} #{window_name}'; t kill-window -t second; t set-buffer 'a buffer'; t show-buffer; t rename-session -t main renamed; t list-sessions -F '#{session_name} #{session_windows}'
script -q -c "stty rows 24 cols 80; tmux -S $PWD/socket attach -t renamed" /dev/null < <(sleep 1; printf '\002d'; sleep 1) | tr -d '\r' | grep -c 'detached (from session renamed)'
t kill-server; for _ in $(seq 100); do pgrep -x 'tmux: server' > /dev/null || break; sleep 0.1; done; t list-sessions 2>&1 | head -n 1 | cut -c 1-12

# packages: vim-tiny, bsdutils
export LANG=C TERM=xterm
seq 1 30 > numbers
vim.tiny -N -u NONE -n -es -c '%s/1/one/g' -c 'g/5$/d' -c '$put =line(\"$\")' -c wq numbers < /dev/null; sha256sum < numbers; tail -n 2 numbers
printf 'alpha\nbeta\ngamma\n' > words
# As somebody types: into insert mode, undo, a word deleted, a line copied, and out.
{ sleep 1; printf 'ifirst \033jdwp'; sleep 0.5; printf 'Go'; sleep 0.3; printf 'last line\033yyp:s/last/copied/\r'; sleep 0.3; printf ':wq\r'; } |
    script -q -e -c 'stty rows 24 cols 80; vim.tiny -N -u NONE -n words' /dev/null > screen; echo "vim: $?"
cat words; grep -c 'words' screen; [ "$(od -c screen | wc -l)" -gt 30 ] && echo drawn
view --version | head -n 1 | cut -d ' ' -f 1; ls -A

# packages: perl
perl -e '
$| = 1; use strict; use POSIX ":sys_wait_h"; use Fcntl ":flock"; use File::Temp "tempfile"; use File::Find;
pipe(my $r, my $w) or die; my $pid = fork;
if (!$pid) { close $r; print $w "from the child\n"; exit 7 } close $w; print "parent reads: ", <$r>; waitpid $pid, 0; print "status ", $? >> 8, "\n";
my @kids = map { my $n = $_; my $p = fork; exit $n unless $p; $p } 1 .. 5; my $sum = 0; while ((my $p = wait) > 0) { $sum += $? >> 8 } print "sum $sum\n";
local $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 10; }; print "got $@";
local $SIG{USR1} = sub { print "USR1\n" }; kill USR1 => $$; print "after\n";
open my $out, "-|", "echo one; echo two; exit 3" or die; print "line $_" while <$out>; close $out; print "closed ", $? >> 8, "\n";
open my $in, "|-", "sort" or die; print $in "$_\n" for qw(c a b); close $in; print `echo backtick`; system "exit 4"; print $? >> 8, "\n";
my ($fh, $name) = tempfile(DIR => "."); flock $fh, LOCK_EX or die; my $child = fork;
if (!$child) { open my $again, "<", $name; print flock($again, LOCK_EX | LOCK_NB) ? "locked?\n" : "held\n"; exit 0 } waitpid $child, 0; close $fh;
mkdir "d"; for (1 .. 3) { open my $f, ">", "d/$_" or die; print $f "x" x $_; close $f } my $bytes = 0; find(sub { $bytes += -s if -f }, "d"); print "$bytes bytes\n";
rename "d/1", "d/9"; print join(" ", map { s!d/!!r } sort glob "d/*"), "\n"; my @s = stat "d/9"; print "$s[7] $s[3]\n"; unlink glob "d/*"; rmdir "d" and print "removed\n";
print -e $name ? "there\n" : "gone\n"; print "$0 ", scalar @ARGV, "\n"; exec "sh", "-c", "echo exec; exit 5"' arg1 arg2
echo $?

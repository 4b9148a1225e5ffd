# packages: perl
perl -e '
use strict; use warnings;
my %count; $count{length $_}++ for qw(a bb cc ddd ee f);
print join(",", map { "$_=$count{$_}" } sort keys %count), "\n";
my @sorted = sort { $b <=> $a } map { $_ * 3 % 17 } 1 .. 12; print "@sorted\n";
my $text = "The year 1999 and 2024"; my @years = $text =~ /(\d{4})/g; print "@years\n";
(my $swapped = $text) =~ s/(\w+) (\w+)/$2 $1/; print "$swapped\n"; print scalar reverse("abc"), " ", ucfirst lc "HELLO", "\n";
my $closure = do { my $n = 0; sub { ++$n } }; $closure->() for 1 .. 4; print $closure->(), "\n";
printf "%s %.3f %05d %x\n", "pi", 3.14159265, 42, 255; print sprintf("%b", 10), " ", 2 ** 40, " ", 10 % 3, "\n";
eval { die { code => 42 } }; print "died with $@->{code}\n";
package Animal; sub new { my ($c, %a) = @_; bless { %a }, $c } sub speak { "$_[0]{name} speaks" }
package Dog; our @ISA = ("Animal"); sub speak { my $s = shift; $s->SUPER::speak() . " woof" }
package main; print Dog->new(name => "Rex")->speak, "\n"; local $, = "-"; print 1, 2, 3; print "\n";
'
perl -MList::Util=sum,max,shuffle -MPOSIX=floor,strftime -MData::Dumper -e '
print sum(1 .. 100), " ", max(3, 9, 2), " ", floor(-2.5), " ", strftime("%F", gmtime 0), "\n";
$Data::Dumper::Sortkeys = $Data::Dumper::Indent = 1; print Dumper({ a => [1, 2], b => { c => undef } });'
seq 10 | perl -ne 'print if $_ % 4 == 0'; perl -pe 's/(\d+)/$1 * 2/e' <<< 'x 21'; perl -i.bak -pe 'tr/a-z/A-Z/' <(echo) 2> /dev/null
perl -MDigest::SHA=sha256_hex -MMIME::Base64 -MTime::HiRes=usleep -e 'usleep 1000; print sha256_hex("x"), "\n", encode_base64("hello")'

# API B with Crypt::JWT. Reads what it is told from standard input, prints what becomes of each token.
use strict;
use warnings;
use Crypt::JWT qw(decode_jwt);
use JSON::PP;

my $told = decode_json(do { local $/; <STDIN> });
my %results;
for my $name (keys %{ $told->{tokens} }) {
    my $claims = eval {
        decode_jwt(
            token        => $told->{tokens}{$name},
            kid_keys     => $told->{jwks},
            accepted_alg => 'RS256',
            verify_iss   => $told->{issuer},
            verify_aud   => $told->{audience},
            verify_exp   => 1,
        );
    };
    my $refusal = $@;
    $refusal =~ s/ at \S+ line \d+\.?\n//;
    $results{$name} = $claims ? { accepted => $claims->{sub} } : { refused => $refusal };
}
print encode_json(\%results);

#!/usr/bin/perl
# Request Tracker as Debian packages it, unpacked by bench/desk/peer.py: asked at its PSGI door, in the words of sides/common.py.
# Perl has no threads here, so that what is asked over many connections at once waits in one line, as before one process of a server.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Time::HiRes qw(time clock_gettime CLOCK_PROCESS_CPUTIME_ID);
use JSON;
use HTTP::Request::Common qw(GET POST);
use HTTP::Message::PSGI;
use RT;

my $HERE   = dirname(abs_path(__FILE__));
my $REPLY  = 'Thank you for writing. It is on its way: we sent it this morning, and you need do nothing more.';
my $ASKED  = "Hello,\n\nI ordered a table two weeks ago. Can you tell me where it is, and when it will come?";
my $HOME   = 'http://localhost:8000';
my $PASSWORD = 'of a benchmark';

my $answers;
open($answers, '>&', \*STDOUT) or die $!;
open(STDOUT, '>&', \*STDERR) or die $!;
$answers->autoflush(1);
RT->LoadConfig;
fill($ARGV[0]) unless -e "$ENV{DESK_FILES}/filled";
RT->Init;

require RT::Interface::Web::Handler;
require RT::Interface::Email;
my $app = RT::Interface::Web::Handler->PSGIApp;
my $cookie = '';
my $login = asked(POST("$HOME/NoAuth/Login.html", [user => 'root', pass => $PASSWORD]));
($cookie) = map { /^([^;]+)/ } $login->header('Set-Cookie');
die 'Nobody was signed in: ' . $login->status_line unless $cookie && $login->content =~ m{"Name":"root"};

my $some = $RT::Handle->dbh->selectcol_arrayref('SELECT id FROM Tickets ORDER BY LastUpdated DESC LIMIT 400');
my %things = (
    'list' => sub { seen(GET("$HOME/Search/Results.html?Query=Status+%3D+'__Active__'&Order=DESC&OrderBy=LastUpdated&RowsPerPage=50"), 200) },
    'case' => sub {
        my $id = $some->[$_[0] % @$some];
        seen(GET("$HOME/Ticket/Display.html?id=$id"), 200);
        seen(GET("$HOME/Helpers/TicketHistory?id=$id"), 200);    # what its own script asks for then
    },
    'create' => sub {
        my $customer = $_[0] % 500 + 1;
        seen(POST("$HOME/Ticket/Create.html", Content_Type => 'form-data', Content => [
            id => 'new', Queue => 'General', Subject => "Where is parcel $_[0]?", Content => $ASKED, Status => 'new',
            Requestors => "customer$customer\@example.net", Owner => $RT::Nobody->id, SubmitTicket => 'Create' ]), 302);
    },
    'reply' => sub {
        my $id = $some->[$_[0] % @$some];
        seen(POST("$HOME/Ticket/Update.html", Content_Type => 'form-data', Content => [
            id => $id, UpdateType => 'response', UpdateContent => "$REPLY ($_[0])", UpdateSubject => 'Where is it?',
            DefaultStatus => 'open', Status => 'open', SubmitTicket => 'Update Ticket' ]), 302);
    },
    'search'  => sub { seen(GET("$HOME/Search/Results.html?Query=Subject+LIKE+'hinge'&RowsPerPage=50"), 200) },
    'mail in' => sub {
        my ($status, $said) = RT::Interface::Email::Gateway({
            action => 'correspond', queue => 'General', message => letter($_[0]) });
        die "The letter made no ticket: $said" unless $status == 1;
    },
);

my $counter = 0;
print $answers encode_json({ ready => [sort keys %things] }), "\n";
while (my $line = <STDIN>) {
    my $asked = decode_json($line);
    my $thing = $things{ $asked->{do} };
    my $told  = eval { $asked->{connections} ? at_once($thing, $asked) : measured($thing, $asked) };
    $told = { error => substr("$@", 0, 400) } if $@;
    print $answers encode_json($told), "\n";
}

sub measured {
    my ($thing, $asked) = @_;
    $counter++;
    if ($asked->{statements}) {
        $RT::Handle->ClearSQLStatementLog;
        $RT::Handle->LogSQLStatements(1);
        $thing->($counter);
        my $many = () = $RT::Handle->SQLStatementLog;
        $RT::Handle->LogSQLStatements(0);
        return { statements => $many };
    }
    my ($database, $own, $wall) = (backend_ms(), clock_gettime(CLOCK_PROCESS_CPUTIME_ID), time);
    $thing->($counter);
    my $took = { wall => (time - $wall) * 1000, own => (clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $own) * 1000 };
    $took->{backend} = backend_ms() - $database;
    return $took;
}

sub at_once {
    my ($thing, $asked) = @_;
    my ($began, @walls) = (time);
    my @since = ($began) x $asked->{connections};    # since when each connection waits
    for my $nth (0 .. $asked->{count} - 1) {
        $thing->(++$counter);
        my $now = time;
        push @walls, ($now - $since[ $nth % @since ]) * 1000;
        $since[ $nth % @since ] = $now;
    }
    return { walls => \@walls, seconds => time - $began };
}

sub backend_ms {
    open(my $file, '<', '/proc/' . $RT::Handle->dbh->{pg_pid} . '/schedstat') or die $!;
    my ($spent) = split ' ', <$file>;
    return $spent / 1e6;
}

sub seen {
    my ($request, $expected) = @_;
    my $response = asked($request);
    return if $response->code == $expected;
    die $request->uri . ' ' . $response->code . " instead of $expected: " . substr($response->content, 0, 300);
}

sub asked {
    my ($request) = @_;
    $request->header(Host => 'localhost:8000', Referer => "$HOME/", $cookie ? (Cookie => $cookie) : ());
    return HTTP::Response->from_psgi($app->($request->to_psgi));
}

# As bench/desk/letters.py writes it.
sub letter {
    my ($number) = @_;
    my $customer = $number % 500 + 1;
    my $run = time;
    return <<"LETTER";
From: Ann Archer <customer$customer\@example.net>
To: support\@parcel.example
Subject: Where is parcel $number?
Message-ID: <desk$number.$run\@example.net>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="between"

--between
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 7bit

Hello,

I ordered a table two weeks ago and was told it would be here by Tuesday. It is not. Can you
tell me where it is, and when it will come? I am rather annoyed, to be honest.

Kind regards
Ann

--between
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: 7bit

<p>Hello, I ordered a <b>table</b> two weeks ago.</p>

--between--
LETTER
}

# The schema and what every installation begins with, then so many tickets.
sub fill {
    my ($count) = @_;
    require RT::Handle;
    my $dbh = DBI->connect("dbi:Pg:dbname=$ENV{RT_DB_NAME};host=$ENV{RT_DB_HOST};port=$ENV{RT_DB_PORT}",
        $ENV{RT_DB_USER}, $ENV{RT_DB_PASSWORD}, { RaiseError => 1, AutoCommit => 1 });
    my ($done, $said) = RT::Handle->InsertSchema($dbh, $RT::EtcPath);
    die $said unless $done;
    RT->InitClasses;
    RT->InitLogging;
    RT->ConnectToDatabase;
    ($done, $said) = $RT::Handle->InsertInitialData;
    die $said unless $done;
    RT->Init;
    ($done, $said) = $RT::Handle->InsertData("$RT::EtcPath/initialdata", $PASSWORD, disconnect_after => 0);
    die $said unless $done;
    my ($everyone, $queue) = (RT::Group->new(RT->SystemUser), RT::Queue->new(RT->SystemUser));
    $everyone->LoadSystemInternalGroup('Everyone');
    $queue->Load('General');
    $everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue) for qw(SeeQueue CreateTicket ReplyToTicket);
    my $customers = $count / 4 > 20 ? int($count / 4) : 20;
    my $read = sub { open(my $file, '<', $_[0]) or die "$_[0]: $!"; local $/; <$file> };
    $dbh->do($read->("$HERE/../../words.sql"));
    (my $sql = $read->("$HERE/request_tracker.sql")) =~ s/\{(count|customers)\}/$1 eq 'count' ? $count : $customers/ge;
    $dbh->do($sql);
}

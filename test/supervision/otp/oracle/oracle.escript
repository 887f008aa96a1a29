#!/usr/bin/env escript
%% -*- erlang -*-
%%! +P 262144
%%
%% Plays scenarios with stdlib's own supervisor and tells what it did: one JSON scenario a line on standard input,
%% one JSON outcome a line on standard output, in the same order. The first line of output says which OTP this is.
%%
%% The shapes are described in ../../replay/scenario.ts. Nothing here knows of the supervisor that is compared with OTP's.

main([]) ->
    load_modules(filename:dirname(escript:script_name())),
    ok = io:setopts([binary, {encoding, unicode}]),
    oracle_clock:virtualise(),
    oracle_lives:create(),
    oracle_trace:create(),
    say(#{<<"otp">> => oracle_words:otp_version()}),
    serve();
main(_) ->
    io:put_chars(standard_error, "usage: escript oracle.escript < scenarios.ndjson > outcomes.ndjson\n"),
    halt(64).

%% An escript is a single module; the others stand beside it and are compiled as it starts.
load_modules(Folder) ->
    [begin
         {ok, Module, Code} = compile:file(File, [binary, report]),
         {module, Module} = code:load_binary(Module, File, Code)
     end || File <- filelib:wildcard(filename:join(Folder, "*.erl"))].

serve() ->
    case io:get_line("") of
        Line when is_binary(Line) ->
            say(oracle_scenario:play(oracle_json:decode(Line))),
            serve();
        _ ->
            ok
    end.

say(Term) ->
    io:put_chars([oracle_json:encode(Term), $\n]).

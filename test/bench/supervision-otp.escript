#!/usr/bin/env escript
%% -*- erlang -*-
%%! +P 262144
%%
%% Erlang's half of the supervision benchmark: `escript supervision-otp.escript CHILDREN CRASHES` prints restarts a
%% second, each awaited, and the bytes that a supervised child takes, its share of the supervisor included.
-module(supervision_otp).
-behaviour(supervisor).
-mode(compile).

-export([init/1, start_child/2, handle_call/3, handle_cast/2]).

main([Children, Crashes]) ->
    ok = logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    Count = list_to_integer(Children),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {supervisor, Count, self()}),
    Pids = maps:from_list([{Index, await_start(Index)} || Index <- lists:seq(0, Count - 1)]),
    Bytes = memory([Supervisor | maps:values(Pids)]) div Count,
    Number = list_to_integer(Crashes),
    {Microseconds, _} = timer:tc(fun() -> crash(Number, Count, Pids) end),
    io:format("~b ~b~n", [Number * 1000000 div Microseconds, Bytes]).

%% Of these processes, after everything has been collected that can be.
memory(Processes) ->
    [garbage_collect(Process) || Process <- Processes],
    lists:sum([Bytes || Process <- Processes, {memory, Bytes} <- [process_info(Process, memory)]]).

crash(0, _, _) ->
    ok;
crash(Left, Count, Pids) ->
    Index = Left rem Count,
    gen_server:cast(maps:get(Index, Pids), crash),
    crash(Left - 1, Count, Pids#{Index := await_start(Index)}).

await_start(Index) ->
    receive {started, Index, Pid} -> Pid end.

start_child(Index, Observer) ->
    gen_server:start_link(?MODULE, {child, Index, Observer}, []).

init({supervisor, Count, Observer}) ->
    Specs = [#{id => Index, start => {?MODULE, start_child, [Index, Observer]}} || Index <- lists:seq(0, Count - 1)],
    {ok, {#{intensity => 1000000, period => 1}, Specs}};
init({child, Index, Observer}) ->
    Observer ! {started, Index, self()},
    {ok, up}.

handle_call(_, _, State) -> {reply, ok, State}.

handle_cast(crash, _) -> exit(crash).

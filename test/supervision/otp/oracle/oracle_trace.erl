%% What happens in a scenario, in the order in which it happens, over all its processes.
%%
%% Ends come from the runtime's own tracing, starts from the start functions, reports from the supervisors that make
%% them. All three carry the same strictly monotonic timestamps and are merged by them when the scenario is over.
-module(oracle_trace).

-export([create/0, watch/1, take/0]).
-export([operation/1, started/2]).
-export([log/2, collect/1]).

create() ->
    ets:new(trace, [named_table, public, ordered_set]),
    ok = logger:remove_handler(default),
    ok = logger:set_primary_config(level, info),
    ok = logger:add_handler(?MODULE, ?MODULE, #{}).

%% Begins an empty trace of Root and of all processes that come from it.
watch(Root) ->
    ets:delete_all_objects(trace),
    Collector = spawn_link(?MODULE, collect, [self()]),
    put(collector, Collector),
    Flags = [procs, set_on_spawn, strict_monotonic_timestamp, {tracer, Collector}],
    1 = erlang:trace(Root, true, Flags).

operation(Name) -> note([op, Name]).

%% How an attempt to start a child went. Called in the supervisor, before it goes on.
started({Path, Number}, Result) -> note([start, Path, Number, Result]).

note(Entry) ->
    ets:insert(trace, {{erlang:monotonic_time(nanosecond), erlang:unique_integer([monotonic])}, Entry}).

%% A handler of logger; handlers run in the process that logs.
log(#{msg := {report, #{label := {supervisor, Label}, report := Report}}}, _) ->
    note([report, oracle_lives:path(self()), Label | details(Label, maps:from_list(Report))]);
log(_, _) ->
    ok.

%% A life is given by name where one is concerned. simple_one_for_one reports the bad ends of its children at
%% shutdown together: how many for each reason.
details(progress, #{started := Started}) ->
    [oracle_lives:name(proplists:get_value(pid, Started))];
details(child_terminated, #{reason := Reason, offender := Offender}) ->
    [oracle_lives:name(proplists:get_value(pid, Offender)), oracle_words:word(Reason)];
details(shutdown_error, #{reason := Reason, offender := Offender}) ->
    Who = case proplists:get_value(nb_children, Offender) of
              undefined -> oracle_lives:name(proplists:get_value(pid, Offender));
              Number -> Number
          end,
    [Who, oracle_words:word(Reason)];
details(_, #{reason := Reason, offender := Offender}) ->
    [offender_path(Offender), oracle_words:word(Reason)].

%% A dynamic child is known by its pid, or by that of its last life while it is being restarted.
offender_path(Offender) ->
    case oracle_lives:strategy(self()) of
        simple_one_for_one ->
            case proplists:get_value(pid, Offender) of
                {restarting, Pid} -> oracle_lives:path(Pid);
                Pid -> oracle_lives:path(Pid)
            end;
        _ ->
            oracle_lives:child_path(self(), proplists:get_value(id, Offender))
    end.

%% Collects exits until it is asked for them.
collect(Reader) ->
    receive
        {trace_ts, Pid, exit, Reason, Timestamp} ->
            ets:insert(trace, {Timestamp, {exit, Pid, Reason}}),
            collect(Reader);
        {finish, Reader} ->
            Reader ! {finished, self()};
        _ ->
            collect(Reader)
    end.

%% The trace up to now.
take() ->
    Delivered = erlang:trace_delivered(all),
    receive {trace_delivered, all, Delivered} -> ok end,
    Collector = erase(collector),
    Collector ! {finish, self()},
    receive {finished, Collector} -> ok end,
    entries([Entry || {_, Entry} <- ets:tab2list(trace)], #{<<"#1">> => root}).

%% Leaves out processes that are no children, and supervisors that ended before their start was complete.
entries([{exit, Pid, Reason} | Rest], Started) ->
    case catch oracle_lives:name(Pid) of
        Name when is_map_key(Name, Started) ->
            [Path, Number] = binary:split(Name, <<"#">>),
            Exit = [exit, Path, binary_to_integer(Number), oracle_words:word(Reason)],
            [Exit | entries(Rest, Started)];
        _ ->
            entries(Rest, Started)
    end;
entries([Start = [start, Path, Number, ok] | Rest], Started) ->
    Name = <<Path/binary, "#", (integer_to_binary(Number))/binary>>,
    [Start | entries(Rest, Started#{Name => child})];
entries([Entry | Rest], Started) ->
    [Entry | entries(Rest, Started)];
entries([], _) ->
    [].

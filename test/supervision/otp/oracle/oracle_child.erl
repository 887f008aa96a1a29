%% The children of a scenario and how they are started; each plays the part that is written for it.
-module(oracle_child).
-behaviour(supervisor).

-export([spec/2, start/1, start_dynamic/3, start_root/1]).
-export([live/2, init/1]).

%% The child spec of a script. The start function of a dynamic child gets its id and its own script as well.
spec(Script = #{<<"id">> := Id}, Strategy) ->
    Start = case Strategy of
                simple_one_for_one -> {?MODULE, start_dynamic, [Script]};
                _ -> {?MODULE, start, [Script]}
            end,
    Type = case Script of
               #{<<"supervisor">> := _} -> supervisor;
               _ -> worker
           end,
    Optional = [{restart, atom}, {significant, same}, {shutdown, atom}],
    maps:from_list([{id, Id}, {start, Start}, {type, Type}, {modules, dynamic}] ++
                   [{Key, value(Kind, maps:get(atom_to_binary(Key), Script))}
                    || {Key, Kind} <- Optional, maps:is_key(atom_to_binary(Key), Script)]).

value(atom, Text) when is_binary(Text) -> binary_to_atom(Text);
value(_, Value) -> Value.

start_dynamic(Template, Id, Script) ->
    start(maps:merge(Template, Script#{<<"id">> => Id})).

%% Runs in the supervisor, as start functions do.
start(Script = #{<<"id">> := Id}) ->
    Attempt = oracle_lives:next_attempt(self(), Id),
    Fate = fate(Script, Attempt),
    case Script of
        #{<<"supervisor">> := Supervisor} -> start_supervisor(Supervisor, Attempt, Fate);
        _ -> start_worker(Script, Attempt, Fate)
    end.

%% The fates a script names are those of its first starts; all others go well.
fate(Script, {_, Number}) ->
    case catch lists:nth(Number, maps:get(<<"starts">>, Script, [])) of
        Fate when is_binary(Fate) -> Fate;
        _ -> <<"ok">>
    end.

start_worker(_, Attempt, <<"ignore">>) ->
    oracle_trace:started(Attempt, ignore),
    ignore;
start_worker(_, Attempt, <<"error">>) ->
    oracle_trace:started(Attempt, error),
    {error, start_failed};
start_worker(_, Attempt, <<"throw">>) ->
    oracle_trace:started(Attempt, error),
    exit(boom);
start_worker(Script, Attempt, Fate) ->
    {ok, Pid} = proc_lib:start_link(?MODULE, live, [Script, self()]),
    oracle_lives:enroll(Pid, Attempt, self(), none),
    oracle_trace:started(Attempt, ok),
    case Fate of
        <<"ok">> ->
            {ok, Pid};
        <<"info">> ->
            {ok, Pid, info};
        <<"dies">> ->
            Pid ! {exit, crash},
            await_exit_signal(Pid),
            {ok, Pid}
    end.

%% Leaves the signal in the supervisor's mailbox: the child has died while its start was still under way.
await_exit_signal(Pid) ->
    {messages, Messages} = process_info(self(), messages),
    case lists:any(fun(Message) -> is_tuple(Message) andalso element(1, Message) =:= 'EXIT'
                                       andalso element(2, Message) =:= Pid end, Messages) of
        true -> ok;
        false -> erlang:yield(), await_exit_signal(Pid)
    end.

start_root(Supervisor) ->
    supervisor:start_link(?MODULE, {Supervisor, {<<>>, 1}, self(), <<"ok">>}).

start_supervisor(Supervisor, Attempt, Fate) ->
    Result = supervisor:start_link(?MODULE, {Supervisor, Attempt, self(), Fate}),
    case Result of
        {ok, _} ->
            oracle_trace:started(Attempt, ok);
        ignore ->
            oracle_trace:started(Attempt, ignore);
        {error, _} ->
            oracle_lives:forget(Attempt),
            oracle_trace:started(Attempt, error)
    end,
    Result.

init({_, _, _, <<"ignore">>}) ->
    ignore;
init({Supervisor, Attempt, Above, <<"ok">>}) ->
    #{<<"strategy">> := StrategyWord, <<"intensity">> := Intensity, <<"period">> := Period,
      <<"auto_shutdown">> := AutoShutdown, <<"children">> := Children} = Supervisor,
    Strategy = binary_to_atom(StrategyWord),
    oracle_lives:enroll(self(), Attempt, Above, Strategy),
    Flags = #{strategy => Strategy, intensity => Intensity, period => Period,
              auto_shutdown => binary_to_atom(AutoShutdown)},
    {ok, {Flags, [spec(Child, Strategy) || Child <- Children]}}.

%% A worker's life. Like a gen_server that traps exits it ends when its supervisor does, for the same reason.
live(Script, Supervisor) ->
    process_flag(trap_exit, true),
    proc_lib:init_ack({ok, self()}),
    await_end(maps:get(<<"on_shutdown">>, Script, <<"shutdown">>), Supervisor).

await_end(OnShutdown, Supervisor) ->
    receive
        {exit, Reason} -> exit(Reason);
        {'EXIT', Supervisor, shutdown} when OnShutdown =:= <<"hang">> -> await_end(OnShutdown, Supervisor);
        {'EXIT', Supervisor, shutdown} -> exit(oracle_words:reason(OnShutdown));
        {'EXIT', Supervisor, Reason} -> exit(Reason)
    end.

%% One scenario from its beginning to its end.
-module(oracle_scenario).

-export([play/1, keep/1]).

play(#{<<"root">> := Supervisor, <<"ops">> := Operations}) ->
    oracle_lives:reset(),
    oracle_clock:reset(),
    Keeper = spawn(?MODULE, keep, [self()]),
    oracle_trace:watch(Keeper),
    Keeper ! {start, Supervisor},
    Started = receive {started, Keeper, Result} -> Result end,
    Root = case Started of
               {ok, Pid} -> Pid;
               {error, _} -> undefined
           end,
    oracle_tree:settle(Root),
    Results = [perform(Operation, Keeper, Root) || Operation <- Operations],
    Outcome = #{<<"init">> => init_word(Started),
                <<"results">> => Results,
                <<"final">> => oracle_tree:describe(Root),
                <<"trace">> => oracle_trace:take()},
    clear_up(Keeper),
    Outcome.

init_word({ok, _}) -> ok;
init_word({error, Reason}) -> [error, oracle_words:word(Reason)].

perform(Operation = #{<<"op">> := Name}, Keeper, Root) ->
    oracle_trace:operation(Name),
    Result = oracle_operation:perform(Operation, Keeper),
    oracle_tree:settle(Root),
    Result.

%% The process above the root supervisor: starts it, and asks it to end as only a parent can. It also is the one to
%% learn why it ended: whoever began to monitor it at that moment might come too late.
keep(Player) ->
    process_flag(trap_exit, true),
    receive
        {start, Supervisor} ->
            Result = oracle_child:start_root(Supervisor),
            Player ! {started, self(), Result},
            receive stop -> ok end,
            [exit(Root, shutdown) || {ok, Root} <- [Result]],
            [receive {'EXIT', Root, Reason} -> Player ! {stopped, self(), Reason} end || {ok, Root} <- [Result]],
            receive after infinity -> ok end
    end.

%% Nobody may live on into the next scenario, those below a killed supervisor included.
clear_up(Keeper) ->
    Keeper ! stop,
    await_ends([monitor(process, Process) || Process <- oracle_lives:living()]),
    Ends = [monitor(process, Keeper)],
    exit(Keeper, kill),
    await_ends(Ends),
    receive {stopped, Keeper, _} -> ok after 0 -> ok end.

await_ends(Monitors) ->
    [receive {'DOWN', Monitor, process, _, _} -> ok end || Monitor <- Monitors].

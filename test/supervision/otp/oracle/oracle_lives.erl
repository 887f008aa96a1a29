%% Who lives and has lived in the present scenario: every process of it, by pid and by name.
%%
%% A child's path is its ids from the root down, joined by "/"; the root's is empty. A life's name is its path and
%% the number of the start it came from: "a/b#3" began with the third attempt to start a/b in this scenario. The
%% children of a simple_one_for_one supervisor are known as d1, d2 ... in the order of the calls that made them.
-module(oracle_lives).

-export([create/0, reset/0]).
-export([next_attempt/2, enroll/4, forget/1, new_dynamic_id/1]).
-export([path/1, name/1, id/1, strategy/1, child_path/2]).
-export([latest/2, living_supervisor/1, living/0]).

-record(life, {pid, path, number, above, strategy}).

create() ->
    ets:new(lives, [named_table, public, {keypos, #life.pid}]),
    ets:new(attempts, [named_table, public]),
    ets:new(dynamic_children, [named_table, public]).

reset() ->
    [ets:delete_all_objects(Table) || Table <- [lives, attempts, dynamic_children]].

%% Counts one more attempt of Supervisor to start its child Id.
next_attempt(Supervisor, Id) ->
    Path = child_path(Supervisor, Id),
    {Path, ets:update_counter(attempts, Path, 1, {Path, 0})}.

%% Strategy is that of a supervisor, or none for a worker.
enroll(Pid, {Path, Number}, Above, Strategy) ->
    ets:insert(lives, #life{pid = Pid, path = Path, number = Number, above = Above, strategy = Strategy}).

%% The attempt failed after all.
forget({Path, Number}) ->
    ets:match_delete(lives, #life{path = Path, number = Number, _ = '_'}).

new_dynamic_id(Supervisor) ->
    Number = ets:update_counter(dynamic_children, Supervisor, 1, {Supervisor, 0}),
    <<"d", (integer_to_binary(Number))/binary>>.

path(Pid) -> ets:lookup_element(lives, Pid, #life.path).

strategy(Pid) -> ets:lookup_element(lives, Pid, #life.strategy).

id(Pid) -> lists:last(binary:split(path(Pid), <<"/">>, [global])).

name(Pid) ->
    [#life{path = Path, number = Number}] = ets:lookup(lives, Pid),
    <<Path/binary, "#", (integer_to_binary(Number))/binary>>.

child_path(Supervisor, Id) ->
    case path(Supervisor) of
        <<>> -> Id;
        Above -> <<Above/binary, "/", Id/binary>>
    end.

%% The last life that this supervisor itself gave the child, over or not; undefined if there was none.
latest(Supervisor, Id) ->
    Path = child_path(Supervisor, Id),
    Found = ets:match_object(lives, #life{path = Path, above = Supervisor, _ = '_'}),
    case lists:reverse(lists:keysort(#life.number, Found)) of
        [#life{pid = Pid} | _] -> Pid;
        [] -> undefined
    end.

%% The supervisor that now runs at Path, or undefined.
living_supervisor(Path) ->
    Found = ets:match_object(lives, #life{path = Path, _ = '_'}),
    case [Pid || #life{pid = Pid, strategy = Strategy} <- Found, Strategy =/= none, is_process_alive(Pid)] of
        [Pid] -> Pid;
        [] -> undefined
    end.

living() -> [Pid || #life{pid = Pid} <- ets:tab2list(lives), is_process_alive(Pid)].

%% The supervision tree as its own supervisors describe it, and the wait until nothing moves in it any more.
-module(oracle_tree).

-export([describe/1, settle/1, rows/1]).

%% The rows of every living supervisor, by path; empty without a root.
describe(Root) ->
    maps:from_list([{oracle_lives:path(Supervisor), rows(Supervisor)} || {Supervisor, _} <- survey(Root)]).

%% Rows as which_children gives them. simple_one_for_one does so in no order of its own: here by id.
rows(Supervisor) ->
    Children = supervisor:which_children(Supervisor),
    case oracle_lives:strategy(Supervisor) of
        simple_one_for_one -> lists:sort([row(dynamic_id(Child), Child, Type) || {_, Child, Type, _} <- Children]);
        _ -> [row(Id, Child, Type) || {Id, Child, Type, _} <- Children]
    end.

dynamic_id(restarting) -> null;
dynamic_id(Pid) -> oracle_lives:id(Pid).

row(Id, Child, Type) when is_pid(Child) -> [Id, oracle_lives:name(Child), Type];
row(Id, Child, Type) -> [Id, Child, Type].

%% Waits until no supervisor has anything left to do. Two surveys in a row that find the same tree at rest will do:
%% whoever was asked early in the first could have been set in motion by someone asked later, but not in both.
settle(Root) ->
    First = survey(Root),
    case First =/= restless andalso survey(Root) of
        First -> ok;
        _ -> erlang:yield(), settle(Root)
    end.

%% Every living supervisor with its children, or restless. The question itself is a barrier: it is answered after
%% everything that was in the mailbox before it. An exit signal may still be under way, but then a child is dead.
survey(Root) ->
    try survey_below(Root) of
        Tree ->
            Known = [Root | [Pid || {_, Children} <- Tree, {_, Pid, _, _} <- Children]],
            case oracle_lives:living() -- Known of
                [] -> Tree;
                _ -> restless
            end
    catch
        throw:restless -> restless
    end.

survey_below(Supervisor) ->
    case is_pid(Supervisor) andalso is_process_alive(Supervisor) of
        true ->
            Children = which_children(Supervisor),
            [throw(restless) || {_, restarting, _, _} <- Children],
            Pids = [Pid || {_, Pid, _, _} <- Children, is_pid(Pid)],
            [throw(restless) || Pid <- Pids, not is_process_alive(Pid)],
            Below = [Pid || {_, Pid, supervisor, _} <- Children, is_pid(Pid)],
            [{Supervisor, Children} | lists:flatmap(fun survey_below/1, Below)];
        false ->
            []
    end.

which_children(Supervisor) ->
    try
        supervisor:which_children(Supervisor)
    catch
        exit:_ -> throw(restless)
    end.

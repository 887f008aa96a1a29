%% The seconds by which supervisors reckon restart intensity; they pass only when a scenario says so.
-module(oracle_clock).

-export([virtualise/0, reset/0, advance/1, seconds/0]).

%% Loads stdlib's supervisor anew from its own abstract code, with one change: it asks this module for the time.
virtualise() ->
    persistent_term:put(?MODULE, counters:new(1, [])),
    {ok, {supervisor, [{abstract_code, {raw_abstract_v1, Forms}}]}} =
        beam_lib:chunks(code:which(supervisor), [abstract_code]),
    {Changed, 1} = replace_clock(Forms, 0),
    {ok, supervisor, Code} = compile:forms(Changed, [binary]),
    ok = code:unstick_dir(filename:dirname(code:which(supervisor))),
    {module, supervisor} = code:load_binary(supervisor, "supervisor on virtual time", Code),
    ok.

%% Counts the changes, so that an OTP that reads the clock in another way is found out.
replace_clock({call, Line, {remote, _, {atom, _, erlang}, {atom, _, monotonic_time}}, [{integer, _, 1}]}, Count) ->
    {{call, Line, {remote, Line, {atom, Line, ?MODULE}, {atom, Line, seconds}}, []}, Count + 1};
replace_clock(Tuple, Count) when is_tuple(Tuple) ->
    {Elements, Counted} = replace_clock(tuple_to_list(Tuple), Count),
    {list_to_tuple(Elements), Counted};
replace_clock([Head | Tail], Count) ->
    {NewHead, CountOfHead} = replace_clock(Head, Count),
    {NewTail, CountOfBoth} = replace_clock(Tail, CountOfHead),
    {[NewHead | NewTail], CountOfBoth};
replace_clock(Other, Count) ->
    {Other, Count}.

reset() -> counters:put(persistent_term:get(?MODULE), 1, 0).

advance(Seconds) -> counters:add(persistent_term:get(?MODULE), 1, Seconds).

seconds() -> counters:get(persistent_term:get(?MODULE), 1).

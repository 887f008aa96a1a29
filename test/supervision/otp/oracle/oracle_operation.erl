%% What a scenario does to its tree: ends children, calls supervisors, fills their mailboxes.
-module(oracle_operation).

-export([perform/2]).

%% The result of one operation; Keeper is the process above the root supervisor.
perform(#{<<"op">> := <<"advance">>, <<"seconds">> := Seconds}, _) ->
    oracle_clock:advance(Seconds),
    ok;
perform(#{<<"op">> := <<"stop">>}, Keeper) ->
    case oracle_lives:living_supervisor(<<>>) of
        undefined ->
            noproc;
        _ ->
            Keeper ! stop,
            receive {stopped, Keeper, Reason} -> oracle_words:word(Reason) end
    end;
perform(Operation, _) ->
    Supervisor = oracle_lives:living_supervisor(maps:get(<<"at">>, Operation, <<>>)),
    case Operation of
        #{<<"op">> := <<"burst">>} when Supervisor =:= undefined -> noproc;
        #{<<"op">> := <<"burst">>, <<"ops">> := Letters} -> burst(Supervisor, Letters);
        #{<<"op">> := <<"exit">>} -> end_child(Supervisor, Operation);
        _ -> call(prepare(Supervisor, Operation))
    end.

%% All letters are in the supervisor's mailbox, in their order, before it acts on the first.
burst(Supervisor, Letters) ->
    ok = sys:suspend(Supervisor),
    Answers = [post(Supervisor, Letter) || Letter <- Letters],
    ok = sys:resume(Supervisor),
    [Answer() || Answer <- Answers].

%% Returns what to do for the result once the supervisor has gone on.
post(Supervisor, Letter = #{<<"op">> := <<"exit">>}) ->
    Length = mailbox_length(Supervisor),
    Result = end_child(Supervisor, Letter),
    [await_mailbox(Supervisor, Length + 1) || Result =:= ok],
    fun() -> Result end;
post(Supervisor, Letter) ->
    case prepare(Supervisor, Letter) of
        {answered, Result} ->
            fun() -> Result end;
        Call ->
            Length = mailbox_length(Supervisor),
            Reader = self(),
            Tag = make_ref(),
            spawn(fun() -> Reader ! {Tag, call(Call)} end),
            await_mailbox(Supervisor, Length + 1),
            fun() -> receive {Tag, Result} -> Result end end
    end.

mailbox_length(Supervisor) ->
    {message_queue_len, Length} = process_info(Supervisor, message_queue_len),
    Length.

await_mailbox(Supervisor, Length) ->
    case mailbox_length(Supervisor) of
        Shorter when Shorter < Length -> erlang:yield(), await_mailbox(Supervisor, Length);
        _ -> ok
    end.

%% The child ends by itself and is dead when this returns. A supervisor would not do so: it is killed.
end_child(undefined, _) ->
    not_running;
end_child(Supervisor, #{<<"id">> := Id, <<"reason">> := Reason}) ->
    Child = oracle_lives:latest(Supervisor, Id),
    case is_pid(Child) andalso is_process_alive(Child) of
        true ->
            Monitor = monitor(process, Child),
            case Reason =:= <<"kill">> orelse oracle_lives:strategy(Child) =/= none of
                true -> exit(Child, kill);
                false -> Child ! {exit, oracle_words:reason(Reason)}
            end,
            receive {'DOWN', Monitor, process, Child, _} -> ok end;
        false ->
            not_running
    end.

%% A call with what it needs to know of the moment it is made in: {Name, Supervisor, Argument}, or {answered, Result}.
prepare(undefined, _) ->
    {answered, noproc};
prepare(Supervisor, #{<<"op">> := Name} = Operation) ->
    Strategy = oracle_lives:strategy(Supervisor),
    case {Name, Strategy, Operation} of
        {<<"start_child">>, simple_one_for_one, #{<<"child">> := Script}} ->
            {Name, Supervisor, [oracle_lives:new_dynamic_id(Supervisor), Script]};
        {<<"start_child">>, _, #{<<"child">> := Script}} ->
            {Name, Supervisor, oracle_child:spec(Script, Strategy)};
        {_, simple_one_for_one, #{<<"id">> := Id}} when Name =:= <<"terminate_child">>; Name =:= <<"get_childspec">> ->
            case oracle_lives:latest(Supervisor, Id) of
                undefined -> {answered, no_pid};
                Pid -> {Name, Supervisor, Pid}
            end;
        {_, _, #{<<"id">> := Id}} ->
            {Name, Supervisor, Id};
        _ ->
            {Name, Supervisor, none}
    end.

call({answered, Result}) ->
    Result;
call({Name, Supervisor, Argument}) ->
    try
        call(Name, Supervisor, Argument)
    catch
        exit:_ -> noproc
    end.

call(<<"which_children">>, Supervisor, _) ->
    oracle_tree:rows(Supervisor);
call(<<"count_children">>, Supervisor, _) ->
    maps:from_list([{atom_to_binary(What), Number} || {What, Number} <- supervisor:count_children(Supervisor)]);
call(<<"start_child">>, Supervisor, Child) ->
    result(supervisor:start_child(Supervisor, Child));
call(<<"restart_child">>, Supervisor, Id) ->
    result(supervisor:restart_child(Supervisor, Id));
call(<<"terminate_child">>, Supervisor, Child) ->
    result(supervisor:terminate_child(Supervisor, Child));
call(<<"delete_child">>, Supervisor, Id) ->
    result(supervisor:delete_child(Supervisor, Id));
call(<<"get_childspec">>, Supervisor, Child) ->
    result(supervisor:get_childspec(Supervisor, Child)).

result(ok) -> ok;
result({ok, undefined}) -> [ok, null];
result({ok, Pid}) when is_pid(Pid) -> [ok, oracle_lives:name(Pid)];
result({ok, Pid, Info}) -> [ok, oracle_lives:name(Pid), Info];
result({ok, Spec}) when is_map(Spec) ->
    Told = maps:with([restart, significant, shutdown, type], Spec),
    [ok, maps:from_list([{atom_to_binary(Key), Value} || {Key, Value} <- maps:to_list(Told)])];
result({error, {already_started, Pid}}) -> [error, already_started, oracle_lives:name(Pid)];
%% A failed start_child carries OTP's record of the child as well.
result({error, {Reason, Child}}) when element(1, Child) =:= child -> [error, oracle_words:word(Reason)];
result({error, Reason}) -> [error, oracle_words:word(Reason)].

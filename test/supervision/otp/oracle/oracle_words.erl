%% Erlang terms as the words of a trace, and back.
-module(oracle_words).

-export([word/1, reason/1, otp_version/0]).

%% A tuple's elements are joined by colons, a list's by commas: {shutdown, <<"x">>} is "shutdown:x".
word(Text) when is_binary(Text) -> Text;
word(Atom) when is_atom(Atom) -> atom_to_binary(Atom);
word(Number) when is_integer(Number) -> integer_to_binary(Number);
word(Tuple) when is_tuple(Tuple) -> joined(":", tuple_to_list(Tuple));
word(List) when is_list(List) -> joined(",", List).

joined(Mark, Terms) ->
    iolist_to_binary(lists:join(Mark, [word(Term) || Term <- Terms])).

%% The exit reason that a scenario writes so.
reason(<<"shutdown:", Detail/binary>>) -> {shutdown, Detail};
reason(Word) -> binary_to_atom(Word).

%% Such as 25.2.3; system_info knows only 25.
otp_version() ->
    Release = erlang:system_info(otp_release),
    File = filename:join([code:root_dir(), "releases", Release, "OTP_VERSION"]),
    case file:read_file(File) of
        {ok, Version} -> string:trim(Version);
        {error, _} -> list_to_binary(Release)
    end.

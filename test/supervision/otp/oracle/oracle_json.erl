%% JSON as OTP 25 does not have it: objects are maps with binary keys, strings are binaries.
-module(oracle_json).

-export([decode/1, encode/1]).

decode(Text) ->
    {Value, Rest} = value(skip(Text)),
    <<>> = skip(Rest),
    Value.

value(<<"{", Rest/binary>>) -> object(skip(Rest), #{});
value(<<"[", Rest/binary>>) -> array(skip(Rest), []);
value(<<"\"", Rest/binary>>) -> string(Rest, <<>>);
value(<<"true", Rest/binary>>) -> {true, Rest};
value(<<"false", Rest/binary>>) -> {false, Rest};
value(<<"null", Rest/binary>>) -> {null, Rest};
value(Text) -> integer(Text, <<>>).

object(<<"}", Rest/binary>>, Object) ->
    {Object, Rest};
object(<<",", Rest/binary>>, Object) ->
    object(skip(Rest), Object);
object(<<"\"", Text/binary>>, Object) ->
    {Key, AfterKey} = string(Text, <<>>),
    <<":", AfterColon/binary>> = skip(AfterKey),
    {Value, Rest} = value(skip(AfterColon)),
    object(skip(Rest), Object#{Key => Value}).

array(<<"]", Rest/binary>>, Values) ->
    {lists:reverse(Values), Rest};
array(<<",", Rest/binary>>, Values) ->
    array(skip(Rest), Values);
array(Text, Values) ->
    {Value, Rest} = value(Text),
    array(skip(Rest), [Value | Values]).

string(<<"\"", Rest/binary>>, Text) -> {Text, Rest};
string(<<"\\u", Code:4/binary, Rest/binary>>, Text) ->
    string(Rest, <<Text/binary, (binary_to_integer(Code, 16))/utf8>>);
string(<<"\\", Char, Rest/binary>>, Text) -> string(Rest, <<Text/binary, (unescaped(Char))>>);
string(<<Char/utf8, Rest/binary>>, Text) -> string(Rest, <<Text/binary, Char/utf8>>).

unescaped($n) -> $\n;
unescaped($t) -> $\t;
unescaped($r) -> $\r;
unescaped($b) -> $\b;
unescaped($f) -> $\f;
unescaped(Char) -> Char.

integer(<<Char, Rest/binary>>, Digits) when Char =:= $-; Char >= $0, Char =< $9 ->
    integer(Rest, <<Digits/binary, Char>>);
integer(Rest, Digits) ->
    {binary_to_integer(Digits), Rest}.

skip(<<Char, Rest/binary>>) when Char =:= $\s; Char =:= $\n; Char =:= $\t; Char =:= $\r -> skip(Rest);
skip(Text) -> Text.

%% Keys are sorted, so that the same term is always the same text.
encode(Object) when is_map(Object) ->
    Members = [[encode(Key), $:, encode(Value)] || {Key, Value} <- lists:sort(maps:to_list(Object))],
    [${, lists:join($,, Members), $}];
encode(Values) when is_list(Values) ->
    [$[, lists:join($,, [encode(Value) || Value <- Values]), $]];
encode(Text) when is_binary(Text) ->
    [$", [escaped(Char) || <<Char/utf8>> <= Text], $"];
encode(Number) when is_integer(Number) ->
    integer_to_binary(Number);
encode(Literal) when Literal =:= true; Literal =:= false; Literal =:= null ->
    atom_to_binary(Literal);
encode(Atom) when is_atom(Atom) ->
    encode(atom_to_binary(Atom)).

escaped($") -> <<"\\\"">>;
escaped($\\) -> <<"\\\\">>;
escaped(Char) when Char < 32 -> io_lib:format("\\u~4.16.0b", [Char]);
escaped(Char) -> <<Char/utf8>>.

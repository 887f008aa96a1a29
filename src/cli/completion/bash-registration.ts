/**
 * What the library's bash script (@bomb.sh/tab 0.0.22) leaves out: readline takes a colon for the end of a word, so that
 * `ensemble/agents/agent:kaede` would be put behind what is typed of it; and paths are only completed by bash itself where
 * `-o default` is registered.
 */
export function bashRegistration(name: string): string {
  return `
# Colons in words, and paths
__${name}_complete_words() {
    local cur
    __${name}_complete "$@"
    _get_comp_words_by_ref -n "=:" cur
    __ltrim_colon_completions "$cur"
}
complete -o default -F __${name}_complete_words ${name}`;
}

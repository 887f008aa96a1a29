/** An agent that is restarted too often, until it is mended. */

/** Ends at once, until the file `mended` stands in its folder. */
export const brittle = {
  roles: ['codegen'],
  adapter: 'command',
  mode: 'kept',
  accept: 'none',
  command: [
    'sh',
    '-c',
    '[ -e "$ORCHESTRA_FOLDER/mended" ] || exit 1; read -r _; orchestra task done --note back; cat',
  ],
};

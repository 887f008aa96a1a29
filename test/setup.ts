/** Runs before every test file: nothing from the caller's own orchestra or tmux may leak into a test. */

/** Where programs are that the tests need. */
const kept = new Set(['ORCHESTRA_NATS_SERVER', 'ORCHESTRA_NATS_CLI', 'ORCHESTRA_CHROMIUM']);

for (const name of Object.keys(process.env)) {
  if (name.startsWith('ORCHESTRA_') && !kept.has(name)) delete process.env[name];
}
delete process.env['TMUX'];
delete process.env['TMUX_PANE'];

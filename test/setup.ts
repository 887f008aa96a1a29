/** Runs before every test file: nothing from the caller's own orchestra or tmux may leak into a test. */
for (const name of Object.keys(process.env)) {
  if (name.startsWith('ORCHESTRA_') && name !== 'ORCHESTRA_NATS_SERVER' && name !== 'ORCHESTRA_NATS_CLI')
    delete process.env[name];
}
delete process.env['TMUX'];
delete process.env['TMUX_PANE'];

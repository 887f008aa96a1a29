/** The project of the fixtures of stored data, and how it stands when it is recorded: a bit of everything that is stored. */

const work = `case $ORCHESTRA_TASK in
  3) exit 3 ;;
  4) orchestra task block --note "which licence?" ;;
  6) echo half > half.txt; sleep 1000 ;;
  *) echo done > "$ORCHESTRA_TASK.txt"; git add -A; git commit -qm "task $ORCHESTRA_TASK" ;;
esac`;

export const storedProject = {
  agents: {
    /** Works. */
    kaede: { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', work] },
    /** Is in quarantine. */
    sakura: { roles: ['review'], adapter: 'command', mode: 'kept', command: ['false'] },
  },
  config: {
    flow: ['codegen'],
    routes: [{ labels: ['reviewed'], flow: ['codegen', 'review'] }],
    scheduler: { maxAttempts: 2 },
    restart: { intensity: 1 },
  },
  /** By file name without `.md`; the urgent ones come first. */
  issues: {
    '1-one': { title: 'One', priority: 0 },
    '2-two': { title: 'Two', priority: 0 },
    '3-fails': { title: 'Fails', priority: 0 },
    '4-asks': { title: 'Asks', priority: 0 },
    '5-reviewed': { title: 'Reviewed', priority: 0, labels: ['reviewed'] },
    '6-endless': { title: 'Endless' },
    '7-waits': { title: 'Waits', blocked_by: [6] },
  },
  states: {
    '1': 'done',
    '2': 'done',
    '3': 'failed',
    '4': 'blocked',
    /** For its second stage. */
    '5': 'waiting',
    '6': 'working',
    '7': 'waiting',
  },
  handled: 'use tabs',
  unhandled: 'are you there?',
  /** Empty: nobody can make anything of it. */
  malformed: '',
};

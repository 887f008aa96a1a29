/** What each fault does to the simulated world. */
import type { FaultTargets } from './faults.ts';
import type { Simulation } from './simulation.ts';

export function faultTargets(simulation: Simulation): FaultTargets {
  const { outside, time } = simulation;
  const { broker, tmux, host, tracker, repository } = outside;
  const chance = outside.chance('targets');
  const somePane = () => chance.pick([...tmux.panes.values()]);
  return {
    killProgram(which) {
      const run = chance.pick([...tmux.panes.values()].filter(({ run }) => run && !run.exit))?.run;
      if (run) host.signal(which === 'program' ? run.pid : run.hostPid, 'SIGKILL');
    },
    closePane() {
      const pane = somePane();
      if (pane) tmux.removePane(pane);
    },
    killTmux: () => tmux.die(),
    killBroker: () => broker.stop(),
    silenceBroker: (milliseconds) => broker.fallSilent(milliseconds),
    slowBroker(milliseconds) {
      broker.weather.latency = 150;
      time.after(milliseconds, () => {
        broker.weather.latency = 1;
      });
    },
    loseAcknowledgements(milliseconds) {
      broker.weather.lostAcknowledgements = 0.05;
      time.after(milliseconds, () => {
        broker.weather.lostAcknowledgements = 0.0005;
      });
    },
    killDaemon: () => simulation.endDaemon(),
    stopDaemon: (milliseconds) => time.stopDaemon(milliseconds),
    restartDaemon: () => void simulation.restartDaemon(),
    crashMachine() {
      // Everything at once; then the machine boots.
      const boot = chance.between(30_000, 180_000);
      simulation.endDaemon(boot);
      tmux.die();
      host.crash();
    },
    setWallClock: (by) => simulation.setWallClock(by),
    takeTrackerAway(milliseconds) {
      tracker.isAway = true;
      time.after(milliseconds, () => {
        tracker.isAway = false;
      });
    },
    takeRepositoryAway(milliseconds) {
      repository.isAway = true;
      time.after(milliseconds, () => {
        repository.isAway = false;
      });
    },
    crashChild() {
      const path = chance.pick(simulation.daemon?.runningPaths ?? []);
      if (path !== undefined) simulation.daemon?.kill(path);
    },
    writeMalformed: () => void outside.write('operator', ' '),
  };
}

/** Raises a world's supervision tree, reports on it, and gives the world the ways to look at it and to move it. */
import type { ActorChildSpec } from '../../machines/supervision/child-start.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import type { World } from '../actors/world.ts';
import { rootFlags } from '../orchestra.ts';
import { describeTree } from '../supervision/describe-tree.ts';
import { victimAt } from '../supervision/kill-child.ts';
import { type RootSupervisor, startSupervisor } from '../supervision/start-supervisor.ts';
import { SupervisionHistory } from '../supervision/supervision-history.ts';
import { quarantineAt } from './quarantine.ts';
import { reportSupervision } from './report-supervision.ts';
import { restartAgent, reviveAgent } from './restart-agent.ts';

export interface RaisedTree {
  root: RootSupervisor;
  history: SupervisionHistory;
}

/** `inspect` sees all actors of the tree. */
export function raiseTree(
  world: World,
  children: readonly ActorChildSpec[],
  inspect?: NonNullable<Parameters<typeof startSupervisor>[1]>['inspect'],
): RaisedTree {
  const history = new SupervisionHistory();
  const root = startSupervisor(
    {
      flags: rootFlags,
      children,
      hooks: {
        report: (report) => {
          history.hear(report);
          reportSupervision(world, history, report);
        },
      },
    },
    { id: 'orchestra', ...(inspect && { inspect }) },
  );
  openTree(world, root.supervisor, history);
  return { root, history };
}

/** What others may ask of the tree, which they do not hold themselves. */
function openTree(world: World, root: SupervisorRef, history: SupervisionHistory): void {
  const quarantineOf = (path: string) => quarantineAt(world, path);
  world.describeTree = () => describeTree(root, { history, quarantineOf });
  world.victimAt = (path) => victimAt(root, path, world.describeTree());
  world.restartAgent = (name) => restartAgent(world, root, name);
  world.reviveAgent = (name) => reviveAgent(world, root, name);
}

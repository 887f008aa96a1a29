/** The XState supervisor as a subject of replay: real actors under it, whose faults are real exceptions. */
import { createActor } from 'xstate';
import type { ActorChildSpec } from '../../machines/supervision/child-start.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { supervisorMachine } from '../../machines/supervisor.machine.ts';
import { childActor } from '../../src/supervision/actor-tree.ts';
import {
  countChildren,
  deleteChild,
  restartChild,
  startChild,
  startDynamicChild,
  terminateChild,
  whichChildren,
} from '../../src/supervision/calls.ts';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';
import { type Scenario, Script, type TraceEntry } from './corpus.ts';
import { pidWord, reasonWord, splitPid } from './otp-words.ts';
import { type PendingResult, type ScriptedCall, type Subject, specFrom } from './replay.ts';
import { type Diary, type Role, scriptedChild } from './scripted-child.ts';

/** A supervisor of the scenario's flags and children. */
export function actorSubject(scenario: Scenario): Subject {
  const { strategy, intensity, period, auto_shutdown: autoShutdown, children } = scenario;
  const flags = { strategy, intensity, period, autoShutdown, backoff: 'none' } as const;
  const clock = new VirtualClock();
  const trace: TraceEntry[] = [];
  const living = new Set<string>();
  let seconds = 0;
  let hasStarted = false;

  const diary: Diary = {
    started: (pid, outcome) => {
      trace.push(['start', ...splitPid(pidWord(scenario, pid)), outcome]);
      if (outcome === 'ok') living.add(pid);
    },
    ended: (pid, reason) => {
      if (!living.delete(pid)) return;
      trace.push(['exit', ...splitPid(pidWord(scenario, pid)), reasonWord(reason)]);
    },
  };

  function scriptSpec(script: Script): ActorChildSpec {
    return specFrom(script, {
      logic: scriptedChild,
      input: ({ pid, args }: { pid: string; args: unknown }): Role => {
        const [, life] = splitPid(pid);
        return { script: args === undefined ? script : Script.parse(args), pid, life, diary };
      },
    });
  }

  const supervisor = createActor(supervisorMachine, {
    clock,
    input: { flags, children: children.map(scriptSpec), hooks: { now: () => seconds * 1000 } },
  });
  supervisor.subscribe({
    next: (snapshot) => {
      hasStarted ||= snapshot.matches('running');
    },
    error: (error) => trace.push(['crashed', String(error)]),
    complete: () => trace.push(['sup_exit', reasonWord(supervisor.getSnapshot().output ?? shutdown)]),
  });
  supervisor.start();

  function isAlive(): boolean {
    return supervisor.getSnapshot().status === 'active';
  }

  function call(operation: ScriptedCall): PendingResult {
    switch (operation.op) {
      case 'start_child':
        if (strategy === 'simple_one_for_one') return startDynamicChild(supervisor, operation.child);
        return startChild(supervisor, scriptSpec(operation.child));
      case 'terminate_child':
        return terminateChild(supervisor, operation.id);
      case 'restart_child':
        return restartChild(supervisor, operation.id);
      case 'delete_child':
        return deleteChild(supervisor, operation.id);
      case 'which_children':
        return whichChildren(supervisor);
      case 'count_children':
        return countChildren(supervisor);
    }
  }

  return {
    trace,
    hasStarted: () => hasStarted,
    isAlive,
    exit: () => supervisor.getSnapshot().output ?? shutdown,
    livePid: (id) => [...living].findLast((pid) => splitPid(pidWord(scenario, pid))[0] === id),
    end: (pid, reason) => childActor(supervisor, pid)?.send({ type: 'end', reason }),
    call,
    suspend: () => supervisor.send({ type: 'supervisor.suspend' }),
    resume: () => supervisor.send({ type: 'supervisor.resume' }),
    shutDown: () => supervisor.send({ type: 'shutdown' }),
    advance: (passed) => {
      seconds += passed;
    },
    settle: async () => {
      while (isAlive() && supervisor.getSnapshot().context.state.job) await clock.advance(10);
      noteLeak();
    },
  };

  /** Every actor under a supervisor at rest is the life of a child it knows. */
  function noteLeak(): void {
    const { children: actors, context } = supervisor.getSnapshot();
    const known = context.state.children.filter((child) => child.status.state === 'running').length;
    if (isAlive() && Object.keys(actors).length !== known) trace.push(['leak']);
  }
}

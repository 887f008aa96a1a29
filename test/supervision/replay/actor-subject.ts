/** The XState supervisor as a subject of replay: real actors under it, whose faults are real exceptions. */
import { Actor, type AnyActorLogic, createActor, type InspectionEvent } from 'xstate';
import type { ActorChildSpec, Birth, ChildStart } from '../../../machines/supervision/child-start.ts';
import {
  type ExitReason,
  exitReasonOf,
  ignore,
  isIgnore,
  killed,
} from '../../../machines/supervision/exit-reason.ts';
import type { SupervisorReport } from '../../../machines/supervision/hooks.ts';
import { type SupervisorRef, supervisorMachine } from '../../../machines/supervisor.machine.ts';
import { childActor, isSupervisor } from '../../../src/supervision/actor-tree.ts';
import {
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  startChild,
  startDynamicChild,
  terminateChild,
  whichChildren,
} from '../../../src/supervision/calls.ts';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';
import { Chronicle, type Life } from './chronicle.ts';
import type { PendingResult, ScriptedCall, Subject } from './replay.ts';
import type { Scenario, Script } from './scenario.ts';
import { fateOf, flagsFrom, specFrom, withArguments } from './script-spec.ts';
import { type Role, scriptedChild } from './scripted-child.ts';

/** A tree of the scenario's supervisors and children. */
export function actorSubject(scenario: Scenario): Subject {
  const clock = new VirtualClock();
  const chronicle = new Chronicle();
  const ready = tellsReadiness(scenario) ? 'event' : 'sync';
  let seconds = 0;

  function scriptSpec(script: Script): ActorChildSpec {
    return specFrom(script, script.supervisor ? supervisorStart(script) : workerStart(script));
  }

  function workerStart(script: Script): ChildStart {
    const input = (birth: Birth): Role => ({
      script: withArguments(script, birth.args),
      life: chronicle.begin(birth.path, birth.pid),
      chronicle,
      ready,
    });
    return { logic: scriptedChild, input, ready };
  }

  function supervisorStart(script: Script): ChildStart {
    const input = (birth: Birth) => {
      const fate = fateOf(withArguments(script, birth.args), chronicle.begin(birth.path, birth.pid));
      return { ...supervisorInput(script, fate === 'ignore'), birth };
    };
    return { logic: supervisorMachine, input, ready: 'event', startTimeout: 'infinity' };
  }

  function supervisorInput({ supervisor }: Script, declines = false) {
    if (!supervisor) throw new Error('a supervisor was expected');
    return {
      flags: flagsFrom(supervisor),
      children: declines ? ignore : supervisor.children.map(scriptSpec),
    };
  }

  /** A nested supervisor's start is complete when the one above says so; a report of that is the news of it. */
  function report(event: SupervisorReport): void {
    if (event.report === 'kill_failed') return;
    if (event.report === 'child_started' || event.report === 'child_restarted') {
      const life = chronicle.lifeAt(event.supervisor === '' ? event.id : `${event.supervisor}/${event.id}`);
      if (!life.isAlive && supervisorOf(life.above ?? life, event.pid)) chronicle.started(life, 'ok');
    }
    chronicle.report(event.supervisor, event);
  }

  /** Supervisors keep no chronicle themselves: their ends are seen from outside. */
  function watch(event: InspectionEvent): void {
    if (event.type !== '@xstate.actor' || !(event.actorRef instanceof Actor)) return;
    const actor: Actor<AnyActorLogic> = event.actorRef;
    if (actor.logic !== supervisorMachine) return;
    actor.subscribe({
      complete: () => {
        if (isSupervisor(actor)) supervisorEnded(actor);
      },
      error: (error) => chronicle.trace.push(['crashed', String(error)]),
    });
  }

  function supervisorEnded(actor: SupervisorRef): void {
    const { context, status, output } = actor.getSnapshot();
    const life = chronicle.lifeAt(context.birth?.path ?? '');
    if (life.isAlive) chronicle.ended(life, status === 'done' ? exitReasonOf(output) : killed);
    else if (status === 'done') chronicle.started(life, isIgnore(output) ? 'ignore' : 'error');
  }

  const root = createActor(supervisorMachine, {
    clock,
    inspect: watch,
    input: {
      ...supervisorInput({ supervisor: scenario.root }),
      hooks: { now: () => seconds * 1000, report },
    },
  });
  root.start();

  function supervisorOf(above: Life, pid: string): SupervisorRef | undefined {
    const actor = childActor(supervisorAt(above), pid);
    return actor && isSupervisor(actor) ? actor : undefined;
  }

  /** The actor that lives this life, which is known to be a supervisor's. */
  function supervisorAt(life: Life): SupervisorRef {
    const found = life.above ? supervisorOf(life.above, life.pid) : root;
    if (!found) throw new Error(`no supervisor lives at ${life.path}`);
    return found;
  }

  function call(supervisor: SupervisorRef, operation: ScriptedCall): PendingResult {
    switch (operation.op) {
      case 'start_child':
        if (supervisor.getSnapshot().context.state.template) {
          return startDynamicChild(supervisor, operation.child);
        }
        return startChild(supervisor, scriptSpec(operation.child));
      case 'terminate_child':
        return terminateChild(supervisor, operation.id);
      case 'restart_child':
        return restartChild(supervisor, operation.id);
      case 'delete_child':
        return deleteChild(supervisor, operation.id);
      case 'get_childspec':
        return getChildSpec(supervisor, operation.id);
      case 'which_children':
        return whichChildren(supervisor);
      case 'count_children':
        return countChildren(supervisor);
    }
  }

  return {
    chronicle,
    startFailure: () => {
      const { status, output } = root.getSnapshot();
      return status === 'active' ? null : startFailureOf(exitReasonOf(output));
    },
    exit: () => exitReasonOf(root.getSnapshot().output),
    strategyOf: (life) => {
      const actor = life.above ? supervisorOf(life.above, life.pid) : root;
      return actor?.getSnapshot().context.state.flags.strategy ?? null;
    },
    end: ({ above, pid }, reason) => {
      if (above) childActor(supervisorAt(above), pid)?.send({ type: 'end', reason });
    },
    kill: ({ above, pid }) => {
      if (above) supervisorAt(above).getSnapshot().children[pid]?.send({ type: 'incarnation.kill' });
    },
    call: (supervisor, operation) => call(supervisorAt(supervisor), operation),
    suspend: (supervisor) => supervisorAt(supervisor).send({ type: 'supervisor.suspend' }),
    resume: (supervisor) => supervisorAt(supervisor).send({ type: 'supervisor.resume' }),
    shutDown: () => root.send({ type: 'shutdown' }),
    advance: (passed) => {
      seconds += passed;
    },
    settle: async () => {
      while (supervisorsBelow(root).some(isBusy)) await clock.advance(10);
      if (supervisorsBelow(root).some(hasLeaked)) chronicle.trace.push(['leak']);
    },
  };
}

/** A root supervisor whose start fails says why; one that ended later, be it in the same instant, was shut down. */
function startFailureOf(reason: ExitReason): ExitReason | null {
  return reason.kind === 'shutdown' && reason.detail === undefined ? null : reason;
}

/** This supervisor and all below it, if it lives. */
function supervisorsBelow(supervisor: SupervisorRef): SupervisorRef[] {
  const { status, children } = supervisor.getSnapshot();
  if (status !== 'active') return [];
  const below = Object.keys(children)
    .map((pid) => childActor(supervisor, pid))
    .filter((actor) => actor !== undefined)
    .filter(isSupervisor);
  return [supervisor, ...below.flatMap(supervisorsBelow)];
}

function isBusy(supervisor: SupervisorRef): boolean {
  return supervisor.getSnapshot().context.state.job !== null;
}

/** Every actor under a supervisor at rest is the life of a child it knows. */
function hasLeaked(supervisor: SupervisorRef): boolean {
  const { children, context } = supervisor.getSnapshot();
  const known = context.state.children.filter((child) => child.status.state === 'running').length;
  return Object.keys(children).length !== known;
}

/** Some fates take a child that says when it is ready. Then all of its kind do, so that both ways are tried. */
function tellsReadiness(scenario: Scenario): boolean {
  return /"(?:info|dies)"/.test(JSON.stringify(scenario));
}

/** Every machine of the orchestra, for those who list or draw them. */
import type { AnyStateMachine } from 'xstate';
import { agentMachine } from '../../machines/agent.machine.ts';
import { incarnationMachine } from '../../machines/incarnation.machine.ts';
import { mailboxMachine } from '../../machines/mailbox.machine.ts';
import { paneMachine } from '../../machines/pane.machine.ts';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { resourceMachine } from '../../machines/resource.machine.ts';
import { schedulerMachine } from '../../machines/scheduler.machine.ts';
import { sessionMachine } from '../../machines/session.machine.ts';
import { stallMachine } from '../../machines/stall.machine.ts';
import { supervisorMachine } from '../../machines/supervisor.machine.ts';
import { taskMachine } from '../../machines/task.machine.ts';
import { watchdogMachine } from '../../machines/watchdog.machine.ts';

/** By id, in the order of the alphabet; a test compares it with the folder. */
export const allMachines: readonly AnyStateMachine[] = [
  agentMachine,
  incarnationMachine,
  mailboxMachine,
  paneMachine,
  reconcilerMachine,
  resourceMachine,
  schedulerMachine,
  sessionMachine,
  stallMachine,
  supervisorMachine,
  taskMachine,
  watchdogMachine,
];

/** The pure core as a subject of replay. */
import { shutdown } from '../../../machines/supervision/exit-reason.ts';
import type { Request } from '../../../machines/supervision/message.ts';
import type { Life } from './chronicle.ts';
import { CoreTree, type Node, type Replied } from './core-tree.ts';
import type { PendingResult, ScriptedCall, Subject } from './replay.ts';
import type { Scenario, Script } from './scenario.ts';
import { specFrom } from './script-spec.ts';

/** A tree of the scenario's supervisors and children. */
export function coreSubject(scenario: Scenario): Subject {
  const waiting = new Map<string, (reply: Replied) => void>();
  const tree = new CoreTree(scenario.root, (reply) => waiting.get(reply.correlation)?.(reply));
  let calls = 0;

  function nodeOf(supervisor: Life): Node {
    const node = tree.node(supervisor);
    if (!node) throw new Error(`no supervisor lives at ${supervisor.path}`);
    return node;
  }

  function call(supervisor: Life, operation: ScriptedCall): PendingResult {
    const node = nodeOf(supervisor);
    calls += 1;
    const correlation = String(calls);
    return new Promise((resolve) => {
      waiting.set(correlation, ({ result }) => resolve(result));
      tree.tell(node, { type: 'call', correlation, request: requestOf(node, operation) });
    });
  }

  return {
    chronicle: tree.chronicle,
    startFailure: () => (tree.root.hasStarted ? null : tree.exit),
    exit: () => tree.exit,
    strategyOf: (life) => tree.node(life)?.state.flags.strategy ?? null,
    end: (worker, reason) => tree.end(worker, reason),
    kill: (child) => tree.kill(child),
    call,
    suspend: (supervisor) => tree.tell(nodeOf(supervisor), { type: 'suspend' }),
    resume: (supervisor) => tree.tell(nodeOf(supervisor), { type: 'resume' }),
    shutDown: () => tree.tell(tree.root, { type: 'shutdown', reason: shutdown }),
    advance: (passed) => {
      tree.seconds += passed;
    },
    settle: async () => undefined,
  };
}

function requestOf({ state }: Node, call: ScriptedCall): Request<Script> {
  switch (call.op) {
    case 'start_child':
      if (state.template) return { call: call.op, child: { args: call.child } };
      return { call: call.op, child: specFrom(call.child, call.child) };
    case 'which_children':
    case 'count_children':
      return { call: call.op };
    default:
      return { call: call.op, child: call.id };
  }
}

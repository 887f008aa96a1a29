/** What no single key of the config can say: which agents, roles and flows fit together. */
import type { z } from 'zod';
import type { AgentConfig } from './agent-config.ts';
import type { Route } from './route.ts';

/** How many agents one node takes: XState copies a parent's children at each start and end, which grows as a square. */
export const mostAgents = 200;

interface Parts {
  agents: Record<string, AgentConfig>;
  flow: string[];
  routes: Route[];
}

/** Adds an issue, with its path, for each thing that does not fit. */
export function checkConsistency(config: Parts, context: z.RefinementCtx): void {
  if (Object.keys(config.agents).length > mostAgents) {
    const message = `these are more than ${mostAgents} agents, the most one node takes`;
    context.addIssue({ code: 'custom', path: ['agents'], message });
  }
  const roles = new Set(Object.values(config.agents).flatMap((agent) => agent.roles));
  const requireRoles = (flow: string[], path: (string | number)[]) =>
    flow.forEach((stage, index) => {
      if (!roles.has(stage)) {
        const message = `no agent has the role "${stage}"; give it to an agent, or leave the stage out`;
        context.addIssue({ code: 'custom', path: [...path, index], message });
      }
    });
  requireRoles(config.flow, ['flow']);
  config.routes.forEach((route, index) => {
    if (route.flow) requireRoles(route.flow, ['routes', index, 'flow']);
    for (const [stage, agent] of Object.entries(route.agents)) {
      const known = Object.hasOwn(config.agents, agent) ? config.agents[agent] : undefined;
      if (known?.roles.includes(stage)) continue;
      const message = `"${agent}" is no agent with the role "${stage}"`;
      context.addIssue({ code: 'custom', path: ['routes', index, 'agents', stage], message });
    }
  });
  for (const reserved of ['all', 'conductor', 'operator', 'daemon', 'overview']) {
    if (config.agents[reserved]) {
      context.addIssue({
        code: 'custom',
        path: ['agents', reserved],
        message: `"${reserved}" is a reserved name; choose another`,
      });
    }
  }
}

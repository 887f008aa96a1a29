/** How one agent is configured: who it is, and which program plays its part. */
import { z } from 'zod';
import { Duration } from './duration.ts';
import { Name } from './name.ts';

const Environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string());

const AgentCommon = {
  title: z.string().max(40).default('').describe('How people call the agent, for example カエデ.'),
  symbol: z.string().max(8).default('🎵').describe('One character shown beside the name.'),
  roles: z.array(Name).min(1).describe('The stages this agent works on.'),
  environment: Environment.default({}).describe(
    "Added to the agent's environment; nothing else of the daemon's is inherited but PATH, HOME, LANG and the like.",
  ),
};

const CommandAgent = z.strictObject({
  ...AgentCommon,
  adapter: z.literal('command'),
  command: z
    .array(z.string())
    .min(1)
    .describe(
      'The program and its arguments; run directly, never by a shell. `{session}` in an argument becomes an id of our making for the conversation.',
    ),
  resume: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'The program and its arguments after it died in the middle of a task: with `{session}` it goes on with that conversation. Without it, `command` begins anew.',
    ),
  mode: z
    .enum(['task', 'kept'])
    .default('task')
    .describe(
      'task: started anew for each task, its exit status is the result (0 done). kept: keeps running, tasks are pasted into it, and it reports with `orchestra task done|fail|block`.',
    ),
  ready: z
    .enum(['report', 'immediately'])
    .default('immediately')
    .describe(
      'kept: whether the program says that it is ready (`orchestra task ready`) or can be fed at once.',
    ),
  accept: z
    .enum(['report', 'none'])
    .default('report')
    .describe(
      'kept: whether the program confirms a task (`orchestra task accept`); without it a swallowed Enter goes unnoticed.',
    ),
});

const SampleAgent = z.strictObject({
  ...AgentCommon,
  adapter: z.literal('sample'),
  pace: Duration.default(400).describe(
    'How long the sample agent lingers on each step, so that people can watch.',
  ),
});

/** One agent as configured. */
export const AgentConfig = z.discriminatedUnion('adapter', [CommandAgent, SampleAgent]);
export type AgentConfig = z.infer<typeof AgentConfig>;

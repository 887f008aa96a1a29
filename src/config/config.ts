/** What a user may configure: one zod schema, from which the defaults, the errors and the editors' JSON schema come. */
import { z } from 'zod';
import { AgentConfig } from './agent-config.ts';
import { checkConsistency } from './consistency.ts';
import { Duration, Interval } from './duration.ts';
import { Name } from './name.ts';
import { Route } from './route.ts';
import { Size } from './size.ts';

const defaultLabels = {
  codegen: 'status:todo',
  review: 'status:review',
  pr: 'status:ready-pr',
  deploy: 'status:deploy',
};

/** A stream that is too small holds no message; one too large is refused by every disk. */
const StreamSize = Size.refine((bytes) => bytes >= 1024 ** 2, 'this must be at least 1MB');

const retained = (days: number, megabytes: number) =>
  z
    .strictObject({
      days: z.number().min(1).max(3_650).default(days).describe('Older ones go.'),
      size: StreamSize.default(megabytes * 1024 ** 2).describe(
        'Reserved on the disk, so that it can never be used up by anything else in the store.',
      ),
    })
    .prefault({});

/** The whole configuration with every default filled in. */
export const Config = z
  .strictObject({
    name: Name.default('miyabi').describe('The name of this orchestra.'),
    node: Name.default('local').describe('The name of this machine within the orchestra.'),
    state: z
      .string()
      .optional()
      .describe(
        'The folder for everything the daemon keeps, relative to the project; otherwise one for this project below ~/.local/state/orchestra.',
      ),
    repository: z
      .string()
      .default('.')
      .describe('The git repository that the agents work on, relative to the project.'),
    tracker: z
      .strictObject({
        kind: z.literal('local').default('local'),
        folder: z
          .string()
          .default('issues')
          .describe('A folder of Markdown files with YAML front matter, relative to the project.'),
        comments: z
          .enum(['all', 'ends', 'none'])
          .default('ends')
          .describe(
            'Which results become comments on their issue. ends: a task that is done, failed or blocked; all: every try at a stage as well.',
          ),
      })
      .prefault({}),
    push: z
      .enum(['never', 'stage', 'done'])
      .default('never')
      .describe(
        "When the daemon itself pushes a task's branch to origin: after each stage that is done, or when the task is. Agents may push by themselves.",
      ),
    agents: z.record(Name, AgentConfig),
    flow: z
      .array(Name)
      .min(1)
      .default(['codegen', 'review', 'pr', 'deploy'])
      .describe('The stages of an issue, a role each.'),
    labels: z
      .record(Name, z.string())
      .default(defaultLabels)
      .describe('The label an issue carries while it waits for, or is in, a stage.'),
    routes: z
      .array(Route)
      .default([])
      .describe('The first route that fits an issue decides its flow and agents.'),
    scheduler: z
      .strictObject({
        lease: Interval.default(60_000).describe('How long an assignment holds without a renewal.'),
        maxAttempts: z.int().min(1).default(3).describe('Attempts at a stage before the task is failed.'),
        tick: Interval.default(5_000).describe('How often leases are looked at when nothing else happens.'),
      })
      .prefault({}),
    watchdog: z
      .strictObject({
        stall: Interval.default(300_000).describe(
          'No sign of life for so long, and the agent is nudged, then interrupted, then restarted.',
        ),
        step: Interval.default(60_000).describe('The time between nudge, interrupt and restart.'),
        tool: Duration.default(1_800_000).describe(
          'For so long a tool that the agent has started may run, or wait, without a sign of life.',
        ),
      })
      .prefault({}),
    restart: z
      .strictObject({
        intensity: z
          .int()
          .min(0)
          .default(5)
          .describe("Restarts of one agent's parts within the period before it is quarantined."),
        period: z.int().min(1).default(60).describe('Seconds.'),
        cooldown: Interval.default(600_000).describe(
          'How long a quarantine lasts; twice as long each time that it follows soon, up to 6 h.',
        ),
      })
      .prefault({}),
    shutdown: z
      .strictObject({
        panes: z
          .enum(['end', 'keep'])
          .default('end')
          .describe(
            'Whether the panes end with the daemon. In kept ones the agents work on: the next daemon takes them over with their tasks.',
          ),
        timeout: Duration.default(10_000).describe('How long an orderly shutdown may take.'),
      })
      .prefault({}),
    sweep: z
      .strictObject({
        interval: Interval.default(600_000).describe(
          'How often processes, panes, worktrees, branches and leases that belong to nobody are looked for.',
        ),
      })
      .prefault({}),
    processes: z
      .strictObject({
        cgroup: z
          .enum(['auto', 'off'])
          .default('auto')
          .describe(
            "auto: each agent's processes are held in a control group (Linux, cgroup2) where the system allows it, so that none escapes its agent's end.",
          ),
      })
      .prefault({}),
    nats: z
      .strictObject({
        server: z.string().optional().describe('Path of nats-server; otherwise it is found.'),
        port: z
          .int()
          .min(1)
          .max(65_535)
          .optional()
          .describe('A fixed loopback port; otherwise a free one is chosen once and kept.'),
      })
      .prefault({}),
    tmux: z
      .strictObject({
        history: z.int().min(0).max(50_000).default(5_000).describe('Lines of scrollback a pane.'),
        poll: Interval.default(100).describe('The backstop poll for dead panes.'),
      })
      .prefault({}),
    inspector: z
      .strictObject({
        port: z
          .int()
          .min(0)
          .max(65_535)
          .default(0)
          .describe(
            'The loopback port of the page that `orchestra inspect` opens; 0 is any free one, and so is one that is taken.',
          ),
        url: z
          .url({ protocol: /^https?$/, error: 'use an address that begins with https:// or http://' })
          .default('https://stately.ai/inspect')
          .describe('The Stately Inspector that the page shows when it is asked to.'),
      })
      .prefault({}),
    retention: z
      .strictObject({
        events: retained(30, 512).describe('Everything that has happened; when it is full the oldest go.'),
        transitions: retained(30, 256).describe(
          'Every transition of every machine, for `orchestra replay`; when it is full the oldest go.',
        ),
        inbox: retained(7, 256).describe('Messages to agents; when it is full new ones are refused.'),
        deadLetters: retained(30, 64).describe('Messages that could not be delivered.'),
      })
      .prefault({}),
    disk: z
      .strictObject({
        reserve: Size.optional().describe(
          "With less than this free on the state folder's disk no new work is assigned; otherwise 256MB or 2 % of the disk, whichever is less.",
        ),
      })
      .prefault({}),
    log: z
      .strictObject({
        level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
        output: z
          .int()
          .min(2)
          .max(10_000)
          .default(16)
          .describe("Megabytes of what each agent's program has printed that are kept, in two files."),
      })
      .prefault({}),
  })
  .superRefine(checkConsistency);
export type Config = z.infer<typeof Config>;

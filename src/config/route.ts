/** Which flow an issue takes and who may work on it, as configured. */
import { z } from 'zod';
import { Name } from './name.ts';

export const Route = z.strictObject({
  labels: z.array(z.string()).default([]).describe('Any of these labels; case and emoji do not matter.'),
  title: z
    .array(z.string())
    .default([])
    .describe('Any of these words in the title; case and emoji do not matter.'),
  types: z.array(z.string()).default([]).describe('Any of these issue types.'),
  flow: z
    .array(Name)
    .min(1)
    .optional()
    .describe('The stages for such an issue, instead of the default flow.'),
  agents: z.record(Name, Name).default({}).describe('For a stage, the only agent that may take it.'),
});
export type Route = z.infer<typeof Route>;

/** Orphans for whoever asks the daemon about them: `orchestra doctor`. */
import type { CommandReply, CommandRequest } from '../events/commands.ts';
import { page } from './answer-page.ts';
import { tellCleaned } from './sweeper.actor.ts';
import type { World } from './world.ts';

/** How long cleaning may take, two looks included, in ms; what is not done by then is done by the next sweep. */
const cleaningTimeout = 45_000;

export async function answerOrphans(
  world: World,
  { clean }: CommandRequest<'orphans'>,
): Promise<CommandReply<'orphans'>> {
  const sweep = world.ports.sweep.get();
  const { folder, reason } = world.ports.controlGroups.get();
  const controlGroup = { ...(folder && { folder }), ...(reason && { reason }) };
  if (!clean) return { orphans: page(await sweep.look()), cleaned: [], controlGroup };
  const { cleaned, left } = await sweep.clean(AbortSignal.timeout(cleaningTimeout));
  tellCleaned(world, cleaned);
  return { orphans: page(left), cleaned: page(cleaned), controlGroup };
}

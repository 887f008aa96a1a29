/** All actors that live now, parents before children; it shrinks with every end of one, in whichever way XState tells it. */
import { type InspectedActor, LiveActor } from './live-actor.ts';

export class LiveActors {
  /** By session id. */
  readonly #actors = new Map<string, LiveActor>();

  get size(): number {
    return this.#actors.size;
  }

  find(ref: { readonly sessionId: string }): LiveActor | undefined {
    return this.#actors.get(ref.sessionId);
  }

  /** One that was made; it need not ever start. */
  add(ref: InspectedActor): void {
    const parent = ref._parent && this.find(ref._parent);
    const actor = new LiveActor(ref, parent);
    parent?.unstarted.add(actor);
    this.#actors.set(ref.sessionId, actor);
  }

  start(actor: LiveActor): void {
    actor.isStarted = true;
    actor.parent?.unstarted.delete(actor);
  }

  /** One that has ended, and with it what it had made and not started. */
  remove(actor: LiveActor): void {
    this.forgetUnstarted(actor);
    actor.parent?.unstarted.delete(actor);
    this.#actors.delete(actor.life);
  }

  /** Children that were not started by the time their parent shows a snapshot never will be: it gave them up. */
  forgetUnstarted(actor: LiveActor): void {
    for (const child of actor.unstarted) this.remove(child);
  }

  /** Those that have started. */
  *[Symbol.iterator](): Generator<LiveActor> {
    for (const actor of this.#actors.values()) if (actor.isStarted) yield actor;
  }
}

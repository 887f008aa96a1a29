/** A viewer that keeps what it is sent, and ways to wait for it. */
import { expect, vi } from 'vitest';
import type { SnapshotMessage, Viewer, WireEvent } from '../../src/inspection/wire-event.ts';

export class KeepingViewer implements Viewer {
  readonly baselines: (readonly WireEvent[])[] = [];
  /** Since the last baseline. */
  events: WireEvent[] = [];
  slow = false;

  restart(baseline: readonly WireEvent[]): void {
    this.baselines.push(baseline);
    this.events = [];
  }

  send(events: readonly WireEvent[]): void {
    this.events.push(...events);
  }

  isSlow(): boolean {
    return this.slow;
  }

  get baseline(): readonly WireEvent[] {
    return this.baselines.at(-1) ?? [];
  }

  snapshotsOf(path: string): SnapshotMessage[] {
    return this.events.filter(
      (event): event is SnapshotMessage =>
        event.type === '@xstate.snapshot' &&
        event.orchestra.path === path &&
        event.orchestra.machine !== 'incarnation',
    );
  }
}

/** Waits for an effect; the time-out only ends what hangs. */
export const until = (effect: () => void) => vi.waitFor(effect, { timeout: 20_000 });

/** The last event that a viewer gets of what was done before. */
export async function reached(viewer: KeepingViewer, type: string): Promise<void> {
  await until(() =>
    expect(viewer.events.map((event) => 'event' in event && event.event.type)).toContain(type),
  );
}

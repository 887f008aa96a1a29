/** Whether the disk of a folder has more room than is to be kept in reserve; looks when asked, and tells when that changes. */
import { lookAtSpace, type Space } from './space.ts';

/** The reserve where none is configured: so many bytes, or that part of a small disk. */
const usualReserve = { bytes: 256 * 1024 ** 2, part: 0.02 };

/** So much more than the reserve has to be free before a full disk counts as recovered: it must not flicker. */
const recovery = 1.1;

export interface SpaceWatchOptions {
  folder: string;
  /** Bytes; undefined for the usual. Asked at each look. */
  reserve: () => number | undefined;
  onLow: (space: Space & { reserve: number }) => void;
  onRecovered: (space: Space & { reserve: number }) => void;
}

export class SpaceWatch {
  readonly #options: SpaceWatchOptions;
  #isLow = false;

  constructor(options: SpaceWatchOptions) {
    this.#options = options;
  }

  /** As of the last look. */
  get isLow(): boolean {
    return this.#isLow;
  }

  /** @throws Error when the folder is gone */
  async look(): Promise<void> {
    const { folder, reserve: configured, onLow, onRecovered } = this.#options;
    const space = await lookAtSpace(folder);
    const reserve = configured() ?? usualReserveOf(space);
    if (!this.#isLow && space.free < reserve) {
      this.#isLow = true;
      onLow({ ...space, reserve });
    } else if (this.#isLow && space.free >= reserve * recovery) {
      this.#isLow = false;
      onRecovered({ ...space, reserve });
    }
  }
}

const usualReserveOf = ({ total }: Space): number =>
  Math.min(usualReserve.bytes, Math.floor(total * usualReserve.part));

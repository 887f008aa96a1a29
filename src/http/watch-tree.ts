/** Tells a page how the supervision tree stands, whenever that has changed. */
import { briefText } from '../inspection/redaction.ts';

/** Milliseconds between two looks. */
const interval = 1_000;
/** Characters of the reason of an exit, which is free text. */
const maxReason = 1_000;
/** Fields that change by themselves while time passes. */
const passing = new Set(['uptime', 'retryIn']);

export interface TreeWatch {
  /** The tree at this moment, ready for JSON. */
  describeTree(): unknown;
  /** Takes it as JSON, without secrets. */
  tell(tree: string): void;
  /** Whether nothing should be told now; what has changed is told later. */
  isBusy(): boolean;
  failed(error: unknown): void;
}

/** Tells it at once, and then at most once an interval. Returns what ends that. */
export function watchTree({ describeTree, tell, isBusy, failed }: TreeWatch): () => void {
  let told = '';
  const look = () => {
    if (isBusy()) return;
    try {
      const tree = describeTree();
      const standing = JSON.stringify(tree, (key, value) => (passing.has(key) ? undefined : value));
      if (standing === told) return;
      told = standing;
      tell(
        JSON.stringify(tree, (key, value) =>
          key === 'reason' && value ? briefText(String(value), maxReason) : value,
        ),
      );
    } catch (error) {
      failed(error);
    }
  };
  look();
  const timer = setInterval(look, interval);
  return () => clearInterval(timer);
}

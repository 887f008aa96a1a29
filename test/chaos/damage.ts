/** What a fault itself has destroyed, said when it strikes: so much may be missing afterwards, and nothing more. */

export interface Damage {
  /** Facts with these sequences of ORCH_EVENTS at the most: from the place that was hit to the end of its block. */
  readonly facts?: { readonly from: number; readonly to: number };
  /** Tasks whose records were destroyed: history and attempts are gone, and the stage they were in may come again. */
  readonly tasks?: readonly string[];
  /** Agents whose record of handled messages was destroyed: those messages may come again. */
  readonly ledgers?: readonly string[];
}

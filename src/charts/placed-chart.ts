/** A chart with a place for everything in it, in pixels from the top left corner: all that drawing needs. */
import type { Chart } from './chart.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** An arrow, by its corners, and the place of the text beside it. */
export interface PlacedArrow {
  readonly points: readonly Point[];
  readonly label?: Rectangle;
}

export interface PlacedChart {
  readonly chart: Chart;
  readonly width: number;
  readonly height: number;
  /** By the state's id. */
  readonly states: ReadonlyMap<string, Rectangle>;
  /** By the transition's id; one for each target. */
  readonly arrows: ReadonlyMap<string, readonly PlacedArrow[]>;
  /** By the id of the compound state whose initial state the dot points at. */
  readonly initials: ReadonlyMap<string, PlacedInitial>;
}

/** The dot where a compound state begins. */
export interface PlacedInitial {
  readonly dot: Point;
  readonly arrow: PlacedArrow;
}

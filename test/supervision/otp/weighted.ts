/** Choices that fall more often on some than on others. */
import fc from 'fast-check';

/** One of the values, each so often as its weight says; a failing case shrinks towards the first. */
export function weighted<const Value>(
  ...choices: readonly (readonly [weight: number, value: Value])[]
): fc.Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** `arbitrary` in so many of a hundred cases, else `value`. */
export function sometimes<Value, Other>(
  percent: number,
  arbitrary: fc.Arbitrary<Value>,
  value: Other,
): fc.Arbitrary<Value | Other> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(value) }, { weight: percent, arbitrary });
}

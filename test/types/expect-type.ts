/** Whether two types are one and the same, `any` told apart: they are when no context can tell them apart. */
type Equals<A, B> =
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the comparison is of two generic functions
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

type ExpectType<Expected> = <Actual>(
  value: Actual,
  ...same: Equals<Actual, Expected> extends true ? [] : [never]
) => void

/** `expectType<Expected>()(value)` does not compile unless the value is of exactly that type. */
export function expectType<Expected>(): ExpectType<Expected> {
  return () => undefined
}

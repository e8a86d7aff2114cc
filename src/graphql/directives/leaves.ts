const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value

/** Applies `next` to a value, at once when it is there and later when it is promised. */
export function settle(value: unknown, next: (value: unknown) => unknown): unknown {
  return isPromise(value) ? value.then(next) : next(value)
}

/**
 * Applies `leaf` to a resolved value, or to each item of a list of `depth` levels; null stays null. It is
 * synchronous unless something in it is promised; then every promise is waited for, so that none is left
 * to reject unheard.
 */
export function mapLeaves(value: unknown, depth: number, leaf: (value: unknown) => unknown): unknown {
  if (value === null || value === undefined) return value
  if (depth === 0 && typeof value !== 'object') return leaf(value)
  if (isPromise(value)) return value.then((settled) => mapLeaves(settled, depth, leaf))
  if (depth === 0 || !isIterable(value)) return leaf(value)
  const failures: unknown[] = []
  const items = Array.from(value, (item) => {
    try {
      return mapLeaves(item, depth - 1, leaf)
    } catch (error) {
      failures.push(error)
      return null
    }
  })
  if (items.some(isPromise)) return Promise.all(items).then((settled) => finish(settled, failures))
  return finish(items, failures)
}

/** A list fails whole: what is left of it would tell which item was wrong. */
function finish(items: readonly unknown[], failures: readonly unknown[]): readonly unknown[] {
  if (failures.length > 0) throw failures[0]
  return items
}

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
  const items = Array.from(value, (item) => attempt(() => mapLeaves(item, depth - 1, leaf)))
  return items.some(isPromise) ? Promise.all(items) : items
}

function attempt(map: () => unknown): unknown {
  try {
    return map()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error('A list item failed.'))
  }
}

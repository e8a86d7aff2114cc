const maxDepth = 64
const maxNodes = 100_000

/**
 * Whether JSON keeps this value as it is: no NaN, dates, class instances, functions or holes, at most 64
 * levels and 100,000 values. A property that is `undefined` counts as absent. Walks without recursion,
 * because callers send what is in it.
 */
export function isJsonValue(root: unknown): boolean {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }]
  let nodes = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    nodes += 1
    if (nodes + pending.length > maxNodes || next.depth > maxDepth) return false
    if (isScalar(next.value)) continue
    const children = childrenOf(next.value)
    if (children === undefined || children.length > maxNodes) return false
    for (const value of children) pending.push({ value, depth: next.depth + 1 })
  }
  return true
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function childrenOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // Iterated, a hole is undefined, which is not JSON.
  if (Array.isArray(value)) return value as readonly unknown[]
  if (!isPlainObject(value)) return undefined
  return Object.values(value as Readonly<Record<string, unknown>>).filter((child) => child !== undefined)
}

// A plain object of any realm: its prototype is none, or one that has none itself.
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

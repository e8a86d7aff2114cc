/**
 * Ids as callers see them: the type's prefix, an underscore, and the row's UUID without hyphens, such as
 * `customer_0198c0de7a1b7c3d8e4f5a6b7c8d9e0f`. Opaque to callers; readable to people.
 */
const PREFIXES = {
  Customer: 'customer',
  PaymentMethod: 'paymentmethod',
  Transaction: 'transaction',
  Refund: 'refund',
  AuditEvent: 'auditevent',
  DataKey: 'datakey',
} as const

export type NodeType = keyof typeof PREFIXES

const TYPES: ReadonlyMap<string, NodeType> = new Map(
  Object.entries(PREFIXES).map(([type, prefix]) => [prefix, type as NodeType]),
)
const NODE_ID = /^([a-z]+)_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** The global id of a row. */
export function toNodeId(type: NodeType, rowId: string): string {
  return `${PREFIXES[type]}_${rowId.replaceAll('-', '')}`
}

/** The type and row of a global id; null when it is none. */
export function parseNodeId(id: string): { readonly type: NodeType; readonly rowId: string } | null {
  const [, prefix = '', ...groups] = NODE_ID.exec(id) ?? []
  const type = TYPES.get(prefix)
  return type === undefined ? null : { type, rowId: groups.join('-') }
}

/** The row of a global id of one type; null when it is none, or another type's. */
export function rowIdOf(type: NodeType, id: string): string | null {
  const parsed = parseNodeId(id)
  return parsed?.type === type ? parsed.rowId : null
}

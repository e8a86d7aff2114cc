import { describe, expect, it } from '@jest/globals'
import { parseNodeId, rowIdOf, toNodeId } from '../../src/graphql/node-id.ts'

const rowId = '0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f'

describe('a node id', () => {
  it.each([
    ['a UUID', rowId],
    ['an unknown type', `card_${rowId.replaceAll('-', '')}`],
    ['a type of Object.prototype', `constructor_${rowId.replaceAll('-', '')}`],
    ['capitals', toNodeId('Customer', rowId).toUpperCase()],
    ['a digit too few', toNodeId('Customer', rowId).slice(0, -1)],
    ['a line break at its end', `${toNodeId('Customer', rowId)}\n`],
    ['nothing', ''],
  ])('is not %s', (_, id) => {
    expect(parseNodeId(id)).toBeNull()
  })

  it('of one type is none of another', () => {
    expect(rowIdOf('Refund', toNodeId('Transaction', rowId))).toBeNull()
  })

  it('names its type and row', () => {
    expect(toNodeId('PaymentMethod', rowId)).toBe('paymentmethod_0198c0de7a1b7c3d8e4f5a6b7c8d9e0f')
    expect(parseNodeId(toNodeId('PaymentMethod', rowId))).toEqual({ type: 'PaymentMethod', rowId })
  })
})

import { describe, expect, it } from '@jest/globals'
import { pageRequest, toConnection } from '../../src/graphql/connection.ts'

const base64url = (text: string) => Buffer.from(text).toString('base64url')
const id = '0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f'

describe('a page', () => {
  it.each([0, -1, 101])('of %d records is refused', (first) => {
    expect(() => pageRequest({ first })).toThrow('`first` must be from 1 to 100.')
  })

  it.each(['', id, 'AAAA', `${base64url(id)}=`, base64url(`${id} `)])(
    'after %p is refused, since no page gave that cursor',
    (after) => {
      expect(() => pageRequest({ after })).toThrow('`after` must be a cursor')
    },
  )

  it('goes on where the last one ended', () => {
    const first = toConnection({ rows: [{ id }], hasMore: true }, pageRequest({ first: 1 }))
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    expect(pageRequest({ first: 1, after: first.pageInfo.endCursor })).toEqual({ limit: 1, after: id })
  })

  it('that is empty has no cursors', () => {
    const page = toConnection({ rows: [], hasMore: false }, pageRequest({}))
    expect(page).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })
})

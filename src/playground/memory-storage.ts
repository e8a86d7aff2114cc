import type { Storage } from '@graphiql/toolkit'
import type { TabsState } from '@graphiql/react'

/** GraphiQL's own prefix and names. */
const key = (name: string) => `graphiql:${name}`
const LAYOUT = ['theme', 'visiblePlugin', 'docExplorerFlex', 'editorFlex', 'secondaryEditorFlex'].map(key)
const HISTORY = ['queries', 'favorites'].map(key)

/**
 * What GraphiQL would keep in localStorage, kept in memory: queries and variables hold personal data, headers
 * hold tokens, and neither may stay on a disk.
 */
export function createMemoryStorage(initial: Iterable<readonly [string, string]> = []): Storage {
  const items = new Map(initial)
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
    clear: () => items.clear(),
    get length() {
      return items.size
    },
  }
}

const withoutHeaders = (history: string) =>
  JSON.stringify(JSON.parse(history, (name, value: unknown) => (name === 'headers' ? undefined : value)))

/** The tabs with what stands in the editors now, and without what belongs to an identity: headers and responses. */
function withoutIdentity({ tabs, activeTabIndex }: TabsState, query: string, variables: string): TabsState {
  const kept = tabs.map((tab, index) => ({
    ...tab,
    ...(index === activeTabIndex && { query, variables }),
    headers: null,
    response: null,
  }))
  return { activeTabIndex, tabs: kept }
}

/**
 * The storage for the next identity: the layout, the queries and the history go along; headers and responses
 * do not, since they are the previous identity's.
 *
 * @param query what stands in the editor; GraphiQL takes it up in its tabs only after a while
 */
export function carryOver(previous: Storage, tabs: TabsState, query: string, variables: string): Storage {
  const kept = new Map<string, string>()
  for (const name of [...LAYOUT, ...HISTORY]) {
    const value = previous.getItem(name)
    if (value !== null) kept.set(name, HISTORY.includes(name) ? withoutHeaders(value) : value)
  }
  kept.set(key('tabState'), JSON.stringify(withoutIdentity(tabs, query, variables)))
  kept.set(key('query'), query)
  if (variables !== '') kept.set(key('variables'), variables)
  return createMemoryStorage(kept)
}

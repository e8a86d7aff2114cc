import { pick, useGraphiQL, type TabsState } from '@graphiql/react'
import type { Identity } from './identities.ts'

/** What is being written, which goes along to the next identity. */
export interface Draft {
  readonly tabs: TabsState
  readonly query: string
  readonly variables: string
}

interface ActAsProps {
  readonly identities: readonly Identity[]
  /** Null: no one. */
  readonly role: string | null
  readonly onSwitch: (role: string | null, draft: Draft) => void
}

const NO_ONE = ''

/** Shows whom the Playground acts as, and switches to someone else. */
export function ActAs({ identities, role, onSwitch }: ActAsProps) {
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'queryEditor', 'variableEditor'),
  )
  if (identities.length === 0) {
    return <span className="act-as">Put your Authorization header below, under Headers.</span>
  }
  const switchTo = (chosen: string) => {
    const query = queryEditor?.getValue() ?? ''
    const variables = variableEditor?.getValue() ?? ''
    onSwitch(chosen === NO_ONE ? null : chosen, { tabs: { tabs, activeTabIndex }, query, variables })
  }
  return (
    <label className="act-as">
      Act as
      <select value={role ?? NO_ONE} onChange={(event) => switchTo(event.currentTarget.value)}>
        {identities.map((identity) => (
          <option key={identity.role} value={identity.role}>
            {identity.role} · {identity.label}
          </option>
        ))}
        <option value={NO_ONE}>no one · your own Authorization header, or none</option>
      </select>
    </label>
  )
}

import type { Storage } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { useState } from 'react'
import { ActAs, type Draft } from './act-as.tsx'
import defaultQuery from './default-query.graphql?raw'
import type { Identity } from './identities.ts'
import { carryOver, createMemoryStorage } from './memory-storage.ts'
import { createSession, type Session } from './session.ts'

interface Acting {
  /** Grows with each switch. */
  readonly turn: number
  readonly session: Session
  readonly storage: Storage
}

/**
 * GraphiQL, acting as one identity at a time. A switch ends the session, which aborts its requests, and makes
 * a new GraphiQL: responses, headers and the schema of the previous identity go with the old one.
 */
export function Playground({ identities }: { readonly identities: readonly Identity[] }) {
  const [{ turn, session, storage }, setActing] = useState<Acting>(() => ({
    turn: 0,
    session: createSession(identities[0]?.role ?? null),
    storage: createMemoryStorage(),
  }))
  const switchTo = (role: string | null, { tabs, query, variables }: Draft) => {
    session.end()
    setActing({
      turn: turn + 1,
      session: createSession(role),
      storage: carryOver(storage, tabs, query, variables),
    })
  }
  return (
    <GraphiQL
      key={turn}
      fetcher={session.fetcher}
      storage={storage}
      shouldPersistHeaders={false}
      defaultQuery={defaultQuery}
      defaultEditorToolsVisibility={identities.length === 0 ? 'headers' : true}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <ActAs identities={identities} role={session.role} onSwitch={switchTo} />
      </GraphiQL.Logo>
    </GraphiQL>
  )
}

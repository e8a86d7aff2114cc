/**
 * Executes a query of 1,000 objects with 8 fields, 3 of them protected, without HTTP.
 *
 * Baseline: Apollo Server as it comes (cache control on), an unprotected schema over plain values,
 * `executeOperation`.
 * Ours: the executor of src/server with its settings, a caller who sees three masks. Once the masks are made from
 * plain values, as the peers of design.md §9 do; and once more from sealed ones, with 3,000 decryptions and an audit
 * entry each, which no baseline does.
 */
import { ApolloServer } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import type { Principal } from '../../src/domain/principal.ts'
import { createDocuments } from '../../src/server/documents.ts'
import { startExecutor } from '../../src/server/executor.ts'
import { LIMITS } from '../server/test-server.ts'
import { createKeys } from './keys.ts'
import { measureInTurn, timeWork, type Effort } from './measure.ts'
import { makePeople } from './people.ts'
import { bareSchema, maskedSchema, personContext, sealedSchema, type PersonContext } from './person-schema.ts'
import { atMost, type Row } from './table.ts'

const QUERY = '{ people { id company country points since email phoneNumber lastName } }'
const CALLER: Principal = { id: 'bench', roles: new Set(['SUPPORT']), customerId: null }

interface Engine {
  run(): Promise<void>
  stop(): Promise<void>
}

function requireAnswer(errors: readonly unknown[] | undefined, data: object | null | undefined): void {
  if ((errors?.length ?? 0) > 0 || data == null) throw new Error('The query failed.', { cause: errors?.[0] })
}

async function startApollo(schema: GraphQLSchema): Promise<Engine> {
  const apollo = new ApolloServer({ schema })
  await apollo.start()
  return {
    async run() {
      const { body } = await apollo.executeOperation({ query: QUERY })
      if (body.kind !== 'single') throw new Error('Not one answer.')
      requireAnswer(body.singleResult.errors, body.singleResult.data)
    },
    stop: () => apollo.stop(),
  }
}

async function startOurs(schema: GraphQLSchema): Promise<Engine> {
  const limits = { ...LIMITS, cost: 1_000_000 }
  const documents = createDocuments({
    schema,
    limits,
    hideSuggestions: true,
    containsCardNumber: () => false,
  })
  documents.prepare(QUERY)
  const onFault = (error: Error) => {
    throw error
  }
  const executor = await startExecutor<PersonContext>({ schema, documents, limits, onFault })
  const request = { source: QUERY, operationName: null, variables: {} }
  return {
    async run() {
      const { errors, data } = await executor.execute(request, personContext(CALLER))
      requireAnswer(errors, data)
    },
    stop: () => executor.stop(),
  }
}

export async function benchThousandObjects({ rounds }: Effort): Promise<Row[]> {
  const people = makePeople()
  const cipher = (await createKeys()).openCipher()
  const apollo = await startApollo(bareSchema(people))
  const masked = await startOurs(maskedSchema(people))
  const sealed = await startOurs(await sealedSchema(people, cipher, cipher))
  const sample = (engine: Engine) =>
    timeWork(
      () => engine.run(),
      () => undefined,
    )
  const taken = await measureInTurn(rounds * 2, {
    apollo: sample(apollo),
    masked: sample(masked),
    sealed: sample(sealed),
  })
  for (const engine of [apollo, masked, sealed]) await engine.stop()
  const shared = {
    against: 'Apollo Server, unprotected',
    unit: 'ms',
    baseline: taken.apollo,
    limitOf: 'RATIO',
  } as const
  return [
    { what: '1,000 objects x 8 fields, 3 masked', ours: taken.masked, limit: atMost(0.6), ...shared },
    { what: 'the same, 3 sealed and masked', ours: taken.sealed, limit: null, ...shared },
  ]
}

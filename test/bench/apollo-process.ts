/** The baseline: Apollo's standalone server as it comes, unprotected, over plain values in memory. */
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { makePeople } from './people.ts'
import { personBodies } from './person-bodies.ts'
import { bareSchema } from './person-schema.ts'
import { serveParent } from './processes.ts'

const people = makePeople()
const server = new ApolloServer({ schema: bareSchema(people) })
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } })
serveParent({ url, headers: {}, bodies: personBodies(people) }, () => 0)

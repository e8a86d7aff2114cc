import './monaco-workers.ts'
import 'graphiql/style.css'
import './playground.css'
import { createRoot } from 'react-dom/client'
import { fetchIdentities } from './identities.ts'
import { Playground } from './playground.tsx'

const root = document.getElementById('playground')
if (root === null) throw new Error('The page has no place for the Playground.')
createRoot(root).render(<Playground identities={await fetchIdentities()} />)

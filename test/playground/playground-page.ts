/** A person at the Playground. */
import type { Browser, BrowserContext, Page } from 'playwright-core'

const RUN = 'button[aria-label^="Execute query"]'

/** Notes each refusal of the policy before any script of the page runs. */
const WATCH_POLICY = `
  window.refused = []
  document.addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective + ' ' + event.blockedURI))
`

export interface PlaygroundPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Everything that was asked of any origin. */
  readonly asked: string[]
  /** Errors and warnings, from the page and its console. */
  readonly complaints: string[]
  /** What the policy refused. */
  readonly refused: () => Promise<string[]>
  readonly actAs: (role: string) => Promise<void>
  readonly actingAs: () => Promise<string>
  readonly write: (
    editor: 'operation.graphql' | 'variables.json' | 'request-headers.json',
    text: string,
  ) => Promise<void>
  readonly run: () => Promise<void>
  /** What stands in one of the editors. */
  readonly read: (editor: string) => Promise<string>
  /** Waits until the response has a text in it. */
  readonly seesInResponse: (text: string) => Promise<void>
}

/**
 * Asks again until it is so. Playwright's own waiting evaluates in the page, which the policy refuses; the
 * test's time limit ends it.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

export async function openPlayground(browser: Browser, origin: string): Promise<PlaygroundPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  const asked: string[] = []
  const complaints: string[] = []
  context.on('request', (request) => asked.push(request.url()))
  await context.addInitScript(WATCH_POLICY)
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    // Monaco's own word for work that it drops when its editor goes.
    if (String(error) !== 'Canceled: Canceled') complaints.push(String(error))
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(`${origin}/graphql`)
  await page.waitForSelector('.graphiql-query-editor .view-lines')
  const model = (editor: string) =>
    `__MONACO.editor.getModels().find((model) => model.uri.path.endsWith('${editor}'))`
  const read = (editor: string) => page.evaluate<string>(`${model(editor)}?.getValue() ?? ''`)
  return {
    page,
    context,
    asked,
    complaints,
    read,
    refused: () => page.evaluate<string[]>('window.refused'),
    actAs: async (role) => {
      await page.selectOption('.act-as select', role)
      await page.waitForSelector('.graphiql-query-editor .view-lines')
      await until(() => page.evaluate<boolean>(`${model('response.json')} !== undefined`))
    },
    actingAs: () =>
      page.evaluate<string>(`document.querySelector('.act-as select').selectedOptions[0].textContent`),
    write: (editor, text) => page.evaluate(`void ${model(editor)}.setValue(${JSON.stringify(text)})`),
    run: () => page.click(RUN),
    seesInResponse: (text) => until(async () => (await read('response.json')).includes(text)),
  }
}

import base from './jest.config.js'

/** What needs a browser, and so is not part of `npm test`: see CONTRIBUTING.md. */
export default {
  ...base,
  testMatch: ['**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
}
